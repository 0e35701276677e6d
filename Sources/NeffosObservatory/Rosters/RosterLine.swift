import NeffosFeed

/// One line of the roster's file: a JSON array of texts, whole numbers and nulls. What a client named stands in it escaped.
enum RosterLine {
    enum Value: Hashable, Sendable {
        case text(String)
        case number(Int64)
        case null
    }

    static func append(_ values: [Value], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            switch value {
            case .text(let text): append(text, to: &bytes)
            case .number(let number): bytes += String(number).utf8
            case .null: bytes += "null".utf8
            }
        }
        bytes.append(UInt8(ascii: "]"))
        bytes.append(UInt8(ascii: "\n"))
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20, 0x7f:
                bytes += "\\u00".utf8
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Nil for anything that ``append(_:to:)`` does not write. The newline is not part of it.
    static func decode(_ line: ArraySlice<UInt8>) -> [Value]? {
        var reader = Reader(rest: line)
        return reader.array()
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func take(_ byte: UInt8) -> Bool {
            guard rest.first == byte else { return false }
            rest.removeFirst()
            return true
        }

        mutating func array() -> [Value]? {
            var values: [Value] = []
            guard take(UInt8(ascii: "[")) else { return nil }
            repeat {
                guard values.count < 16, let value = value() else { return nil }
                values.append(value)
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "]")), rest.isEmpty else { return nil }
            return values
        }

        mutating func value() -> Value? {
            if take(UInt8(ascii: "\"")) { return text() }
            if rest.starts(with: "null".utf8) {
                rest.removeFirst(4)
                return .null
            }
            let digits = rest.prefix { ($0 >= 48 && $0 <= 57) || $0 == UInt8(ascii: "-") }
            rest.removeFirst(digits.count)
            return Int64(String(decoding: digits, as: UTF8.self)).map(Value.number)
        }

        mutating func text() -> Value? {
            var bytes: [UInt8] = []
            while let byte = rest.popFirst() {
                if byte == UInt8(ascii: "\"") { return String(validating: bytes, as: UTF8.self).map(Value.text) }
                guard byte == UInt8(ascii: "\\") else {
                    bytes.append(byte)
                    continue
                }
                switch rest.popFirst() {
                case UInt8(ascii: "\""): bytes.append(UInt8(ascii: "\""))
                case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
                case UInt8(ascii: "u"):
                    guard rest.count >= 4, let code = UInt8(String(decoding: rest.prefix(4), as: UTF8.self), radix: 16), code < 0x80 else {
                        return nil
                    }
                    rest.removeFirst(4)
                    bytes.append(code)
                default: return nil
                }
            }
            return nil
        }
    }
}
