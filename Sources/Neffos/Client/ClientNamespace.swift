public import NIOCore
public import NeffosWire

/// A namespace that a ``Client`` has connected to. It stays valid when the client comes back after a drop, and then speaks over the new
/// connection.
public struct ClientNamespace: Sendable {
    public let client: Client
    public let namespace: String

    init(client: Client, namespace: String) {
        self.client = client
        self.namespace = namespace
    }

    /// Sends an event that expects no reply.
    ///
    /// - Returns: false where it was refused because the client is away: not connected, or not back in this namespace yet.
    @discardableResult
    public func emit(_ event: String, to room: String = "", _ body: ByteBuffer, isBinary: Bool = false) -> Bool {
        client.emit(Message(namespace: namespace, room: room, event: event, isBinary: isBinary, body: body))
    }

    @discardableResult
    public func emit(_ event: String, to room: String = "", _ text: String) -> Bool { emit(event, to: room, ByteBuffer(string: text)) }

    /// Sends an event and waits for its reply.
    ///
    /// - Throws: ``NeffosError``: what the other side replied, `write closed` where there is no connection or it is lost, or `timeout`.
    public func ask(
        _ event: String, in room: String = "", _ body: ByteBuffer, isBinary: Bool = false,
        within deadline: Duration = Connection.answerWithin
    ) async throws -> Message {
        let message = Message(namespace: namespace, room: room, event: event, isBinary: isBinary, body: body)
        return try await client.ask(message, within: deadline)
    }

    public func ask(
        _ event: String, in room: String = "", _ text: String, within deadline: Duration = Connection.answerWithin
    ) async throws -> Message {
        try await ask(event, in: room, ByteBuffer(string: text), within: deadline)
    }

    /// Joins a room; the client comes back to it after a drop. Throws like ``ask(_:in:_:isBinary:within:)``.
    public func join(_ room: String, within deadline: Duration = Connection.answerWithin) async throws {
        guard let connection = client.connection else { throw NeffosError(.writeClosed) }
        try await connection.join(room, in: namespace, within: deadline)
    }

    /// Leaves a room, for good: the client does not come back to it. While there is no connection that is all there is to do.
    public func leave(_ room: String, within deadline: Duration = Connection.answerWithin) async throws {
        try await client.leave(room, in: namespace, within: deadline)
    }

    /// Leaves the namespace with all its rooms, for good, as ``Client/disconnect(from:within:)`` does.
    public func disconnect(within deadline: Duration = Connection.answerWithin) async throws {
        try await client.disconnect(from: namespace, within: deadline)
    }
}
