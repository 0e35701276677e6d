import Foundation

/// Counts values by size in steps of about one percent, so that a median costs no more memory where there are very many.
struct LogHistogram: Sendable {
    /// Steps in each doubling.
    private static let steps = 64.0
    static let buckets = 64 * 32

    private(set) var counts: [Int32] = []
    private(set) var total = 0

    init() {}

    /// Nil where there is no such histogram.
    init?(counts: [Int32]) {
        guard counts.count <= LogHistogram.buckets, counts.allSatisfy({ $0 >= 0 }) else { return nil }
        self.counts = counts
        total = counts.reduce(0) { $0 + Int($1) }
    }

    static func bucket(_ value: Int) -> Int { min(buckets - 1, Int(log2(Double(max(1, value))) * steps)) }

    mutating func insert(bucket: Int) {
        while counts.count <= bucket { counts.append(0) }
        counts[bucket] += 1
        total += 1
    }

    mutating func remove(bucket: Int) {
        guard bucket < counts.count, counts[bucket] > 0 else { return }
        counts[bucket] -= 1
        total -= 1
    }

    /// The middle of the step in which the median lies; nil where there is no value.
    var median: Int? {
        guard total > 0 else { return nil }
        var seen = 0
        for (bucket, count) in counts.enumerated() {
            seen += Int(count)
            if seen * 2 >= total { return Int(exp2((Double(bucket) + 0.5) / LogHistogram.steps).rounded()) }
        }
        return nil
    }
}
