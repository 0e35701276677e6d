/// Figures as people read them.
enum LoadText {
    /// `1 234 567`
    static func count(_ value: Int) -> String {
        var digits = String(value.magnitude)[...]
        var groups: [Substring] = []
        while digits.count > 3 {
            groups.insert(digits.suffix(3), at: 0)
            digits = digits.dropLast(3)
        }
        groups.insert(digits, at: 0)
        return (value < 0 ? "-" : "") + groups.joined(separator: " ")
    }

    /// `84 µs`, `1.25 ms`, `3.2 s`
    static func microseconds(_ value: Double) -> String {
        switch value {
        case ..<1000: "\(decimal(value, value < 10 ? 1 : 0)) µs"
        case ..<1_000_000: "\(decimal(value / 1000, value < 100_000 ? 2 : 0)) ms"
        default: "\(decimal(value / 1_000_000, 2)) s"
        }
    }

    static func seconds(_ value: Double) -> String { "\(decimal(value, 3)) s" }

    /// `12.5 MiB`
    static func bytes(_ value: Double) -> String {
        switch value {
        case ..<1024: "\(decimal(value, 0)) B"
        case ..<1_048_576: "\(decimal(value / 1024, 1)) KiB"
        default: "\(decimal(value / 1_048_576, 1)) MiB"
        }
    }

    /// With at most so many decimals, without zeros at the end.
    static func decimal(_ value: Double, _ places: Int) -> String {
        guard value.isFinite else { return "0" }
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = (value.magnitude * scale).rounded()
        let whole = Int(scaled / scale)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        let rest = Int(scaled - Double(whole) * scale)
        guard places > 0, rest > 0 else { return sign + (whole >= 10_000 ? count(whole) : "\(whole)") }
        let digits = String(rest)
        var decimals = String(repeating: "0", count: max(0, places - digits.count)) + digits
        while decimals.last == "0" { decimals.removeLast() }
        return "\(sign)\(whole >= 10_000 ? count(whole) : "\(whole)").\(decimals)"
    }

    /// Behind what was measured: why it ended before its time.
    static func ending(hasLostAll: Bool) -> String { hasLostAll ? ", until all connections were lost" : "" }

    /// A line of a report: what it is about, and what is to be said.
    static func line(_ subject: String, _ text: String) -> String {
        subject + String(repeating: " ", count: max(1, 12 - subject.count)) + text
    }
}
