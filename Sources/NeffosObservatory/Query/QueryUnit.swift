/// What a figure is counted in, and how it is written.
enum QueryUnit: Sendable, Hashable {
    case count
    /// In milliseconds.
    case duration
    /// In bytes.
    case size
    /// In a second.
    case rate

    private static let durations: [(name: String, scale: Double)] = [
        ("us", 0.001), ("µs", 0.001), ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000),
    ]
    private static let sizes: [(name: String, scale: Double)] = [
        ("", 1), ("B", 1), ("kB", 1000), ("KiB", 1024), ("MB", 1e6), ("MiB", 1_048_576), ("GB", 1e9), ("GiB", 1_073_741_824),
    ]

    /// - Parameter position: where the text begins, for the error.
    func value(of text: String, at position: Int) throws(QueryError) -> Double {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard digits.first?.isNumber == true, digits.last?.isNumber == true, digits.count <= 15, let number = Double(digits) else {
            throw QueryError(position: position, problem: text.isEmpty ? "there is no figure" : "\"\(text)\" is no \(noun)", advice: advice)
        }
        let unit = String(text.dropFirst(digits.count))
        let position = position + digits.count
        switch self {
        case .count, .rate:
            guard unit.isEmpty || (self == .rate && unit == "/s") else {
                throw QueryError(position: position, problem: "the unit \"\(unit)\" does not fit \(noun)", advice: advice)
            }
            return number
        case .duration:
            if unit.isEmpty, number == 0 { return 0 }
            guard let scale = Self.durations.first(where: { $0.name == unit })?.scale else {
                let problem = unit.isEmpty ? "\"\(text)\" has no unit" : "unknown unit \"\(unit)\""
                throw QueryError(position: position, problem: problem, advice: advice)
            }
            return number * scale
        case .size:
            guard let scale = Self.sizes.first(where: { $0.name == unit })?.scale else {
                throw QueryError(position: position, problem: "unknown unit \"\(unit)\"", advice: advice)
            }
            return number * scale
        }
    }

    private var noun: String {
        switch self {
        case .count: "number"
        case .duration: "duration"
        case .size: "size"
        case .rate: "rate"
        }
    }

    private var advice: String {
        switch self {
        case .count: "write a number, like 3"
        case .duration: "write a duration, like 250ms, 5s, 2m or 1h"
        case .size: "write a size, like 512, 64KiB or 1MB"
        case .rate: "write how many a second, like 100"
        }
    }

    /// A figure as people read it.
    func text(of value: Double) -> String {
        switch self {
        case .count: Self.number(value, decimals: 0)
        case .rate: Self.number(value, decimals: 1) + "/s"
        case .size: Self.number(value, decimals: 0) + " B"
        case .duration: value < 1000 ? Self.number(value, decimals: 0) + "ms" : Self.number(value / 1000, decimals: 3) + "s"
        }
    }

    /// Without decimals that say nothing.
    private static func number(_ value: Double, decimals: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = Int64((value * scale).rounded())
        let whole = scaled / Int64(scale)
        var fraction = String(abs(scaled % Int64(scale)))
        if decimals == 0 || fraction == "0" { return "\(whole)" }
        while fraction.count < decimals { fraction = "0" + fraction }
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return "\(whole).\(fraction)"
    }
}
