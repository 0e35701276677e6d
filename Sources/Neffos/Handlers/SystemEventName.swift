import NeffosSession

/// The names of the system events (protocol section 5), for registering their handlers.
public enum SystemEventName {
    public static let namespaceConnect = SystemEvent.namespaceConnect.rawValue
    public static let namespaceConnected = SystemEvent.namespaceConnected.rawValue
    public static let namespaceDisconnect = SystemEvent.namespaceDisconnect.rawValue
    public static let roomJoin = SystemEvent.roomJoin.rawValue
    public static let roomJoined = SystemEvent.roomJoined.rawValue
    public static let roomLeave = SystemEvent.roomLeave.rawValue
    public static let roomLeft = SystemEvent.roomLeft.rawValue
    /// Handles every event that has no handler of its own.
    public static let any = SystemEvent.any.rawValue
    public static let nativeMessage = SystemEvent.nativeMessage.rawValue
}
