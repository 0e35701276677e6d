import Glibc

/// An IPv4 or IPv6 address. An IPv4 address that is written as an IPv6 one (`::ffff:192.0.2.1`) is the IPv4 address.
struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// The sixteen bytes of the IPv6 form, the first at the top.
    let high: UInt64
    let low: UInt64

    private static let mapped: UInt64 = 0xFFFF_0000_0000

    var isV4: Bool { high == 0 && low & 0xFFFF_FFFF_0000_0000 == Self.mapped }

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    init(v4: UInt32) { self.init(high: 0, low: Self.mapped | UInt64(v4)) }

    /// - Parameter text: four decimal numbers, or an IPv6 address without brackets and zone. Nothing else is one.
    init?(_ text: some StringProtocol) {
        guard (2...45).contains(text.utf8.count) else { return nil }
        // What the system's parser would take for the end, or as a zone, is refused here.
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"),
                UInt8(ascii: ":"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isPlain else { return nil }
        if text.utf8.contains(UInt8(ascii: ":")) {
            var bytes = [UInt8](repeating: 0, count: 16)
            guard inet_pton(AF_INET6, String(text), &bytes) == 1 else { return nil }
            func word(_ slice: ArraySlice<UInt8>) -> UInt64 { slice.reduce(0) { $0 << 8 | UInt64($1) } }
            self.init(high: word(bytes[..<8]), low: word(bytes[8...]))
        } else {
            var parsed: UInt32 = 0
            guard inet_pton(AF_INET, String(text), &parsed) == 1 else { return nil }
            self.init(v4: UInt32(bigEndian: parsed))
        }
    }

    /// The shortest usual form: four numbers, or the one of RFC 5952.
    var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let isWritten: Bool
        if isV4 {
            var address = UInt32(truncatingIfNeeded: low).bigEndian
            isWritten = inet_ntop(AF_INET, &address, &text, socklen_t(text.count)) != nil
        } else {
            var words = (high.bigEndian, low.bigEndian)
            isWritten = inet_ntop(AF_INET6, &words, &text, socklen_t(text.count)) != nil
        }
        guard isWritten else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The network that one subscriber usually has: the address itself in IPv4, the first 64 bits in IPv6.
    var subscriber: IPAddress { isV4 ? self : IPAddress(high: high, low: 0) }
}
