import NeffosFeed

/// A series by longer steps than a second: of each step the sum of its seconds and the most of any one. It takes no memory before the first
/// step is over.
struct CoarseRing: Sendable {
    struct Bucket: Sendable, Hashable {
        var sum: Float = 0
        var most: Float = 0
    }

    /// The length of a bucket, in seconds.
    let step: Int64
    /// Complete buckets that are kept.
    let capacity: Int
    /// The newest is the one now running.
    var buckets: [Bucket] = []
    /// The number of the newest, counted from 1970; 0: none.
    var newest: Int64 = 0

    init(step: Int64, capacity: Int) {
        self.step = step
        self.capacity = capacity
    }

    /// Takes the value of a second that is over, each in turn.
    mutating func add(_ value: Double, second: Int64) {
        let number = second / step
        let value = Float(value)
        if number > newest {
            // What nobody told of is nothing; a pause longer than all that is kept leaves nothing of before.
            let missing = newest == 0 ? 1 : min(number - newest, Int64(capacity) + 1)
            for _ in 0..<missing { buckets.append(Bucket()) }
            if buckets.count > capacity + 1 { buckets.removeFirst(buckets.count - capacity - 1) }
            newest = number
        }
        let index = buckets.count - 1 - Int(newest - number)
        guard number >= 0, index >= 0 else { return }
        buckets[index].sum += value
        buckets[index].most = max(buckets[index].most, value)
    }

    /// The last complete buckets, oldest first: of each the mean of its seconds, or the most of one of them.
    func history(_ count: Int, peaks: Bool) -> [Double] {
        guard count > 0 else { return [] }
        let complete = buckets.dropLast().suffix(min(count, capacity))
        let values = complete.map { Double(peaks ? $0.most : $0.sum / Float(step)) }
        return [Double](repeating: 0, count: max(0, min(count, capacity) - values.count)) + values
    }
}
