import NIOCore

/// Whose a wait token is, by the side that reads it (protocol section 3): a client's own begin with `$`, a server's own are digits. Either
/// may come back with a `#` before it, as a confirmation.
enum TokenOwner: Equatable {
    case peer
    /// Ours by its looks. The number is nil where we could not have written it: a leading zero, another character, too large.
    case ours(UInt64?)

    /// Reads the token at the beginning of `bytes`, which ends at the first `;` or with them. Allocates nothing.
    init(of bytes: ByteBuffer, role: SessionRole) {
        self = bytes.withUnsafeReadableBytes { TokenOwner(of: $0, role: role) }
    }

    private init(of bytes: UnsafeRawBufferPointer, role: SessionRole) {
        var digits = bytes[...]
        if digits.first == UInt8(ascii: "#") { digits = digits.dropFirst() }
        if role == .client {
            guard digits.first == UInt8(ascii: "$") else {
                self = .peer
                return
            }
            digits = digits.dropFirst()
        }
        var number: UInt64? = 0
        var length = 0
        for byte in digits {
            if byte == UInt8(ascii: ";") { break }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else {
                self = role == .client ? .ours(nil) : .peer
                return
            }
            number = number.flatMap { TokenOwner.append(byte &- UInt8(ascii: "0"), to: $0, isFirst: length == 0) }
            length += 1
        }
        if length == 0 {
            self = role == .client ? .ours(nil) : .peer
        } else {
            self = .ours(number)
        }
    }

    /// Our numbers begin with 1, so that a zero in front is nobody's.
    private static func append(_ digit: UInt8, to number: UInt64, isFirst: Bool) -> UInt64? {
        if isFirst && digit == 0 { return nil }
        let (product, tooLarge) = number.multipliedReportingOverflow(by: 10)
        let (sum, overflowed) = product.addingReportingOverflow(UInt64(digit))
        return tooLarge || overflowed ? nil : sum
    }
}
