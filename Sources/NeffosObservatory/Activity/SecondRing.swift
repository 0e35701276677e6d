import NeffosFeed

/// The last 600 complete seconds and the one now running, one value each, by the time of events.
struct SecondRing: Sendable {
    static let seconds = 601
    var values = [Double](repeating: 0, count: SecondRing.seconds)
    /// The second now running, counted from 1970.
    var newest: Int64 = 0

    private static func slot(_ second: Int64) -> Int { Int(second % Int64(seconds)) }

    /// Seconds up to this one begin with `value`.
    mutating func advance(to second: Int64, filling value: Double = 0) {
        guard second > newest else { return }
        let from = max(newest + 1, second - Int64(SecondRing.seconds) + 1)
        for each in from...second { values[SecondRing.slot(each)] = value }
        newest = second
    }

    /// Nil for a second that is not kept.
    subscript(second: Int64) -> Double {
        get { second > newest || second <= newest - Int64(SecondRing.seconds) || second < 0 ? 0 : values[SecondRing.slot(second)] }
        set {
            guard second <= newest, second > newest - Int64(SecondRing.seconds), second >= 0 else { return }
            values[SecondRing.slot(second)] = newValue
        }
    }

    /// The sum over the last complete seconds.
    func sum(_ seconds: Int) -> Double {
        var sum = 0.0
        for back in 1...Int64(seconds) { sum += self[newest - back] }
        return sum
    }

    /// The last complete seconds, oldest first.
    func history(_ buckets: Int) -> [Double] {
        let count = Int64(min(max(0, buckets), SecondRing.seconds - 1))
        return (0..<count).map { self[newest - count + $0] }
    }
}

extension FeedTime {
    /// Whole seconds since 1970.
    var second: Int64 { max(0, milliseconds) / 1000 }
}
