/// An address, or all addresses with the same first bits: `192.0.2.1`, `10.0.0.0/8`, `2001:db8::/32`.
struct AddressRange: Hashable, Sendable {
    private let first: IPAddress
    private let mask: (high: UInt64, low: UInt64)

    static func == (left: AddressRange, right: AddressRange) -> Bool { left.first == right.first && left.mask == right.mask }

    func hash(into hasher: inout Hasher) {
        hasher.combine(first)
        hasher.combine(mask.high)
        hasher.combine(mask.low)
    }

    /// - Throws: what is wrong with the text, and what to write.
    init(parsing text: String) throws(ConfigurationError) {
        let example = "write an address or a range, like 10.0.0.0/8 or 2001:db8::/32"
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress($0) }) else {
            throw ConfigurationError("\"\(text)\" is no address or range of addresses", advice: example)
        }
        let isV4 = address.isV4 && parts[0].contains(".")
        let longest = isV4 ? 32 : 128
        var length = longest
        if parts.count == 2 {
            guard !parts[1].isEmpty, parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(parts[1]), number <= longest
            else {
                throw ConfigurationError("\"\(text)\" has no length of 0 to \(longest) after its /", advice: example)
            }
            length = number
        }
        let bits = isV4 ? length + 96 : length
        mask = (Self.leading(bits), Self.leading(bits - 64))
        first = IPAddress(high: address.high & mask.high, low: address.low & mask.low)
        guard first == address else {
            throw ConfigurationError(
                "\"\(text)\" has bits set behind its /\(length)", advice: "write \(first)/\(length)")
        }
    }

    func contains(_ address: IPAddress) -> Bool { address.high & mask.high == first.high && address.low & mask.low == first.low }

    /// A word whose first bits are set.
    private static func leading(_ bits: Int) -> UInt64 { bits >= 64 ? .max : bits <= 0 ? 0 : .max << UInt64(64 - bits) }
}
