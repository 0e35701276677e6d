import Terminal

/// Why there is no screen; the caller can go on without one.
public enum NcursesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Standard output is not a terminal, or there is none to read keys from.
    case notATerminal
    /// `TERM` is not set, or there is no description of what it names.
    case unknownTerminal(String)
    /// The terminal cannot place its cursor (`TERM=dumb`).
    case incapable(String)
    /// The process has a screen already.
    case busy
    /// The system gave neither descriptors nor memory.
    case failed

    /// One sentence for the operator.
    public var description: String {
        switch self {
        case .notATerminal: "standard output is not a terminal"
        case .unknownTerminal(let name):
            name.isEmpty ? "TERM is not set" : "the terminal type '\(SafeText.escaped(name, maximum: 40))' is unknown"
        case .incapable(let name): "the terminal type '\(SafeText.escaped(name, maximum: 40))' cannot show a screen"
        case .busy: "there is a screen already"
        case .failed: "the terminal could not be set up"
        }
    }
}
