/// Why `neffos serve` stops.
enum ServeEnding: Equatable, Sendable {
    /// `--duration` is over.
    case duration
    case signal(Int32)
    /// The operator left the console.
    case quit
    /// The console's terminal is gone.
    case hangup
    /// An operator drained the server.
    case drain(by: String)
    /// `--until` is so.
    case until
    /// `--timeout` was over before.
    case timeout
    /// An operator sent everybody away.
    case drained(by: String)

    /// What the feed and the log say.
    var reason: String {
        switch self {
        case .duration: "duration over"
        case .signal(let number): number == 2 ? "SIGINT" : number == 15 ? "SIGTERM" : "signal \(number)"
        case .quit: "the operator left"
        case .drain(let who): "drained by \(who)"
        case .hangup: "the terminal is gone"
        case .until: "what was waited for is so"
        case .timeout: "timeout"
        case .drained: "drained by an operator"
        }
    }
}
