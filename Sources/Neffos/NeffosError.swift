/// An error that travels: its text is what the other side of the connection is told (protocol section 4).
///
/// A handler throws one to refuse or to fail; an ask throws the one that came back. For errors that come back as a type of their own see
/// ``KnownError``.
public struct NeffosError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What travels, or travelled.
    public var text: String
    /// What went wrong, where it is one of the protocol's own errors.
    public var code: Code

    /// An error with this text, which has a code where it is one of the protocol's own.
    public init(_ text: String) {
        self.text = text
        self.code = text == Self.closedText ? .writeClosed : Code(rawValue: text) ?? .other
    }

    /// One of the protocol's own errors, with its text.
    public init(_ code: Code) {
        self.code = code
        self.text = code == .writeClosed ? Self.closedText : code.rawValue
    }

    /// What the originals call it (protocol section 5).
    private static let closedText = "[-1] write closed"

    /// The text.
    public var description: String { text }

    /// The error texts of protocol section 5, and what else an operation can end with. One that travels keeps its code.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// Undeclared, or not connected.
        case badNamespace = "bad namespace"
        /// Not joined, or not a name that a room can have.
        case badRoom = "bad room"
        /// The connection was closed before the answer came, or before the message was sent.
        case writeClosed = "write closed"
        /// A body is not what the handler expects.
        case invalidPayload = "invalid payload"
        /// The server does not serve any more: a text of the originals, kept where it comes from one.
        case serverClosed = "server closed"
        /// One namespace or room more than a connection may have, or a room whose name is over 1024 bytes.
        case limitReached = "limit reached"
        /// No answer came before the deadline.
        case timeout = "timeout"
        /// The connection is not acknowledged yet.
        case notAcknowledged = "not acknowledged"
        /// The handler failed with an error whose text does not travel (``EventHandlers/unknownErrorText``).
        case internalError = "internal error"
        /// An error text of the application.
        case other = ""
    }
}
