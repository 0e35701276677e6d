/// The pages that may connect (protocol section 1): a browser names the page in `Origin`, and nothing else does.
struct Origins: Sendable {
    private let allowsSame: Bool
    private let allowsAny: Bool
    private let allowsNull: Bool
    private let listed: Set<Origin>

    /// - Parameter names: `same`, `*`, `null` or origins; what is none of them allows nobody.
    init(_ names: [String]) {
        allowsSame = names.contains("same")
        allowsAny = names.contains("*")
        allowsNull = names.contains("null")
        listed = Set(names.compactMap { Origin($0) })
    }

    /// - Throws: what is wrong with a name that is neither an origin nor one of the three words.
    static func check(_ name: String) throws(ConfigurationError) {
        if ["same", "*", "null"].contains(name) || Origin(name) != nil { return }
        throw ConfigurationError(
            "\"\(name)\" is no origin",
            advice: "write a scheme, a host and perhaps a port, like https://example.org or http://localhost:3000, or same, * or null")
    }

    /// `same` is the host and port that the request was sent to, as its `Host` says, and by `http` or `https`; where it is known that the
    /// client speaks TLS, by `https` only. (Behind a proxy that ends TLS it is known from a trusted `X-Forwarded-Proto`.)
    ///
    /// - Parameters:
    ///   - host: the request's `Host` header.
    ///   - isSecure: whether the client is known to speak TLS.
    func allow(_ origin: String, host: String, isSecure: Bool = false) -> Bool {
        if allowsAny { return true }
        if origin == "null" { return allowsNull }
        guard let page = Origin(origin) else { return false }
        if listed.contains(page) { return true }
        guard allowsSame, page.scheme == "https" || page.scheme == "http" && !isSecure, let own = Authority(host) else { return false }
        return page.host == own.host && page.port == own.port ?? Origin.usualPort(of: page.scheme)
    }

    /// A page's origin, with its port spelt out.
    struct Origin: Hashable, Sendable {
        let scheme: String
        let host: String
        /// nil where the scheme has no usual one and none was said.
        let port: Int?

        init?(_ text: String) {
            guard text.utf8.count <= 1024, let separator = text.firstRange(of: "://") else { return nil }
            let scheme = text[..<separator.lowerBound]
            let isScheme = scheme.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
            guard let first = scheme.first, first.isASCII, first.isLetter, isScheme,
                let authority = Authority(text[separator.upperBound...])
            else { return nil }
            self.scheme = scheme.lowercased()
            host = authority.host
            port = authority.port ?? Self.usualPort(of: self.scheme)
        }

        static func usualPort(of scheme: String) -> Int? {
            switch scheme {
            case "http", "ws": 80
            case "https", "wss": 443
            default: nil
            }
        }
    }
}
