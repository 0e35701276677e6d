import NeffosSession

/// The seven events that the protocol itself fires when a connection enters and leaves namespaces and rooms (protocol section 5).
///
/// ```swift
/// handlers.on(.roomJoin, in: "chat") { connection, _ in
///     guard connection.room != "staff" else { throw NeffosError("staff only") }
/// }
/// ```
///
/// A handler is told in its ``NamespaceConnection`` which ``NamespaceConnection/room`` it is about, whether the local side fired it
/// (``NamespaceConnection/isLocal``) and whether nobody asked for it (``NamespaceConnection/isForced``), and in its `Message` the
/// raw value as `event` and what the other side said as `body`.
///
/// By returning it accepts. By throwing it refuses where that is still possible, which each case says; elsewhere what it throws is ignored.
/// Nothing forced can be refused.
public enum LifecycleEvent: String, Sendable, Hashable, CaseIterable {
    /// Before a namespace is connected. May refuse, on both sides: the asker's own handler is called first (local), and where it throws
    /// nothing is sent; then the other side's.
    case namespaceConnect = "_OnNamespaceConnect"
    /// The namespace is connected, whoever asked.
    case namespaceConnected = "_OnNamespaceConnected"
    /// The namespace is left. May refuse on a server whose client asks; there it is called before, elsewhere after the fact. Forced and
    /// local when the connection went away.
    case namespaceDisconnect = "_OnNamespaceDisconnect"
    /// Before a room is joined. May refuse where the other side asks; the asker's own handler is called once the other side has accepted.
    case roomJoin = "_OnRoomJoin"
    /// The room is joined, whoever asked.
    case roomJoined = "_OnRoomJoined"
    /// Before a room is left. May refuse on a server whose client asks. Forced when the namespace is left with the room joined.
    case roomLeave = "_OnRoomLeave"
    /// The room is left. Forced as ``roomLeave`` is.
    case roomLeft = "_OnRoomLeft"
}
