/// Ids of connections that no client named: UUIDs of version 4 (RFC 9562).
enum ConnectionID {
    private static let digits = Array("0123456789abcdef".utf8)

    static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        let high = generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        // Exactly as long as it is: an id stays as long as its connection.
        return String(unsafeUninitializedCapacity: 36) { text in
            var position = 0
            for (half, word) in [high, low].enumerated() {
                for shift in stride(from: 60, through: 0, by: -4) {
                    text[position] = digits[Int(word >> UInt64(shift) & 0xF)]
                    position += 1
                    let isEndOfGroup = half == 0 ? shift == 32 || shift == 16 || shift == 0 : shift == 48
                    if isEndOfGroup {
                        text[position] = UInt8(ascii: "-")
                        position += 1
                    }
                }
            }
            return position
        }
    }
}
