import Terminal

/// The bytes that a terminal sends, as keys. Pure: a sequence may come in pieces.
struct KeyBytes: Sendable {
    private var pending: [UInt8] = []

    /// What no key is as long as.
    private static let mostPending = 32

    /// The keys that are whole now.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [Key] {
        pending.append(contentsOf: bytes)
        var keys: [Key] = []
        while let first = pending.first {
            guard let (key, length) = first == 0x1B ? escape() : scalar(first) else {
                // A sequence without an end is none.
                if pending.count > Self.mostPending { pending.removeFirst() }
                break
            }
            pending.removeFirst(length)
            if let key { keys.append(key) }
        }
        return keys
    }

    private func scalar(_ first: UInt8) -> (Key?, Int)? {
        switch first {
        case 0x09: return (.tab, 1)
        case 0x0A, 0x0D: return (.enter, 1)
        case 0x08, 0x7F: return (.backspace, 1)
        case 0x01...0x1A: return (.control(Character(Unicode.Scalar(first + 0x60))), 1)
        case ..<0x20: return (nil, 1)
        case ..<0x80: return (.character(Character(Unicode.Scalar(first))), 1)
        default: break
        }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
        guard pending.count >= length else { return nil }
        guard let text = String(validating: pending.prefix(length), as: UTF8.self), let character = text.first else { return (nil, 1) }
        return (.character(character), length)
    }

    /// `ESC [ … letter`, `ESC O letter`; the escape key itself means nothing at a prompt, nor does a key with Alt.
    private func escape() -> (Key?, Int)? {
        guard pending.count > 1 else { return nil }
        guard pending[1] == UInt8(ascii: "[") || pending[1] == UInt8(ascii: "O") else { return (nil, 2) }
        guard let end = pending.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else { return nil }
        let length = end + 1
        switch pending[end] {
        case UInt8(ascii: "A"): return (.up, length)
        case UInt8(ascii: "B"): return (.down, length)
        case UInt8(ascii: "C"): return (.right, length)
        case UInt8(ascii: "D"): return (.left, length)
        case UInt8(ascii: "H"): return (.home, length)
        case UInt8(ascii: "F"): return (.end, length)
        case UInt8(ascii: "~"):
            return switch pending[2] {
            case UInt8(ascii: "1"), UInt8(ascii: "7"): (.home, length)
            case UInt8(ascii: "4"), UInt8(ascii: "8"): (.end, length)
            case UInt8(ascii: "3"): (.delete, length)
            default: (nil, length)
            }
        default: return (nil, length)
        }
    }
}
