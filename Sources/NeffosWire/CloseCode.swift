/// Why a WebSocket connection ends (RFC 6455 section 7.4, protocol section 6).
public struct CloseCode: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let normal = CloseCode(rawValue: 1000)
    /// The server shuts down or drains.
    public static let goingAway = CloseCode(rawValue: 1001)
    public static let protocolError = CloseCode(rawValue: 1002)
    public static let unsupportedData = CloseCode(rawValue: 1003)
    /// The close frame held no code. Counted, never sent.
    public static let noStatus = CloseCode(rawValue: 1005)
    /// There was no close frame. Counted, never sent.
    public static let abnormal = CloseCode(rawValue: 1006)
    /// Data that does not fit its type, such as text that is no UTF-8.
    public static let invalidPayload = CloseCode(rawValue: 1007)
    /// Refused or kicked.
    public static let policyViolation = CloseCode(rawValue: 1008)
    public static let tooBig = CloseCode(rawValue: 1009)
    public static let internalError = CloseCode(rawValue: 1011)
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
