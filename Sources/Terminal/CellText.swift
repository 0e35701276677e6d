/// The text of one cell, held in place so that a grid of cells is plain memory: at most 16 bytes of UTF-8.
///
/// A base character and two combining marks take at most 12.
struct CellText: Hashable, Sendable {
    private var low: UInt64
    private var high: UInt64
    private(set) var count: UInt8
    /// 0 for the right half of a wide character, else 1 or 2.
    private(set) var width: UInt8

    static let blank = CellText(ascii: 0x20)
    static let rightHalf = CellText(low: 0, count: 0, width: 0)
    static let replacement = CellText("\u{FFFD}", width: 1)
    static let question = CellText(ascii: 0x3F)

    private init(low: UInt64, count: UInt8, width: UInt8) {
        self.low = low
        self.high = 0
        self.count = count
        self.width = width
    }

    init(ascii: UInt8) {
        self.init(low: UInt64(ascii), count: 1, width: 1)
    }

    init(_ scalar: Unicode.Scalar, width: UInt8) {
        self.init(low: 0, count: 0, width: width)
        append(scalar)
    }

    mutating func append(_ scalar: Unicode.Scalar) {
        for byte in scalar.utf8 where count < 16 {
            if count < 8 {
                low |= UInt64(byte) << (8 * UInt64(count))
            } else {
                high |= UInt64(byte) << (8 * UInt64(count - 8))
            }
            count += 1
        }
    }

    func byte(_ index: Int) -> UInt8 {
        index < 8 ? UInt8(truncatingIfNeeded: low >> (8 * UInt64(index))) : UInt8(truncatingIfNeeded: high >> (8 * UInt64(index - 8)))
    }

    var isASCII: Bool { count == 1 && low < 0x80 }

    var text: String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            for index in 0..<Int(count) { buffer[index] = byte(index) }
            return Int(count)
        }
    }
}
