import NIOCore

/// The `ws://` or `wss://` URL of an endpoint (RFC 6455 section 3), or the `ws+unix://` URL of one on a Unix socket.
struct EndpointURL: Sendable, Hashable {
    var isSecure: Bool
    /// The file of a Unix socket; nil where the endpoint has an address.
    var socketPath: String?
    /// A name or an address; an IPv6 address without its brackets.
    var host: String
    var port: Int
    /// Path and query as the request line has them.
    var target: String

    /// - Throws: ``ClientError/invalidURL(_:)`` with what is wrong.
    init(_ text: String) throws(ClientError) {
        func invalid(_ why: String) -> ClientError { .invalidURL("\"\(ClientError.printable(text))\" is no ws:// or wss:// URL: \(why)") }
        var isUnix = false
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw invalid("it holds spaces or characters that are not ASCII")
        }
        guard let separator = text.firstRange(of: "://") else { throw invalid("it does not begin with ws:// or wss://") }
        switch text[..<separator.lowerBound].lowercased() {
        case "ws": isSecure = false
        case "wss": isSecure = true
        case "ws+unix", "wss+unix":
            isSecure = text.lowercased().hasPrefix("wss")
            isUnix = true
        default: throw invalid("it does not begin with ws:// or wss://")
        }
        let rest = text[separator.upperBound...]
        guard !rest.contains("#") else { throw invalid("it has a fragment (#)") }
        if isUnix {
            let (path, target) = try Self.parts(ofUnix: rest, invalid)
            socketPath = path
            self.target = target
            host = "localhost"
            port = isSecure ? 443 : 80
            return
        }
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

    // MARK: Unix sockets

    /// The socket's path, percent-encoded, and after the first colon the target.
    private static func parts(
        ofUnix rest: Substring, _ invalid: (String) -> ClientError
    ) throws(ClientError) -> (path: String, target: String) {
        let colon = rest.firstIndex(of: ":")
        let encoded = rest[..<(colon ?? rest.endIndex)]
        // A plus is a plus in a path.
        guard let path = ParameterHeaders.decode(encoded.replacing("+", with: "%2B")[...]) else {
            throw invalid("the socket's path is not encoded as it must be")
        }
        guard path.first == "/" else { throw invalid("the socket's path does not begin with /") }
        guard !path.utf8.contains(0), (try? SocketAddress(unixDomainSocketPath: path)) != nil else {
            throw invalid("the socket's path is too long, or holds a zero byte")
        }
        let target = colon.map { rest[rest.index(after: $0)...] } ?? ""
        return (path, target.first == "/" ? String(target) : "/" + target)
    }

    /// The URL of an endpoint at this address.
    static func text(of address: SocketAddress, path: String, isSecure: Bool) -> String {
        let scheme = isSecure ? "wss" : "ws"
        guard let socketPath = address.pathname else { return "\(scheme)://\(UpgradeHandler.remote(address))\(path)" }
        return "\(scheme)+unix://\(encoded(socketPath)):\(path)"
    }

    /// The socket's path with all but the plainest characters encoded.
    private static func encoded(_ path: String) -> String {
        path.utf8.reduce(into: "") { text, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
                text.unicodeScalars.append(UnicodeScalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += (digits.utf8.count == 1 ? "%0" : "%") + digits
            }
        }
    }

    /// The value of the `Host` header.
    var hostHeader: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }
}
