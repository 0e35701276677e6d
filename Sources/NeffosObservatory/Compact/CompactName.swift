/// An id without memory of its own where it is a UUID, as ids are that no client chose: a text of 36 bytes takes more than twice as many.
enum CompactName: Sendable, Hashable {
    case uuid(UInt64, UInt64)
    case text(String)

    init(_ text: String) {
        var text = text
        let parsed = text.utf8.count == 36 ? text.withUTF8(CompactName.parse) : nil
        self = parsed.map { .uuid($0.0, $0.1) } ?? .text(text)
    }

    /// Lower-case digits in groups of 8, 4, 4, 4 and 12: only what ``string`` writes.
    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> (UInt64, UInt64)? {
        var (high, low) = (0 as UInt64, 0 as UInt64)
        var digits = 0
        for index in 0..<36 {
            let byte = bytes[index]
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            if digits < 16 { high = high << 4 | UInt64(digit) } else { low = low << 4 | UInt64(digit) }
            digits += 1
        }
        return (high, low)
    }

    var string: String {
        switch self {
        case .text(let text): text
        case .uuid(let high, let low):
            String(unsafeUninitializedCapacity: 36) { bytes in
                CompactName.write(high, low, to: bytes)
                return 36
            }
        }
    }

    /// The 36 bytes of a UUID's text.
    private static func write(_ high: UInt64, _ low: UInt64, to bytes: UnsafeMutableBufferPointer<UInt8>) {
        var position = 0
        for nibble in 0..<32 {
            if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                bytes[position] = UInt8(ascii: "-")
                position += 1
            }
            let word = nibble < 16 ? high : low
            let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - (nibble % 16) * 4)) & 0xf
            bytes[position] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            position += 1
        }
    }

    /// Its bytes, without making a text of it.
    func withUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        switch self {
        case .text(var text): return text.withUTF8(body)
        case .uuid(let high, let low):
            return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { bytes in
                CompactName.write(high, low, to: bytes)
                return body(UnsafeBufferPointer(bytes))
            }
        }
    }
}

/// As the texts are ordered.
extension CompactName: Comparable {
    static func < (left: CompactName, right: CompactName) -> Bool {
        switch (left, right) {
        case (.uuid(let high, let low), .uuid(let otherHigh, let otherLow)): high != otherHigh ? high < otherHigh : low < otherLow
        case (.text(let text), .text(let other)): text < other
        default: left.string < right.string
        }
    }
}
