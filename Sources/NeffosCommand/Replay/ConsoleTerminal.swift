import Foundation

/// Whether this process has a terminal that a console can be shown on.
enum ConsoleTerminal {
    /// Why not; nil where it has one.
    static func missing(_ environment: [String: String]) -> String? {
        if isatty(STDIN_FILENO) != 1 { return "standard input is no terminal" }
        if isatty(STDOUT_FILENO) != 1 { return "standard output is no terminal" }
        switch environment["TERM"] ?? "" {
        case "": return "TERM is not set"
        case "dumb", "unknown": return "the terminal cannot show a screen"
        default: return nil
        }
    }
}
