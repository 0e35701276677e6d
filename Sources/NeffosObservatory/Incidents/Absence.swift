import NeffosFeed

/// A time in which no client could come in though the server ran: its listener was closed for a drill, or an operator kept newcomers out.
struct Absence: Sendable, Hashable {
    var since: FeedTime
    var until: FeedTime

    /// How much of it lies between two times.
    func overlap(from start: FeedTime, to end: FeedTime) -> Milliseconds { max(0, min(end, until) - max(start, since)) }
}
