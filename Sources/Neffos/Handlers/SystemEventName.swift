import NeffosSession
public import NeffosWire

/// The names of the system events (protocol section 5) as strings; ``LifecycleEvent`` has seven of them as a type.
public enum SystemEventName {
    /// ``LifecycleEvent/namespaceConnect``
    public static let namespaceConnect = SystemEvent.namespaceConnect.rawValue
    /// ``LifecycleEvent/namespaceConnected``
    public static let namespaceConnected = SystemEvent.namespaceConnected.rawValue
    /// ``LifecycleEvent/namespaceDisconnect``
    public static let namespaceDisconnect = SystemEvent.namespaceDisconnect.rawValue
    /// ``LifecycleEvent/roomJoin``
    public static let roomJoin = SystemEvent.roomJoin.rawValue
    /// ``LifecycleEvent/roomJoined``
    public static let roomJoined = SystemEvent.roomJoined.rawValue
    /// ``LifecycleEvent/roomLeave``
    public static let roomLeave = SystemEvent.roomLeave.rawValue
    /// ``LifecycleEvent/roomLeft``
    public static let roomLeft = SystemEvent.roomLeft.rawValue
    /// Handles every event of users that has no handler of its own. (In the Go original it gets unhandled system events as well.)
    public static let any = SystemEvent.any.rawValue
    /// Handles frames that are no neffos message, in the namespace `""`.
    public static let nativeMessage = SystemEvent.nativeMessage.rawValue

    /// Whether `event` is fired by the protocol itself: one of ``LifecycleEvent``.
    public static func isSystemEvent(_ event: String) -> Bool { LifecycleEvent(rawValue: event) != nil }
}

extension Message {
    /// Whether this is a frame that is no neffos message (protocol section 2); the body is all of it.
    public var isNative: Bool { event == SystemEventName.nativeMessage && namespace.isEmpty }
}
