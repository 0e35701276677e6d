import Histogram

/// Durations of one kind, in an HdrHistogram: three digits are right, from a tenth of a microsecond to an hour.
struct Latencies: Sendable {
    private var histogram = Histogram<UInt64>(
        lowestDiscernibleValue: 100, highestTrackableValue: Self.longest, numberOfSignificantValueDigits: .three)

    private static let longest: UInt64 = 3_600_000_000_000

    var count: Int { Int(clamping: histogram.totalCount) }

    mutating func record(nanoseconds: UInt64) { histogram.record(min(nanoseconds, Self.longest)) }

    mutating func add(_ other: Latencies) {
        guard other.histogram.totalCount > 0 else { return }
        histogram.add(other.histogram)
    }

    /// The value that `percent` of all are at most, in microseconds; 0 where there are none.
    func microseconds(at percent: Double) -> Double {
        guard histogram.totalCount > 0 else { return 0 }
        let value = percent >= 100 ? histogram.maxRecorded : min(histogram.valueAtPercentile(percent), histogram.maxRecorded)
        return rounded(Double(value) / 1000)
    }

    var summary: LatencySummary {
        LatencySummary(
            p50: microseconds(at: 50), p90: microseconds(at: 90), p99: microseconds(at: 99), p999: microseconds(at: 99.9),
            max: microseconds(at: 100))
    }
}

/// What a report says of durations, in microseconds.
struct LatencySummary: Encodable, Equatable, Sendable {
    var p50 = 0.0
    var p90 = 0.0
    var p99 = 0.0
    var p999 = 0.0
    var max = 0.0

    enum CodingKeys: String, CodingKey {
        case p50 = "p50_us"
        case p90 = "p90_us"
        case p99 = "p99_us"
        case p999 = "p999_us"
        case max = "max_us"
    }

    var text: String {
        let values = [("50%", p50), ("90%", p90), ("99%", p99), ("99.9%", p999), ("max", max)]
        return values.map { "\($0.0) \(LoadText.microseconds($0.1))" }.joined(separator: "   ")
    }
}

/// Three decimals, for figures that are read.
func rounded(_ value: Double) -> Double { value.isFinite ? (value * 1000).rounded() / 1000 : 0 }
