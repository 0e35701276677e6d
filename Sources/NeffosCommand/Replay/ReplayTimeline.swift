import NeffosFeed

/// The time axis along which a tape is played: the tape's own time, but for what nobody wants to sit through.
///
/// A clock that was set back does not turn it back, and a long silence, as between two runs of a server, takes two seconds.
struct ReplayTimeline: Sendable, Hashable {
    /// From here on a silence is passed over: while a server runs there is a sample each second.
    static let silence: Milliseconds = 60_000
    /// How long it takes then.
    static let silencePlayed: Milliseconds = 2_000

    /// The time of the entry that was played last, on the tape and on the axis.
    private(set) var time: FeedTime
    private(set) var elapsed: Milliseconds = 0

    init(start: FeedTime) { time = start }

    /// Where on the axis an entry of this time stands if it comes next.
    func elapsed(at next: FeedTime) -> Milliseconds { elapsed + Self.played(next - time) }

    mutating func move(to next: FeedTime) {
        elapsed = elapsed(at: next)
        time = next
    }

    /// The time of the tape at a place of the axis that is not before the last entry and not behind the next one.
    func time(at place: Milliseconds, next: FeedTime?) -> FeedTime {
        let since = max(0, place - elapsed)
        guard let next else { return time + since }
        let gap = max(0, next - time)
        guard gap >= Self.silence else { return time + min(since, gap) }
        return time + min(gap, Int(Double(gap) * Double(since) / Double(Self.silencePlayed)))
    }

    private static func played(_ gap: Milliseconds) -> Milliseconds { gap >= silence ? silencePlayed : max(0, gap) }
}
