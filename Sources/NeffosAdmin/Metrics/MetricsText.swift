/// Writes metrics in the text format of Prometheus (0.0.4) or OpenMetrics (1.0.0).
enum MetricsText {
    static func text(of families: [MetricFamily], as format: MetricsFormat) -> String {
        var text = ""
        for family in families {
            let name = format == .prometheus ? prometheusName(of: family) : family.name
            text += "# HELP \(name) \(escaped(family.help, quotes: format == .openMetrics))\n"
            text += "# TYPE \(name) \(type(of: family, as: format))\n"
            if format == .openMetrics, let unit = family.unit { text += "# UNIT \(name) \(unit)\n" }
            for sample in family.samples {
                text += family.name + sample.suffix
                if !sample.labels.isEmpty {
                    let labels = sample.labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
                    text += "{\(labels.joined(separator: ","))}"
                }
                text += " \(number(sample.value))\n"
            }
        }
        if format == .openMetrics { text += "# EOF\n" }
        return text
    }

    /// A bound of a bucket, in the one way that OpenMetrics knows for it.
    static func bound(_ value: Double) -> String { value == .infinity ? "+Inf" : "\(value)" }

    /// The older format names a counter and an info as its samples are named.
    private static func prometheusName(of family: MetricFamily) -> String {
        switch family.kind {
        case .counter: family.name + "_total"
        case .info: family.name + "_info"
        case .gauge, .histogram: family.name
        }
    }

    private static func type(of family: MetricFamily, as format: MetricsFormat) -> String {
        family.kind == .info && format == .prometheus ? MetricFamily.Kind.gauge.rawValue : family.kind.rawValue
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        // Whole numbers without a point, as long as they are exact.
        if value == value.rounded(), abs(value) < 9_007_199_254_740_992 { return "\(Int64(value))" }
        return "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
