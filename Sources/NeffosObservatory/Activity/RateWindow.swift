/// How often something happens: exact counts by one-second buckets of event time.
struct RateWindow: Sendable {
    var rings = SeriesRings()
    var total = 0
    var peak = 0.0

    mutating func advance(to second: Int64) { rings.advance(to: second) }

    /// Counts in the second it belongs to, even one that is over.
    mutating func add(_ count: Int = 1, at second: Int64) {
        rings.advance(to: second)
        total += count
        rings.seconds[second] += Double(count)
        peak = max(peak, rings.seconds[second])
    }

    /// After a step of the clock backwards: totals stay.
    mutating func restart() { rings = SeriesRings() }

    var rates: Rates {
        let ring = rings.seconds
        return Rates(perSecond1: ring.sum(1), perSecond10: ring.sum(10) / 10, perSecond60: ring.sum(60) / 60, peak: peak)
    }
}
