package import NeffosFeed

/// How long clients took to be whole again, each time that they were: for metrics, whose counts may only rise. Those of an incident count once
/// it is over, or once their client is lost again.
package struct RestoreHistogram: Sendable, Hashable, Codable {
    /// Upper bounds of the buckets but the last, in milliseconds.
    package static let bounds: [Milliseconds] = [
        100, 250, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000,
    ]

    /// How many clients fell into each bucket, one more than there are bounds.
    package private(set) var counts = [Int](repeating: 0, count: RestoreHistogram.bounds.count + 1)
    /// In milliseconds.
    package private(set) var sum = 0

    package init() {}

    mutating func add(_ values: SortedValues) { for value in values.values { add(value) } }

    mutating func add(_ value: Milliseconds) {
        counts[Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count] += 1
        sum += value
    }
}
