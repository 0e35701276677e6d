/// Where to listen: `127.0.0.1:8080`, `example.org:80`, `[::1]:8080`. Port 0 lets the system pick one.
struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// A host name or address, an IPv6 address without its brackets.
    var host: String
    var port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// - Throws: ``ValueError`` where the host or the port is missing or cannot be one.
    init(parsing text: String) throws(ValueError) {
        let example = "write HOST:PORT, like 127.0.0.1:8080 or [::1]:8080"
        let host: Substring
        let rest: Substring
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else {
                throw ValueError("\"\(text)\" has no ] after the IPv6 address", advice: example)
            }
            host = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." || $0 == "%" || $0.isLetter }) else {
                throw ValueError("\"\(text)\" has no IPv6 address in its brackets", advice: example)
            }
        } else {
            let colons = text.filter { $0 == ":" }.count
            guard colons == 1, let colon = text.firstIndex(of: ":") else {
                let problem = colons == 0 ? "\"\(text)\" has no port" : "\"\(text)\" has more than one colon"
                throw ValueError(problem, advice: colons == 0 ? example : "write an IPv6 address in brackets, like [::1]:8080")
            }
            host = text[..<colon]
            rest = text[colon...]
            guard !host.isEmpty else {
                throw ValueError("\"\(text)\" has no host", advice: "write 0.0.0.0\(text) to listen on all addresses")
            }
            guard host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_") }) else {
                throw ValueError("\"\(host)\" is no host", advice: example)
            }
        }
        guard rest.first == ":" else { throw ValueError("\"\(text)\" has no port", advice: example) }
        let digits = rest.dropFirst()
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let port = Int(digits), port <= 65_535 else {
            throw ValueError("\"\(digits)\" is no port", advice: "write a number from 0 to 65535, where 0 picks a free one")
        }
        self.init(host: String(host), port: port)
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
