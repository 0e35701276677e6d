import Neffos

/// What health checks are told. `/healthz`: the process lives; `/readyz`: it takes newcomers in.
enum Health {
    /// A status and a line.
    struct Answer: Sendable, Hashable {
        var isWell: Bool
        var line: String
    }

    static let alive = Answer(isWell: true, line: "ok")

    static func ready(_ readiness: Server.Readiness) -> Answer {
        switch readiness {
        case .ready: Answer(isWell: true, line: "ready")
        case .starting: Answer(isWell: false, line: "starting: the server does not listen yet, or no more")
        case .draining: Answer(isWell: false, line: "draining: the server sends its clients away")
        case .paused: Answer(isWell: false, line: "paused: an operator has paused admission")
        case .away: Answer(isWell: false, line: "away: a drill has closed the listener for a while")
        case .full: Answer(isWell: false, line: "full: there is no place for another connection")
        }
    }
}
