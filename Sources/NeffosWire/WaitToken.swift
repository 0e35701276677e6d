package import NIOCore

/// The first field of a message: opaque bytes that a reply repeats, to whom they came from (protocol section 3).
///
/// It holds a slice of the frame rather than a string, so that an ask costs no allocation.
public struct WaitToken: Sendable, Hashable {
    package var bytes: ByteBuffer

    package init(bytes: ByteBuffer) { self.bytes = bytes }

    /// No token: the message expects no reply.
    public static let none = WaitToken(bytes: ByteBuffer())

    /// Whether the message expects no reply.
    public var isNone: Bool { bytes.readableBytes == 0 }
}

extension WaitToken {
    /// The token of a client's ask: `$` and the number.
    package init(client number: UInt64) {
        var bytes = ByteBufferAllocator().buffer(capacity: 21)
        bytes.writeInteger(UInt8(ascii: "$"))
        bytes.writeString(String(number))
        self.init(bytes: bytes)
    }

    /// The token of a server's ask: the number alone.
    package init(server number: UInt64) {
        self.init(bytes: ByteBuffer(string: String(number)))
    }

    /// The number of a token that ``init(client:)`` made, nil for any other.
    package var clientNumber: UInt64? {
        byte(at: 0) == UInt8(ascii: "$") ? number(from: 1) : nil
    }

    /// The number of a token that ``init(server:)`` made, nil for any other.
    package var serverNumber: UInt64? { number(from: 0) }

    /// Whether the token is of a client's making (`$…`).
    package var isFromClient: Bool { byte(at: 0) == UInt8(ascii: "$") }

    /// Whether the message confirms (`#…`): it is taken like a reply.
    package var isConfirmation: Bool { byte(at: 0) == UInt8(ascii: "#") }

    /// Whether the message came through a stack exchange (`!` as the second character).
    package var isFromExchange: Bool { byte(at: 1) == UInt8(ascii: "!") }

    /// The connection that a broadcast between nodes passes over, the whole token `neffos(0x…)`; nil if the token is none of those.
    ///
    /// It is compared as a whole: what follows the id inside is the sending node's own business.
    package var excludedConnection: String? {
        let prefix: StaticString = "neffos(0x"
        let isExcluded = bytes.withUnsafeReadableBytes { bytes in
            bytes.count >= prefix.utf8CodeUnitCount
                && bytes.prefix(prefix.utf8CodeUnitCount)
                    .elementsEqual(UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
        }
        return isExcluded ? String(buffer: bytes) : nil
    }

    private func byte(at offset: Int) -> UInt8? {
        bytes.getInteger(at: bytes.readerIndex + offset)
    }

    /// Digits without leading zeros, so that one number has one token.
    private func number(from offset: Int) -> UInt64? {
        bytes.withUnsafeReadableBytes { bytes in
            let digits = bytes.dropFirst(offset)
            guard let first = digits.first, first != UInt8(ascii: "0") || digits.count == 1 else { return nil }
            var value: UInt64 = 0
            for byte in digits {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
                let (tens, tooMany) = value.multipliedReportingOverflow(by: 10)
                let (sum, tooMuch) = tens.addingReportingOverflow(UInt64(byte &- UInt8(ascii: "0")))
                guard !tooMany, !tooMuch else { return nil }
                value = sum
            }
            return value
        }
    }
}
