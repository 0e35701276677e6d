import Terminal

/// A line of comma-separated values (RFC 4180).
struct CSVLine: Sendable {
    enum Cell: Sendable, Hashable {
        case count(Int)
        case figure(Double)
        /// What somebody named.
        case text(String)
        /// What is not known.
        case nothing

        static func count(orNothing value: Int?) -> Cell { value.map { .count($0) } ?? .nothing }
        static func figure(orNothing value: Double?) -> Cell { value.map { .figure($0) } ?? .nothing }
    }

    let cells: [Cell]

    init(_ cells: [Cell]) { self.cells = cells }

    func append(to bytes: inout [UInt8]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += Self.written(cell).utf8
        }
        bytes += "\r\n".utf8
    }

    private static func written(_ cell: Cell) -> String {
        switch cell {
        case .nothing: ""
        case .count(let value): String(value)
        case .figure(let value): value.isFinite ? String((value * 1000).rounded() / 1000) : ""
        case .text(let text): quoted(harmless(SafeText.escaped(text)))
        }
    }

    /// Spreadsheets take what begins so for a formula, and run it.
    private static func harmless(_ text: String) -> String {
        guard let first = text.unicodeScalars.first(where: { $0 != " " }),
            "=+-@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(first)
        else { return text }
        return "'" + text
    }

    private static func quoted(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: " ") }) else {
            return text
        }
        var result = "\""
        for character in text.unicodeScalars {
            if character == "\"" { result.unicodeScalars.append(character) }
            result.unicodeScalars.append(character)
        }
        return result + "\""
    }
}
