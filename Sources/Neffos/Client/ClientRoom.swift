public import NIOCore
import NeffosWire

/// A room of a ``ClientNamespace``. It stays valid when the client comes back after a drop, and while it is not joined.
public struct ClientRoom: Sendable {
    /// The namespace that it is a room of.
    public let namespace: ClientNamespace
    /// Its name.
    public let name: String

    init(namespace: ClientNamespace, name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// Sends an event to the room that expects no reply. Returns like ``ClientNamespace/emit(_:to:_:isBinary:)``.
    @discardableResult
    public func emit(_ event: String, _ body: ByteBuffer, isBinary: Bool = false) -> Bool {
        namespace.emit(event, to: name, body, isBinary: isBinary)
    }

    /// Sends an event whose body is a text, in a text frame. Returns like ``emit(_:_:isBinary:)``.
    @discardableResult
    public func emit(_ event: String, _ text: String) -> Bool { namespace.emit(event, to: name, text) }

    /// Sends an event to the room and waits for its reply. Throws like ``ClientNamespace/ask(_:in:_:isBinary:within:)``.
    public func ask(_ event: String, _ body: ByteBuffer, isBinary: Bool = false, within deadline: Duration? = nil) async throws -> Message {
        try await namespace.ask(event, in: name, body, isBinary: isBinary, within: deadline)
    }

    /// Sends an event whose body is a text, in a text frame, and waits for its reply. Throws like
    /// ``ClientNamespace/ask(_:in:_:isBinary:within:)``.
    public func ask(_ event: String, _ text: String, within deadline: Duration? = nil) async throws -> Message {
        try await namespace.ask(event, in: name, text, within: deadline)
    }

    /// Whether the client is in it, or, while it is away, comes back to it.
    public var isJoined: Bool {
        get async { await namespace.rooms.contains(name) }
    }

    /// Joins it, again where it was left. Throws like ``ClientNamespace/join(_:within:)``.
    public func join(within deadline: Duration? = nil) async throws { try await namespace.join(name, within: deadline) }

    /// Leaves it for good, as ``ClientNamespace/leave(_:within:)`` does.
    public func leave(within deadline: Duration? = nil) async throws { try await namespace.leave(name, within: deadline) }
}
