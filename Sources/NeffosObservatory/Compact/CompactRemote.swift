/// `address:port` without memory of its own where the address is one of IPv4.
enum CompactRemote: Sendable, Hashable {
    case ipv4(UInt32, port: UInt16)
    case text(String)

    init(_ text: String) {
        let parsed = CompactRemote.parse(text)
        // Only what is written the same way again: no number begins with a zero, nothing is missing.
        self = parsed.flatMap { $0.string == text ? $0 : nil } ?? .text(text)
    }

    private static func parse(_ text: String) -> CompactRemote? {
        guard text.utf8.count <= 21 else { return nil }
        var address: UInt32 = 0
        var number: UInt32 = 0
        var (parts, digits) = (0, 0)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                number = number * 10 + UInt32(byte - UInt8(ascii: "0"))
                digits += 1
                guard digits <= 5 else { return nil }
            case UInt8(ascii: "."), UInt8(ascii: ":"):
                guard digits > 0, number <= 255, parts < 4, (byte == UInt8(ascii: ":")) == (parts == 3) else { return nil }
                address = address << 8 | number
                (number, digits) = (0, 0)
                parts += 1
            default: return nil
            }
        }
        guard parts == 4, digits > 0, number <= 65_535 else { return nil }
        return .ipv4(address, port: UInt16(number))
    }

    var string: String {
        switch self {
        case .text(let text): return text
        case .ipv4(let address, let port):
            return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 21) { bytes in
                let count = CompactRemote.write(address, port, to: bytes)
                return String(decoding: UnsafeBufferPointer(rebasing: bytes[..<count]), as: UTF8.self)
            }
        }
    }

    /// Without the port.
    var address: String { BoundedText.address(of: string) }

    private static func write(_ address: UInt32, _ port: UInt16, to bytes: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var count = 0
        func append(_ number: UInt32) {
            var divisor: UInt32 = 10_000
            while divisor > 1, number < divisor { divisor /= 10 }
            while divisor > 0 {
                bytes[count] = UInt8(ascii: "0") + UInt8(number / divisor % 10)
                count += 1
                divisor /= 10
            }
        }
        for shift in [24, 16, 8, 0] as [UInt32] {
            append(address >> shift & 0xff)
            bytes[count] = shift == 0 ? UInt8(ascii: ":") : UInt8(ascii: ".")
            count += 1
        }
        append(UInt32(port))
        return count
    }

    /// Its bytes, without making a text of it.
    func withUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        switch self {
        case .text(var text): return text.withUTF8(body)
        case .ipv4(let address, let port):
            return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 21) { bytes in
                let count = CompactRemote.write(address, port, to: bytes)
                return body(UnsafeBufferPointer(rebasing: bytes[..<count]))
            }
        }
    }
}

/// Addresses of IPv4 by number, so that 10.0.0.9 comes before 10.0.0.10; others after them, as texts.
extension CompactRemote: Comparable {
    static func < (left: CompactRemote, right: CompactRemote) -> Bool {
        switch (left, right) {
        case (.ipv4(let one, let port), .ipv4(let other, let otherPort)): one != other ? one < other : port < otherPort
        case (.text(let one), .text(let other)): one < other
        case (.ipv4, .text): true
        case (.text, .ipv4): false
        }
    }
}
