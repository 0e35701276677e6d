import NeffosFeed

/// The last returns of all clients, each with the number of its client's one before: chains that lose their oldest links.
struct ReturnRing: Sendable {
    struct Step: Sendable {
        var name: CompactName
        var previous: CompactName
        /// 0: not seen.
        var lostAt: Int64
        var returnedAt: Int64
        var isCertain: Bool
        /// Whether neither a restart nor an operator was the reason.
        var isByItself: Bool
        /// The number of the same client's return before this; -1: none.
        var before: Int
    }

    let capacity: Int
    var steps: [Step] = []
    /// The number of the next one.
    var next = 0

    init(capacity: Int) { self.capacity = capacity }

    /// Nil where it was overwritten.
    subscript(number: Int) -> Step? {
        guard number >= 0, number < next, number >= next - steps.count else { return nil }
        return steps[number % capacity]
    }

    mutating func append(_ step: Step) -> Int {
        if steps.count < capacity { steps.append(step) } else { steps[next % capacity] = step }
        next += 1
        return next - 1
    }
}

/// The last eight times at which something happened, in seconds.
struct RecentTimes: Sendable, Hashable {
    static let capacity = 8
    /// Seconds since 1970, the oldest overwritten first; 0: none.
    var seconds = SIMD8<UInt32>(repeating: 0)
    var next: UInt8 = 0

    mutating func add(_ time: FeedTime) {
        seconds[Int(next) % RecentTimes.capacity] = UInt32(clamping: time.second)
        next = UInt8((Int(next) + 1) % RecentTimes.capacity)
    }

    func count(within milliseconds: Milliseconds, before now: FeedTime) -> Int {
        let from = now.second - Int64(milliseconds) / 1000
        return seconds.indices.count { seconds[$0] > 0 && Int64(seconds[$0]) >= from && Int64(seconds[$0]) <= now.second }
    }

    /// How many an hour, as the last hour was; where more than eight were in it, as those eight were.
    func perHour(at now: FeedTime) -> Double {
        let number = count(within: 3_600_000, before: now)
        guard number == RecentTimes.capacity else { return Double(number) }
        let oldest = seconds.indices.map { Int64(seconds[$0]) }.min() ?? now.second
        return Double(number) * 3600 / Double(max(1, now.second - oldest))
    }
}
