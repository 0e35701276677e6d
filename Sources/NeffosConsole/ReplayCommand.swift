/// What steers a tape that is played.
public enum ReplayCommand: Sendable, Hashable {
    case pauseOrGoOn
    /// On to the next entry, or to the next second of the tape.
    case stepEntry, stepSecond
    /// By so many seconds of the tape, back where negative.
    case seek(by: Int)
    case toStart, toEnd
    case faster, slower
    case nextIncident, previousIncident
}
