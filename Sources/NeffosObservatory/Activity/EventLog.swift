import DequeModule
public import NeffosFeed

/// The newest entries of the feed as they came, for whoever wants to read them. Bounded in number and in bytes; what went is counted.
public struct EventLog: Sendable {
    /// The most entries that are kept; 0 keeps none.
    public var capacity: Int
    /// About the most bytes that they take, since peers choose names and bodies; a single entry may be larger.
    public var byteCapacity: Int
    private var entries: Deque<FeedEntry> = []
    private var bytes = 0
    /// Entries that came so far, those that went included.
    public private(set) var taken = 0

    /// - Parameters:
    ///   - capacity: the most entries that are kept; 0 keeps none.
    ///   - byteCapacity: about the most bytes that they take.
    public init(capacity: Int = 0, byteCapacity: Int = 8 << 20) {
        self.capacity = capacity
        self.byteCapacity = byteCapacity
    }

    /// How many are kept.
    public var count: Int { entries.count }

    /// The oldest is 0.
    public subscript(index: Int) -> FeedEntry { entries[index] }

    /// The number of the oldest that is kept, counted from the first that ever came, so that it stays the same while others go.
    public var firstNumber: Int { taken - entries.count }

    /// By its number; nil where it has gone or has not come.
    public func entry(number: Int) -> FeedEntry? {
        number >= firstNumber && number < taken ? entries[number - firstNumber] : nil
    }

    mutating func append(_ entry: FeedEntry) {
        guard capacity > 0 else { return }
        taken += 1
        entries.append(entry)
        bytes += entry.event.kind.weight
        while entries.count > capacity || (bytes > byteCapacity && entries.count > 1), let first = entries.popFirst() {
            bytes -= first.event.kind.weight
        }
    }
}
