import NeffosFeed

/// Reads what was typed into a form's field.
enum ActionEntry {
    /// Why a text does not do, and what would.
    struct Problem: Error, Hashable {
        var text: String
        init(_ text: String) { self.text = text }
    }

    /// A close code that an endpoint may send (RFC 6455 section 7.4).
    static func code(_ text: String) throws(Problem) -> Int {
        let text = trimmed(text)
        guard let code = Int(text) else { throw Problem(text.isEmpty ? "a code is needed: 1008" : "not a number: write one like 1008") }
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: return code
        case 1004...1006, 1015: throw Problem("\(code) is never sent: write one like 1008")
        default: throw Problem("out of range: 1000 to 1003, 1007 to 1014, 3000 to 4999")
        }
    }

    /// A close frame has room for 123 bytes beside its code (RFC 6455 section 5.5).
    static func reason(_ text: String) throws(Problem) -> String {
        guard text.utf8.count <= 123 else { throw Problem("\(text.utf8.count) bytes: a close frame carries 123 at most") }
        return text
    }

    /// `0`, `30s`, `1.5s`, `250ms`, `5m`, `2h`; a number alone is seconds.
    static func duration(_ text: String, least: Milliseconds) throws(Problem) -> Milliseconds {
        let text = trimmed(text).lowercased()
        guard !text.isEmpty else { throw Problem("a length of time is needed: 30s") }
        let units: [(suffix: String, milliseconds: Double)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)]
        let unit = units.first { text.hasSuffix($0.suffix) }
        let digits = text.dropLast(unit?.suffix.count ?? 0)
        guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let value = Double(digits) else {
            throw Problem("not a length of time: write one like 30s, 250ms or 5m")
        }
        let milliseconds = (value * (unit?.milliseconds ?? 1000)).rounded()
        guard milliseconds <= 86_400_000 else { throw Problem("a day at most: 24h") }
        guard milliseconds >= Double(least) else { throw Problem("too short: \(least) ms at least") }
        return Milliseconds(milliseconds)
    }

    /// Above 0, up to 100; the sign may be left off.
    static func percent(_ text: String) throws(Problem) -> Double {
        var text = trimmed(text)
        if text.hasSuffix("%") { text = trimmed(String(text.dropLast())) }
        guard text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let value = Double(text) else {
            throw Problem("not a share: write one like 50%")
        }
        guard value > 0, value <= 100 else { throw Problem("out of range: above 0%, up to 100%") }
        return value
    }

    static func name(_ text: String, of what: String) throws(Problem) -> String {
        guard !text.isEmpty else { throw Problem("which \(what)? write its name") }
        return text
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
