/// What went through a feed, and what did not. Exact, as of the last drain.
public struct FeedStatistics: Sendable, Hashable {
    /// Events that were given a `seq`, gaps and snapshots among them.
    public var events = 0
    /// Events that were dropped before they had a `seq`, because a buffer was full.
    public var missed = 0
    /// ``events`` by the name of their type.
    public var eventsByType: [String: Int] = [:]
    /// ``missed`` by the name of their type.
    public var missedByType: [String: Int] = [:]
    /// Event loops that did not give their part of a snapshot in time.
    public var unansweredParts = 0

    public init() {}
}
