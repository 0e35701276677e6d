import NIOCore
public import NeffosWire

extension Message {
    /// A message whose body is a value.
    ///
    /// - Throws: ``MessageBodyError``.
    public init(
        namespace: String, room: String = "", event: String, value: some Encodable, coder: some MessageCoder = JSONMessageCoder()
    ) throws {
        let (body, isBinary) = try coder.body(of: value)
        self.init(namespace: namespace, room: room, event: event, isBinary: isBinary, body: body)
    }

    /// The body as a value. ``NamespaceConnection/decode(_:from:)`` uses the ``EventHandlers/coder`` instead.
    ///
    /// - Throws: ``MessageBodyError``; a handler that throws it on answers `invalid payload`.
    public func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, coder: some MessageCoder = JSONMessageCoder()
    ) throws -> Value {
        try coder.value(type, of: body)
    }
}
