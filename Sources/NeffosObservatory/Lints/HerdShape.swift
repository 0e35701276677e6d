import NeffosFeed

/// How returns are spread over the interval at which their clients try.
enum HerdShape {
    /// An interval that is shorter than this has too few buckets to tell anything.
    static let shortest: Milliseconds = 300

    /// The most returns at one point of the interval, as a share of all; nil where there is too little to tell.
    /// - Parameters:
    ///   - buckets: how many came in each step of ``IncidentActivity/step``.
    ///   - interval: of the clients; nil where they told no tries: then the densest point of all counts.
    ///   - window: the width of a point, in percent of the interval.
    static func share(_ buckets: [Int32], interval: Milliseconds?, window: Int) -> Double? {
        let step = IncidentActivity.step
        let total = buckets.reduce(0) { $0 + Int($1) }
        guard total > 0 else { return nil }
        guard let interval, interval >= shortest else {
            guard interval == nil else { return nil }
            return Double(densest(buckets.map(Int.init), width: 2, isRing: false)) / Double(total)
        }
        let count = min(max(1, interval / step), buckets.count)
        var folded = [Int](repeating: 0, count: count)
        for (index, number) in buckets.enumerated() where number > 0 {
            folded[min(count - 1, (index * step + step / 2) % interval / step)] += Int(number)
        }
        return Double(densest(folded, width: max(1, count * window / 100), isRing: true)) / Double(total)
    }

    private static func densest(_ values: [Int], width: Int, isRing: Bool) -> Int {
        guard width < values.count else { return values.reduce(0, +) }
        var sum = values[..<width].reduce(0, +)
        var most = sum
        for start in 1..<(isRing ? values.count : values.count - width + 1) {
            sum += values[(start + width - 1) % values.count] - values[start - 1]
            most = max(most, sum)
        }
        return most
    }
}
