public import NIOCore

/// A type with a form of its own as a message's body, which goes before any ``MessageCoder``.
///
/// It may be `Codable` in its own right for other purposes. A type that is not, such as one generated for Protocol Buffers, conforms to
/// ``CodableMessageBody``:
///
/// ```swift
/// extension Vote: CodableMessageBody {
///     init(body: ByteBuffer) throws { try self.init(serializedBytes: Array(buffer: body)) }
///     func makeBody() throws -> ByteBuffer { ByteBuffer(bytes: try serializedBytes() as [UInt8]) }
/// }
/// ```
public protocol MessageBody {
    /// Reads a body that came from the other side: anything may be in it.
    init(body: ByteBuffer) throws
    /// The body to send.
    func makeBody() throws -> ByteBuffer
    /// Whether bodies are no UTF-8 text, and travel in binary frames therefore; true unless a type says otherwise.
    static var isBinary: Bool { get }
}

extension MessageBody {
    /// Binary, unless a type says otherwise.
    public static var isBinary: Bool { true }
}

/// A ``MessageBody`` that is not `Codable` otherwise: inside other values it is coded as the bytes of its body.
public protocol CodableMessageBody: MessageBody, Codable {}

extension CodableMessageBody {
    /// The value whose body these bytes are.
    public init(from decoder: any Decoder) throws {
        try self.init(body: ByteBuffer(bytes: decoder.singleValueContainer().decode([UInt8].self)))
    }

    /// The bytes of the body.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Array(buffer: makeBody()))
    }
}
