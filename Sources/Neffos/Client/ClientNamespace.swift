public import NIOCore
public import NeffosWire

/// A namespace that a ``Client`` has connected to. It stays valid when the client comes back after a drop, and then speaks over the new
/// connection.
public struct ClientNamespace: Sendable {
    /// The client that is, or comes back, in this namespace.
    public let client: Client
    /// Its name.
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

    /// Sends an event whose body is a text, in a text frame. Returns like ``emit(_:to:_:isBinary:)``.
    @discardableResult
    public func emit(_ event: String, to room: String = "", _ text: String) -> Bool { emit(event, to: room, ByteBuffer(string: text)) }

    /// Sends an event and waits for its reply.
    ///
    /// - Parameters:
    ///   - event: its name.
    ///   - room: the room that it is sent in; empty: the namespace.
    ///   - body: the rest of the frame.
    ///   - isBinary: whether it travels in a binary frame, as a body that is no UTF-8 must.
    ///   - deadline: how long the answer may take; nil: as long as ``ClientConfiguration/answerWithin`` says.
    /// - Throws: ``NeffosError``: what the other side replied, `write closed` where there is no connection or it is lost, or `timeout`.
    public func ask(
        _ event: String, in room: String = "", _ body: ByteBuffer, isBinary: Bool = false,
        within deadline: Duration? = nil
    ) async throws -> Message {
        let message = Message(namespace: namespace, room: room, event: event, isBinary: isBinary, body: body)
        return try await client.ask(message, within: deadline)
    }

    /// Sends an event whose body is a text, in a text frame, and waits for its reply. Throws like ``ask(_:in:_:isBinary:within:)``.
    public func ask(
        _ event: String, in room: String = "", _ text: String, within deadline: Duration? = nil
    ) async throws -> Message {
        try await ask(event, in: room, ByteBuffer(string: text), within: deadline)
    }

    // MARK: Rooms

    /// The rooms it is in, or, while the client is away, that it comes back to; in the order of joining.
    public var rooms: [String] {
        get async { await client.rooms(in: namespace) }
    }

    /// A room of this namespace, joined or not.
    public func room(_ name: String) -> ClientRoom { ClientRoom(namespace: self, name: name) }

    /// Joins a room; the client comes back to it after a drop. Throws like ``ask(_:in:_:isBinary:within:)``.
    ///
    /// - Returns: the room, valid over all returns of the client.
    @discardableResult
    public func join(_ room: String, within deadline: Duration? = nil) async throws -> ClientRoom {
        guard let connection = client.connection else { throw NeffosError(.writeClosed) }
        try await connection.join(room, in: namespace, within: deadline ?? client.answerWithin)
        return ClientRoom(namespace: self, name: room)
    }

    /// Leaves a room, for good: the client does not come back to it. While there is no connection that is all there is to do.
    public func leave(_ room: String, within deadline: Duration? = nil) async throws {
        try await client.leave(room, in: namespace, within: deadline)
    }

    /// Leaves all rooms, one after the other, for good.
    ///
    /// - Throws: what the first that could not be left threw; the others are left all the same. See ``leave(_:within:)``.
    public func leaveAll(within deadline: Duration? = nil) async throws {
        var failure: (any Error)?
        for room in await rooms {
            do { try await leave(room, within: deadline) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    // MARK: Leaving

    /// Leaves the namespace with all its rooms, for good, as ``Client/disconnect(from:within:)`` does.
    public func disconnect(within deadline: Duration? = nil) async throws {
        try await client.disconnect(from: namespace, within: deadline)
    }
}
