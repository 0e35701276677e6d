/// A host and perhaps a port, as a URL or a `Host` header has them. Letter case and the ways to write an IPv6 address make no difference.
struct Authority: Hashable, Sendable {
    let host: String
    let port: Int?

    init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 512 else { return nil }
        let rest: Substring
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let inner = text[text.index(after: text.startIndex)..<end]
            guard inner.contains(":"), let address = IPAddress(inner) else { return nil }
            host = "[\(address)]"
            rest = Substring(text[text.index(after: end)...])
        } else {
            let name = text.prefix { $0 != ":" }
            let isName = name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
            guard !name.isEmpty, isName else { return nil }
            host = name.lowercased()
            rest = Substring(text[name.endIndex...])
        }
        guard let colon = rest.first else {
            port = nil
            return
        }
        guard colon == ":" else { return nil }
        let digits = rest.dropFirst()
        // RFC 3986 allows the colon alone.
        if digits.isEmpty {
            port = nil
            return
        }
        guard let number = TrustedProxies.port(digits) else { return nil }
        port = number
    }
}
