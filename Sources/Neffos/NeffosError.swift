/// An error that travels: its text is what the other side of the connection is told (protocol section 4).
///
/// A handler throws one to refuse or to fail; an ask throws the one that came back.
public struct NeffosError: Error, Hashable, Sendable, CustomStringConvertible {
    public var text: String
    /// What went wrong, where it is one of the protocol's own errors.
    public var code: Code

    public init(_ text: String) {
        self.text = text
        self.code = Code(rawValue: text) ?? .other
    }

    init(_ code: Code) {
        self.code = code
        self.text = code == .writeClosed ? "[-1] write closed" : code.rawValue
    }

    public var description: String { text }

    /// The error texts of protocol section 5.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        case badNamespace = "bad namespace"
        case badRoom = "bad room"
        /// The connection was closed before the answer came, or before the message was sent.
        case writeClosed = "write closed"
        case invalidPayload = "invalid payload"
        case serverClosed = "server closed"
        case limitReached = "limit reached"
        /// No answer came before the deadline.
        case timeout = "timeout"
        /// An error text of the application.
        case other = ""
    }
}
