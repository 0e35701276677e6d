public import NIOCore

/// Turns values into the bodies of messages and back. ``JSONMessageCoder`` is the default; set another as ``EventHandlers/coder``.
///
/// It is not used unless a call takes or gives a value, and it is called on event loops: it must not block.
public protocol MessageCoder: Sendable {
    /// Whether what it writes is no UTF-8 text, and travels in binary frames therefore.
    var isBinary: Bool { get }

    /// The body that stands for `value`.
    func encode<Value: Encodable>(_ value: Value) throws -> ByteBuffer

    /// The value that `body` stands for. Bodies come from the other side: anything may be in them.
    func decode<Value: Decodable>(_ type: Value.Type, from body: ByteBuffer) throws -> Value
}

extension MessageCoder {
    /// The body of a value, in the value's own form where it has one, and whether that is binary.
    func body<Value: Encodable>(of value: Value) throws -> (body: ByteBuffer, isBinary: Bool) {
        do {
            if let own = value as? any MessageBody { return (try own.makeBody(), type(of: own).isBinary) }
            return (try encode(value), isBinary)
        } catch {
            throw MessageBodyError(step: .encoding, type: String(describing: Value.self), underlying: error)
        }
    }

    /// The value of a body, by the value's own form where it has one.
    func value<Value: Decodable>(_ type: Value.Type, of body: ByteBuffer) throws -> Value {
        do {
            if let own = type as? any MessageBody.Type, let value = try own.init(body: body) as? Value { return value }
            return try decode(type, from: body)
        } catch {
            throw MessageBodyError(step: .decoding, type: String(describing: Value.self), underlying: error)
        }
    }
}
