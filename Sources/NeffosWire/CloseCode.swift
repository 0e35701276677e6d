/// Why a WebSocket connection ends (RFC 6455 section 7.4, protocol section 6).
public struct CloseCode: RawRepresentable, Hashable, Sendable {
    /// The number that travels.
    public var rawValue: UInt16

    /// Applications have 4000 to 4999 for themselves (RFC 6455 section 7.4.2).
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// By request of either side.
    public static let normal = CloseCode(rawValue: 1000)
    /// The server shuts down or drains.
    public static let goingAway = CloseCode(rawValue: 1001)
    /// The other side broke the rules of WebSocket, or did not acknowledge in time.
    public static let protocolError = CloseCode(rawValue: 1002)
    /// A kind of data that is not taken. Never sent by the engine itself.
    public static let unsupportedData = CloseCode(rawValue: 1003)
    /// The close frame held no code. Counted, never sent.
    public static let noStatus = CloseCode(rawValue: 1005)
    /// There was no close frame. Counted, never sent.
    public static let abnormal = CloseCode(rawValue: 1006)
    /// Data that does not fit its type, such as text that is no UTF-8.
    public static let invalidPayload = CloseCode(rawValue: 1007)
    /// Refused or kicked.
    public static let policyViolation = CloseCode(rawValue: 1008)
    /// A message over its bound.
    public static let tooBig = CloseCode(rawValue: 1009)
    /// Our own fault, such as a decision that took too long.
    public static let internalError = CloseCode(rawValue: 1011)
    /// The server comes back soon. Never sent by the engine itself.
    public static let serviceRestart = CloseCode(rawValue: 1012)
    /// Overloaded, or the peer reads too slowly.
    public static let overloaded = CloseCode(rawValue: 1013)

    /// Whether a close frame may hold this code: assigned ones but 1004, 1005, 1006 and 1015, and those of libraries and applications.
    package var isValidOnWire: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
