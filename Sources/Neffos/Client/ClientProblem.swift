/// What goes wrong on a client's way back, where no caller is told by an error; see ``ClientConfiguration/onProblem``.
public enum ClientProblem: Sendable, CustomStringConvertible {
    /// The `HEAD` had no answer (protocol section 7); the next attempt is due after a wait.
    case probeFailed(any Error, tries: Int)
    /// The dial failed, or what it made ended before the ack: a ``ClientError``, or what ``ClientConfiguration/freshHeaders`` threw.
    case dialFailed(any Error, tries: Int)
    /// A namespace could not be entered again, its rooms neither: a ``NeffosError`` of whoever refused, or `timeout`.
    case namespaceLost(String, any Error)
    /// A room could not be entered again.
    case roomLost(String, namespace: String, any Error)

    /// One sentence; what comes from the server is escaped.
    public var description: String {
        switch self {
        case .probeFailed(let error, let tries): "attempt \(tries): \(Self.text(error))"
        case .dialFailed(let error, let tries): "attempt \(tries) failed to dial: \(Self.text(error))"
        case .namespaceLost(let namespace, let error):
            "namespace \"\(ClientError.printable(namespace))\" could not be entered again: \(Self.text(error))"
        case .roomLost(let room, let namespace, let error):
            "room \"\(ClientError.printable(room))\" of namespace \"\(ClientError.printable(namespace))\" could not be entered again: "
                + Self.text(error)
        }
    }

    private static func text(_ error: any Error) -> String {
        // A ClientError has escaped the server's words already.
        error is ClientError ? "\(error)" : ClientError.printable("\(error)")
    }
}
