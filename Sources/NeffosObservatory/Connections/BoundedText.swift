/// Keeps what a peer can name from filling memory.
enum BoundedText {
    /// Namespaces and rooms.
    static let name = 512
    /// Keys, agents, addresses, reasons.
    static let label = 256

    /// The text, or its beginning with a mark and a hash of the whole, so that two long names that begin alike stay two.
    static func cut(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        var end = text.utf8.index(text.startIndex, offsetBy: limit)
        while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return String(text[..<end]) + "…#" + String(hash, radix: 16)
    }

    static func cut(_ text: String?, to limit: Int) -> String? { text.map { cut($0, to: limit) } }

    /// `address:port` or `[address]:port` without the port.
    static func address(of remote: String) -> String {
        guard let colon = remote.utf8.lastIndex(of: UInt8(ascii: ":")) else { return remote }
        let head = remote[..<colon]
        if head.hasPrefix("["), head.hasSuffix("]") { return String(head.dropFirst().dropLast()) }
        // A bare IPv6 address has colons of its own and no port.
        return head.utf8.contains(UInt8(ascii: ":")) ? remote : String(head)
    }
}
