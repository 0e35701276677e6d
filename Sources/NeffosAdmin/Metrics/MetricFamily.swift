/// One metric with its samples, as both text formats can write it.
struct MetricFamily: Sendable, Hashable {
    enum Kind: String, Sendable, Hashable { case counter, gauge, histogram, info }

    struct Label: Sendable, Hashable {
        var name: String
        var value: String
    }

    struct Sample: Sendable, Hashable {
        /// Behind the family's name: `_total`, `_bucket`, `_sum`, `_count`, `_info`, or nothing.
        var suffix = ""
        var labels: [Label] = []
        var value: Double
    }

    /// Without the suffixes of its samples, but with its unit: `neffos_received_bytes`.
    var name: String
    var kind: Kind
    /// What the name ends with, after an underscore; OpenMetrics wants it said.
    var unit: String?
    /// A sentence.
    var help: String
    var samples: [Sample]

    static func counter(_ name: String, unit: String? = nil, _ help: String, _ value: Double) -> MetricFamily {
        MetricFamily(name: name, kind: .counter, unit: unit, help: help, samples: [Sample(suffix: "_total", value: value)])
    }

    static func counter(_ name: String, unit: String? = nil, _ help: String, by labels: [([String: String], Int)]) -> MetricFamily {
        MetricFamily(
            name: name, kind: .counter, unit: unit, help: help,
            samples: labels.map { Sample(suffix: "_total", labels: Self.labels($0), value: Double($1)) })
    }

    static func gauge(_ name: String, unit: String? = nil, _ help: String, _ value: Double) -> MetricFamily {
        MetricFamily(name: name, kind: .gauge, unit: unit, help: help, samples: [Sample(value: value)])
    }

    static func gauge(_ name: String, unit: String? = nil, _ help: String, by labels: [([String: String], Double)]) -> MetricFamily {
        MetricFamily(
            name: name, kind: .gauge, unit: unit, help: help, samples: labels.map { Sample(labels: Self.labels($0), value: $1) })
    }

    /// - Parameters:
    ///   - bounds: the upper bounds of the buckets but the last, rising.
    ///   - counts: how many fell into each bucket alone, one more than there are bounds.
    static func histogram(
        _ name: String, unit: String? = nil, _ help: String, bounds: [Double], counts: [Int], sum: Double
    ) -> MetricFamily {
        var samples: [Sample] = []
        var count = 0
        for (index, own) in counts.enumerated() {
            count += own
            let bound = index < bounds.count ? bounds[index] : Double.infinity
            samples.append(
                Sample(suffix: "_bucket", labels: [Label(name: "le", value: MetricsText.bound(bound))], value: Double(count)))
        }
        samples.append(Sample(suffix: "_sum", value: sum))
        samples.append(Sample(suffix: "_count", value: Double(count)))
        return MetricFamily(name: name, kind: .histogram, unit: unit, help: help, samples: samples)
    }

    /// A family of which there is one, with what there is to say in its labels.
    static func info(_ name: String, _ help: String, _ labels: [String: String]) -> MetricFamily {
        MetricFamily(
            name: name, kind: .info, help: help, samples: [Sample(suffix: "_info", labels: Self.labels(labels), value: 1)])
    }

    private static func labels(_ labels: [String: String]) -> [Label] {
        labels.sorted { $0.key < $1.key }.map { Label(name: $0.key, value: $0.value) }
    }
}
