/// Stands for a name in a table of many, so that a long one costs sixteen bytes. Not seeded, so that it is the same in another process; two
/// names that meet share their figures, and nothing else.
struct NameDigest: Sendable, Hashable {
    var high: UInt64
    var low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    init(_ text: String) {
        var (one, two) = (0xcbf2_9ce4_8422_2325 as UInt64, 0x9e37_79b9_7f4a_7c15 as UInt64)
        var text = text
        text.withUTF8 { bytes in
            for byte in bytes {
                one = (one ^ UInt64(byte)) &* 0x100_0000_01b3
                two = (two &+ UInt64(byte)) &* 0xff51_afd7_ed55_8ccd
                two ^= two >> 29
            }
        }
        high = one
        low = two
    }
}
