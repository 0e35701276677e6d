import NIOCore

/// Bodies that begin with their number, so that whoever gets one knows which it is.
enum NumberedBody {
    /// The digits in front.
    static let digits = 16
    /// Added to each number, so that all have as many digits.
    private static let base = 1_000_000_000_000_000

    /// - Parameter size: of the whole body, in bytes, at least ``digits``.
    static func make(_ number: Int, size: Int) -> ByteBuffer {
        var body = ByteBuffer()
        body.reserveCapacity(size)
        body.writeString(String(base + number))
        body.writeRepeatingByte(UInt8(ascii: "x"), count: max(0, size - digits))
        return body
    }

    /// The number in front; nil where there is none.
    static func number(of body: ByteBuffer) -> Int? {
        var number = 0
        guard body.readableBytes >= digits else { return nil }
        for byte in body.readableBytesView.prefix(digits) {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return number >= base ? number - base : nil
    }
}
