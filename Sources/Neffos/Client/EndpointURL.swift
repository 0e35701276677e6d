/// The `ws://` or `wss://` URL of an endpoint (RFC 6455 section 3).
struct EndpointURL: Sendable, Hashable {
    var isSecure: Bool
    /// A name or an address; an IPv6 address without its brackets.
    var host: String
    var port: Int
    /// Path and query as the request line has them.
    var target: String

    /// - Throws: ``ClientError/invalidURL(_:)`` with what is wrong.
    init(_ text: String) throws(ClientError) {
        func invalid(_ why: String) -> ClientError { .invalidURL("\"\(ClientError.printable(text))\" is no ws:// or wss:// URL: \(why)") }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw invalid("it holds spaces or characters that are not ASCII")
        }
        guard let separator = text.firstRange(of: "://") else { throw invalid("it does not begin with ws:// or wss://") }
        switch text[..<separator.lowerBound].lowercased() {
        case "ws": isSecure = false
        case "wss": isSecure = true
        default: throw invalid("it does not begin with ws:// or wss://")
        }
        let rest = text[separator.upperBound...]
        guard !rest.contains("#") else { throw invalid("it has a fragment (#)") }
        let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<authorityEnd]
        guard !authority.contains("@") else { throw invalid("it has a user name; send an Authorization header instead") }

        let portText: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { throw invalid("the bracket of the address is not closed") }
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." || $0 == "%" || $0.isLetter }) else {
                throw invalid("what is in brackets is no IPv6 address")
            }
            let after = authority[authority.index(after: end)...]
            guard after.isEmpty || after.first == ":" else { throw invalid("the port is malformed") }
            portText = after.isEmpty ? nil : after.dropFirst()
        } else {
            let colon = authority.firstIndex(of: ":")
            host = String(authority[..<(colon ?? authority.endIndex)])
            portText = colon.map { authority[authority.index(after: $0)...] }
        }
        guard !host.isEmpty else { throw invalid("it has no host") }
        if let portText {
            guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(portText), (1...65535).contains(port) else {
                throw invalid("the port is no number from 1 to 65535")
            }
            self.port = port
        } else {
            port = isSecure ? 443 : 80
        }
        let target = rest[authorityEnd...]
        self.target = target.first == "/" ? String(target) : "/" + target
    }

    /// The value of the `Host` header.
    var hostHeader: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }
}
