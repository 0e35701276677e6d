/// What stands before everything else on a connection from a proxy that tells who its client is: versions 1 and 2 of the PROXY protocol.
/// Pure: it is given all bytes so far.
enum ProxyHeader {
    enum Outcome: Equatable {
        /// It may be one, and is not all there.
        case incomplete
        /// The connection begins with something else.
        case absent
        /// It begins like one and is none.
        case malformed(String)
        /// One of this many bytes. No source: the proxy itself is who connects, or nobody that has an address.
        case header(source: Source?, bytes: Int)
    }

    struct Source: Hashable {
        var address: IPAddress
        var port: Int
    }

    /// The longest line of version 1, its end included.
    static let mostTextBytes = 107
    /// The longest header of version 2 that is taken, its TLVs included.
    static let mostBinaryBytes = 16 * 1024

    private static let text = Array("PROXY ".utf8)
    private static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    static func parse(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        if bytes.isEmpty { return .incomplete }
        if bytes[0] == text[0] {
            guard isStart(bytes, of: text) else { return .absent }
            return bytes.count < text.count ? .incomplete : parseText(bytes)
        }
        guard isStart(bytes, of: signature) else { return .absent }
        return bytes.count < signature.count ? .incomplete : parseBinary(bytes)
    }

    private static func isStart(_ bytes: UnsafeRawBufferPointer, of sign: [UInt8]) -> Bool {
        zip(bytes, sign).allSatisfy { $0 == $1 }
    }

    // MARK: Version 1

    private static func parseText(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        let start = bytes.prefix(mostTextBytes)
        guard let feed = start.firstIndex(of: 0x0A) else {
            return bytes.count < mostTextBytes ? .incomplete : .malformed("the line is too long")
        }
        guard feed > 0, bytes[feed - 1] == 0x0D else { return .malformed("the line has no proper end") }
        let line = String(decoding: bytes[..<(feed - 1)], as: UTF8.self)
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        if words.count >= 2, words[1] == "UNKNOWN" { return .header(source: nil, bytes: feed + 1) }
        guard words.count == 6, words[1] == "TCP4" || words[1] == "TCP6" else { return .malformed("the line is not of its form") }
        let isV6 = words[1] == "TCP6"
        guard let source = IPAddress(words[2]), IPAddress(words[3]) != nil, words[2].contains(":") == isV6,
            words[3].contains(":") == isV6, let port = Self.port(words[4]), Self.port(words[5]) != nil
        else { return .malformed("the line has a bad address or port") }
        return .header(source: Source(address: source, port: port), bytes: feed + 1)
    }

    private static func port(_ text: Substring) -> Int? {
        guard let port = TrustedProxies.port(text), text == "0" || text.first != "0" else { return nil }
        return port
    }

    // MARK: Version 2

    private static func parseBinary(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        guard bytes.count >= 16 else { return .incomplete }
        let version = bytes[12] >> 4
        let command = bytes[12] & 0xF
        let family = bytes[13] >> 4
        let transport = bytes[13] & 0xF
        let length = Int(bytes[14]) << 8 | Int(bytes[15])
        guard version == 2 else { return .malformed("the version is not 2") }
        guard command <= 1 else { return .malformed("the command is unknown") }
        guard family <= 3, transport <= 2 else { return .malformed("the address family is unknown") }
        guard 16 + length <= mostBinaryBytes else { return .malformed("the header is too long") }
        // Source and destination, and their ports; nothing where the family or the transport is not specified.
        let addressBytes = transport == 0 ? 0 : [0, 12, 36, 216][Int(family)]
        guard length >= addressBytes else { return .malformed("the addresses are cut short") }
        guard bytes.count >= 16 + length else { return .incomplete }
        func word(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
        let source: Source? =
            switch (command, addressBytes) {
            case (1, 12): Source(address: IPAddress(v4: UInt32(word(16..<20))), port: Int(word(24..<26)))
            case (1, 36): Source(address: IPAddress(high: word(16..<24), low: word(24..<32)), port: Int(word(48..<50)))
            default: nil
            }
        return .header(source: source, bytes: 16 + length)
    }
}
