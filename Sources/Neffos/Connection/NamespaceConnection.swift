public import NIOCore
import NeffosSession
public import NeffosWire

/// A connection in one of its namespaces: what a handler is given, and what `connect(to:)` returns.
public struct NamespaceConnection: Sendable {
    /// The connection.
    public let connection: Connection
    /// The name of the namespace.
    public let namespace: String
    /// In a handler: the room that the event is about, empty where it is about the whole namespace. Elsewhere empty.
    public let room: String
    /// In a handler of a ``LifecycleEvent``: whether the local side fired it.
    public let isLocal: Bool
    /// In a handler of a ``LifecycleEvent``: whether nobody asked for it: the connection went away, or the namespace was left with rooms
    /// joined.
    public let isForced: Bool

    init(connection: Connection, namespace: String, room: String = "") {
        self.connection = connection
        self.namespace = namespace
        self.room = room
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

    // MARK: Messages

    /// Sends an event that expects no reply.
    public func emit(_ event: String, to room: String = "", _ body: ByteBuffer, isBinary: Bool = false) {
        connection.emit(Message(namespace: namespace, room: room, event: event, isBinary: isBinary, body: body))
    }

    /// Sends an event whose body is a text, in a text frame, and expects no reply.
    public func emit(_ event: String, to room: String = "", _ text: String) { emit(event, to: room, ByteBuffer(string: text)) }

    /// Sends an event and waits for its reply.
    ///
    /// - Throws: ``NeffosError`` or a ``KnownError``: what the other side replied, `write closed` or `timeout`; `CancellationError`.
    public func ask(
        _ event: String, in room: String = "", _ body: ByteBuffer, isBinary: Bool = false,
        within deadline: Duration = Connection.answerWithin
    ) async throws -> Message {
        let message = Message(namespace: namespace, room: room, event: event, isBinary: isBinary, body: body)
        return try await connection.ask(message, within: deadline)
    }

    /// Sends an event whose body is a text, in a text frame, and waits for its reply. Throws like ``ask(_:in:_:isBinary:within:)``.
    public func ask(
        _ event: String, in room: String = "", _ text: String, within deadline: Duration = Connection.answerWithin
    ) async throws -> Message {
        try await ask(event, in: room, ByteBuffer(string: text), within: deadline)
    }

    /// Sends an event to all members of `room`, or of the namespace where it names none, on whatever connection they are. On a client
    /// nothing is sent: a client reaches others through what the server relays.
    ///
    /// - Parameters:
    ///   - event: its name.
    ///   - room: the room whose members get it; empty: those of the namespace.
    ///   - body: the rest of the frame.
    ///   - isBinary: whether it travels in a binary frame, as a body that is no UTF-8 must.
    ///   - toSender: whether this connection gets it too.
    public func broadcast(_ event: String, to room: String = "", _ body: ByteBuffer, isBinary: Bool = false, toSender: Bool = true) {
        let message = Message(namespace: namespace, room: room, event: event, isBinary: isBinary, body: body)
        connection.broadcast(message, toSender: toSender)
    }

    /// Sends an event whose body is a text to all members of `room`, or of the namespace where it names none. On a client nothing is sent.
    public func broadcast(_ event: String, to room: String = "", _ text: String, toSender: Bool = true) {
        broadcast(event, to: room, ByteBuffer(string: text), toSender: toSender)
    }

    /// The error that a message carries (`isError`): a ``KnownError`` where its text is one's, else a ``NeffosError``; nil where it is none.
    public func error(in message: Message) -> (any Error)? {
        message.isError ? connection.endpoint.errors.error(for: message.text) : nil
    }

    // MARK: Rooms

    /// The room `name` here, whether it is joined or not.
    public func room(_ name: String) -> Room {
        Room(namespaceConnection: NamespaceConnection(connection: connection, namespace: namespace), name: name)
    }

    /// The rooms that the connection is in here, in order of joining; none once the namespace is left.
    public var rooms: [Room] {
        get async { await connection.rooms(in: namespace).map(room) }
    }

    /// Whether the connection is in `room` now.
    public func isJoined(_ room: String) async -> Bool {
        await connection.read { $0.machine.isJoined(namespace, room) }
    }

    /// Joins a room.
    ///
    /// - Throws: ``NeffosError`` or a ``KnownError``: why the other side refused, `limit reached`, `write closed` or `timeout`;
    ///   `CancellationError`.
    @discardableResult
    public func join(_ room: String, within deadline: Duration = Connection.answerWithin) async throws -> Room {
        try await connection.join(room, in: namespace, within: deadline)
        return self.room(room)
    }

    /// Leaves a room. Throws like ``join(_:within:)``; `bad room` where it was not joined.
    public func leave(_ room: String, within deadline: Duration = Connection.answerWithin) async throws {
        try await connection.leave(room, in: namespace, within: deadline)
    }

    /// Leaves all rooms, one after another in order of joining. One that is refused does not keep it from the others.
    ///
    /// - Parameter deadline: how long each answer may take.
    /// - Throws: what the first that could not be left threw, after all were tried.
    public func leaveAll(within deadline: Duration = Connection.answerWithin) async throws {
        var first: (any Error)?
        for room in await rooms {
            do {
                try await room.leave(within: deadline)
            } catch let error as NeffosError where error.code == .badRoom {
                // It was left in another way meanwhile.
            } catch {
                first = first ?? error
            }
        }
        if let first { throw first }
    }

    /// Leaves the namespace with all its rooms. Throws like ``join(_:within:)``.
    public func disconnect(within deadline: Duration = Connection.answerWithin) async throws {
        try await connection.disconnect(from: namespace, within: deadline)
    }
}
