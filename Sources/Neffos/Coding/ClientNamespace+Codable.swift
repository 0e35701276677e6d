import NeffosWire

/// Values as bodies, by the ``EventHandlers/coder`` of the client's handlers.
extension ClientNamespace {
    /// Sends an event whose body is a value, and expects no reply.
    ///
    /// - Returns: false where it was refused because the client is away: not connected, or not back in this namespace yet.
    /// - Throws: ``MessageBodyError``; then nothing is sent.
    @_disfavoredOverload
    @discardableResult
    public func emit(_ event: String, to room: String = "", _ value: some Encodable) throws -> Bool {
        guard let connection = client.connection else { return false }
        return client.emit(
            try Message(namespace: namespace, room: room, event: event, value: value, coder: connection.endpoint.coder))
    }

    /// Sends an event whose body is a value, and gives the reply as a value. Throws like
    /// ``NamespaceConnection/ask(_:in:_:as:within:)``, and `write closed` where there is no connection.
    public func ask<Answer: Decodable>(
        _ event: String, in room: String = "", _ value: some Encodable, as answer: Answer.Type = Answer.self,
        within deadline: Duration? = nil
    ) async throws -> Answer {
        guard let connection = client.connection else { throw NeffosError(.writeClosed) }
        let subject = NamespaceConnection(connection: connection, namespace: namespace)
        return try await subject.ask(event, in: room, value, as: answer, within: deadline ?? client.answerWithin)
    }
}
