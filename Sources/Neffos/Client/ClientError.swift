/// Why a ``Client`` could not be made or could not connect.
public enum ClientError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with the URL.
    case invalidURL(String)
    /// A certificate to trust cannot be used.
    case invalidTrust(String)
    /// The client's own certificate or its key cannot be used.
    case invalidIdentity(String)
    /// The address to dial from is none, or of another family than the server's.
    case invalidLocalAddress(String)
    /// A header to send has a malformed name or value.
    case invalidHeaders
    /// No connection could be made, or it was lost before the upgrade was answered.
    case unreachable(String)
    /// The upgrade was not answered in time.
    case dialTimedOut
    /// The server answered the upgrade with another status than 101. `body` is the beginning of what it said.
    case upgradeRefused(status: Int, body: String)
    /// The answer to the upgrade breaks RFC 6455 section 4.1.
    case malformedUpgrade(String)
    /// The server did not acknowledge in time.
    case ackTimedOut
    /// The server answered the ack with this error text.
    case refused(String)
    /// The connection ended before the ack.
    case closedBeforeAck(CloseInfo)
    /// `connect()` was called a second time.
    case alreadyConnected
    /// The client has ended; make another.
    case ended

    /// One sentence; what the server said is escaped.
    public var description: String {
        switch self {
        case .invalidURL(let text): text
        case .invalidTrust(let text): text
        case .invalidIdentity(let text): text
        case .invalidLocalAddress(let text): text
        case .invalidHeaders: "a header to send has a malformed name or value"
        case .unreachable(let text): "the server cannot be reached: \(Self.printable(text))"
        case .dialTimedOut: "the server did not answer the upgrade in time"
        case .upgradeRefused(let status, let body):
            body.isEmpty ? "the server answered \(status)" : "the server answered \(status): \(Self.printable(body))"
        case .malformedUpgrade(let text): "the server's answer to the upgrade is malformed: \(text)"
        case .ackTimedOut: "the server did not acknowledge in time"
        case .refused(let text): "the server refused: \(Self.printable(text))"
        case .closedBeforeAck(let info): "the connection ended before the ack (\(info.code.rawValue) \(Self.printable(info.reason)))"
        case .alreadyConnected: "the client is connected already"
        case .ended: "the client has ended"
        }
    }

    /// `text` without anything that could move a cursor or change the direction of what follows.
    static func printable(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars.prefix(256) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
                result += scalar.escaped(asASCII: true)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
