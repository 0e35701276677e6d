import DequeModule
public import NeffosFeed

/// The newest entries of the feed as they came, for whoever wants to read them. Bounded in number; what went is counted.
public struct EventLog: Sendable {
    /// The most entries that are kept; 0 keeps none.
    public var capacity: Int
    private var entries: Deque<FeedEntry> = []
    /// Entries that came so far, those that went included.
    public private(set) var taken = 0

    /// - Parameter capacity: the most entries that are kept; 0 keeps none.
    public init(capacity: Int = 0) { self.capacity = capacity }

    /// How many are kept.
    public var count: Int { entries.count }

    /// The oldest is 0.
    public subscript(index: Int) -> FeedEntry { entries[index] }

    mutating func append(_ entry: FeedEntry) {
        guard capacity > 0 else { return }
        taken += 1
        entries.append(entry)
        if entries.count > capacity { entries.removeFirst() }
    }
}
