public import NeffosWire

/// Values as bodies, by the ``EventHandlers/coder`` of the server or client. A `String` or `ByteBuffer` is a body as it is, not a value, but
/// where `as:` is asked for.
extension NamespaceConnection {
    /// What turns values into bodies here: the ``EventHandlers/coder`` of the server or client.
    public var coder: any MessageCoder { connection.endpoint.coder }

    /// The body of `message` as a value.
    ///
    /// - Throws: ``MessageBodyError``; a handler that throws it on answers `invalid payload`.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self, from message: Message) throws -> Value {
        try coder.value(type, of: message.body)
    }

    /// The reply whose body is a value.
    ///
    /// - Throws: ``MessageBodyError``.
    public func reply(_ value: some Encodable) throws -> Reply { try .value(value, coder: coder) }

    /// Sends an event whose body is a value, and expects no reply.
    ///
    /// - Throws: ``MessageBodyError``; then nothing is sent.
    @_disfavoredOverload
    public func emit(_ event: String, to room: String = "", _ value: some Encodable) throws {
        connection.emit(try message(event, room, value))
    }

    /// Sends an event whose body is a value, and gives the reply as a value.
    ///
    /// - Throws: ``NeffosError`` or a ``KnownError``: what the other side replied, `write closed` or `timeout`; ``MessageBodyError`` where a
    ///   body is not what it should be; `CancellationError`.
    public func ask<Answer: Decodable>(
        _ event: String, in room: String = "", _ value: some Encodable, as answer: Answer.Type = Answer.self,
        within deadline: Duration = Connection.answerWithin
    ) async throws -> Answer {
        let reply = try await connection.ask(message(event, room, value), within: deadline)
        return try decode(answer, from: reply)
    }

    /// Sends an event whose body is a value to all members of `room`, or of the namespace where it names none. On a client nothing is sent.
    ///
    /// - Throws: ``MessageBodyError``; then nothing is sent.
    @_disfavoredOverload
    public func broadcast(_ event: String, to room: String = "", _ value: some Encodable, toSender: Bool = true) throws {
        connection.broadcast(try message(event, room, value), toSender: toSender)
    }

    private func message(_ event: String, _ room: String, _ value: some Encodable) throws -> Message {
        try Message(namespace: namespace, room: room, event: event, value: value, coder: coder)
    }
}
