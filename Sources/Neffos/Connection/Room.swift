public import NIOCore
public import NeffosWire

/// A connection in a room of one of its namespaces.
///
/// It is a name and remembers nothing: the connection may leave the room, or not be in it yet. What is sent to a room that the connection is
/// not in is answered with `bad room` by the other side.
public struct Room: Sendable {
    /// The connection in the room's namespace.
    public let namespaceConnection: NamespaceConnection
    /// The room's name.
    public let name: String

    /// Sends an event to the other side, in this room, and expects no reply.
    public func emit(_ event: String, _ body: ByteBuffer, isBinary: Bool = false) {
        namespaceConnection.emit(event, to: name, body, isBinary: isBinary)
    }

    /// Sends an event whose body is a text, in a text frame, and expects no reply.
    public func emit(_ event: String, _ text: String) { namespaceConnection.emit(event, to: name, text) }

    /// Sends an event whose body is a value.
    ///
    /// - Throws: ``MessageBodyError``; then nothing is sent.
    @_disfavoredOverload
    public func emit(_ event: String, _ value: some Encodable) throws { try namespaceConnection.emit(event, to: name, value) }

    /// Sends an event in this room and waits for its reply. Throws like ``NamespaceConnection/ask(_:in:_:isBinary:within:)``.
    public func ask(
        _ event: String, _ body: ByteBuffer, isBinary: Bool = false, within deadline: Duration = Connection.answerWithin
    ) async throws -> Message {
        try await namespaceConnection.ask(event, in: name, body, isBinary: isBinary, within: deadline)
    }

    /// Sends an event whose body is a text, in a text frame, and waits for its reply. Throws like
    /// ``NamespaceConnection/ask(_:in:_:isBinary:within:)``.
    public func ask(_ event: String, _ text: String, within deadline: Duration = Connection.answerWithin) async throws -> Message {
        try await namespaceConnection.ask(event, in: name, text, within: deadline)
    }

    /// Sends an event whose body is a value, and gives the reply as a value. Throws like ``NamespaceConnection/ask(_:in:_:as:within:)``.
    public func ask<Answer: Decodable>(
        _ event: String, _ value: some Encodable, as answer: Answer.Type = Answer.self, within deadline: Duration = Connection.answerWithin
    ) async throws -> Answer {
        try await namespaceConnection.ask(event, in: name, value, as: answer, within: deadline)
    }

    /// Sends an event to all members of the room, or to all but this connection. On a client nothing is sent.
    public func broadcast(_ event: String, _ body: ByteBuffer, isBinary: Bool = false, toSender: Bool = true) {
        namespaceConnection.broadcast(event, to: name, body, isBinary: isBinary, toSender: toSender)
    }

    /// Sends an event whose body is a text to all members of the room, or to all but this connection. On a client nothing is sent.
    public func broadcast(_ event: String, _ text: String, toSender: Bool = true) {
        namespaceConnection.broadcast(event, to: name, text, toSender: toSender)
    }

    /// Sends an event whose body is a value to all members of the room, or to all but this connection. On a client nothing is sent.
    ///
    /// - Throws: ``MessageBodyError``; then nothing is sent.
    @_disfavoredOverload
    public func broadcast(_ event: String, _ value: some Encodable, toSender: Bool = true) throws {
        try namespaceConnection.broadcast(event, to: name, value, toSender: toSender)
    }

    /// Leaves the room. Throws like ``NamespaceConnection/leave(_:within:)``.
    public func leave(within deadline: Duration = Connection.answerWithin) async throws {
        try await namespaceConnection.leave(name, within: deadline)
    }

    /// Whether the connection is in the room now.
    public var isJoined: Bool { get async { await namespaceConnection.isJoined(name) } }
}

extension Connection {
    /// The room `name` of `namespace`, whether it is joined or not.
    public func room(_ name: String, in namespace: String) -> Room {
        NamespaceConnection(connection: self, namespace: namespace).room(name)
    }
}
