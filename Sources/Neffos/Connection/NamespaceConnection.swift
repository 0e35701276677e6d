public import NIOCore
import NeffosSession
public import NeffosWire

/// A connection in one of its namespaces: what a handler is given, and what `connect(to:)` returns.
public struct NamespaceConnection: Sendable {
    public let connection: Connection
    public let namespace: String
    /// The room a system event is about, else empty.
    public let room: String
    /// Whether the local side fired the system event.
    public let isLocal: Bool
    /// Whether nobody asked for it: the connection went away, or the namespace was left with rooms joined.
    public let isForced: Bool

    init(connection: Connection, namespace: String) {
        self.connection = connection
        self.namespace = namespace
        self.room = ""
        self.isLocal = false
        self.isForced = false
    }

    init(connection: Connection, call: HandlerCall) {
        self.connection = connection
        self.namespace = call.namespace
        self.room = call.room
        self.isLocal = call.isLocal
        self.isForced = call.isForced
    }

    /// Sends an event that expects no reply.
    public func emit(_ event: String, to room: String = "", _ body: ByteBuffer, isBinary: Bool = false) {
        connection.emit(Message(namespace: namespace, room: room, event: event, isBinary: isBinary, body: body))
    }

    public func emit(_ event: String, to room: String = "", _ text: String) { emit(event, to: room, ByteBuffer(string: text)) }

    /// Sends an event and waits for its reply.
    ///
    /// - Throws: ``NeffosError``: what the other side replied, `write closed` or `timeout`.
    public func ask(
        _ event: String, in room: String = "", _ body: ByteBuffer, isBinary: Bool = false,
        within deadline: Duration = Connection.answerWithin
    ) async throws -> Message {
        let message = Message(namespace: namespace, room: room, event: event, isBinary: isBinary, body: body)
        return try await connection.ask(message, within: deadline)
    }

    public func ask(
        _ event: String, in room: String = "", _ text: String, within deadline: Duration = Connection.answerWithin
    ) async throws -> Message {
        try await ask(event, in: room, ByteBuffer(string: text), within: deadline)
    }

    public func join(_ room: String, within deadline: Duration = Connection.answerWithin) async throws {
        try await connection.join(room, in: namespace, within: deadline)
    }

    public func leave(_ room: String, within deadline: Duration = Connection.answerWithin) async throws {
        try await connection.leave(room, in: namespace, within: deadline)
    }

    public func disconnect(within deadline: Duration = Connection.answerWithin) async throws {
        try await connection.disconnect(from: namespace, within: deadline)
    }
}
