/// A length of time as people write it: `250ms`, `5s`, `2m`, `1h`.
struct DurationText: Hashable, Sendable {
    var milliseconds: Int64

    init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// The longest length that is taken: a hundred days.
    static let longest = DurationText(milliseconds: 100 * 24 * 3_600_000)

    private static let units: [(name: String, milliseconds: Int64)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)]

    /// - Throws: ``ValueError`` where the text is no whole number with one of the four units, or longer than ``longest``.
    init(parsing text: String) throws(ValueError) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count)
        guard !digits.isEmpty else {
            throw ValueError("\"\(text)\" is not a duration", advice: "write a whole number and a unit, like 250ms, 5s, 2m or 1h")
        }
        guard let scale = Self.units.first(where: { $0.name == unit })?.milliseconds else {
            let problem = unit.isEmpty ? "\"\(text)\" has no unit" : "\"\(text)\" has the unknown unit \"\(unit)\""
            throw ValueError(problem, advice: "write ms, s, m or h after the number, like 250ms or 5s")
        }
        guard let count = Int64(digits), count <= Self.longest.milliseconds / scale else {
            throw ValueError("\"\(text)\" is too long", advice: "write at most 2400h")
        }
        milliseconds = count * scale
    }

    var duration: Duration { .milliseconds(milliseconds) }

    /// The shortest way to write it that ``init(parsing:)`` reads back.
    var text: String {
        for unit in Self.units.reversed() where milliseconds != 0 && milliseconds % unit.milliseconds == 0 {
            return "\(milliseconds / unit.milliseconds)\(unit.name)"
        }
        return "0s"
    }
}
