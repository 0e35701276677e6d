import NIOHTTP1

/// The proxies whose word about a client is believed: its `PROXY` line and its `X-Forwarded-For` (protocol section 1).
struct TrustedProxies: Sendable {
    private let ranges: [AddressRange]

    static let none = TrustedProxies([])

    init(_ ranges: [AddressRange]) { self.ranges = ranges }

    var isEmpty: Bool { ranges.isEmpty }

    func trusts(_ address: IPAddress?) -> Bool {
        guard let address else { return false }
        return ranges.contains { $0.contains(address) }
    }

    /// Entries of `X-Forwarded-For` that are looked at, from the last one on: more proxies than anybody chains.
    static let mostHops = 32

    /// Who sent a request: the last address on its way that is not trusted.
    ///
    /// Each proxy appends the address that it was called from, so the entries are as good as whoever wrote them: they are read from the last
    /// one on, as long as the address so far is trusted. An entry that is no address ends that, and the address so far is the client's.
    ///
    /// - Parameter peer: the TCP peer, or who it said in its `PROXY` line.
    func client(peer: ClientAddress, headers: HTTPHeaders) -> ClientAddress {
        guard !ranges.isEmpty, trusts(peer.ip) else { return peer }
        var client = peer
        var hops = 0
        walk: for line in headers["x-forwarded-for"].reversed() {
            for entry in line.split(separator: ",", omittingEmptySubsequences: false).reversed() {
                hops += 1
                guard hops <= Self.mostHops, let next = Self.address(entry) else { break walk }
                client = next
                guard trusts(client.ip) else { break walk }
            }
        }
        // Of a trusted peer, which tells the scheme that it was called with.
        client.isSecure = peer.isSecure || headers["x-forwarded-proto"].last.map { $0.lowercased() == "https" } ?? false
        return client
    }

    /// An entry: an address, in brackets or not, with a port or not.
    static func address(_ entry: Substring) -> ClientAddress? {
        let text = entry.trimmingBlanks
        if let ip = IPAddress(text) { return ClientAddress(ip, port: 0) }
        guard let colon = text.lastIndex(of: ":") else { return bracketed(text).map { ClientAddress($0, port: 0) } }
        if let ip = bracketed(text) { return ClientAddress(ip, port: 0) }
        guard let port = Self.port(text[text.index(after: colon)...]) else { return nil }
        let host = text[..<colon]
        // A port behind an IPv6 address needs the brackets.
        let ip = host.hasPrefix("[") ? bracketed(host) : host.contains(":") ? nil : IPAddress(host)
        return ip.map { ClientAddress($0, port: port) }
    }

    private static func bracketed(_ text: Substring) -> IPAddress? {
        guard text.hasPrefix("["), text.hasSuffix("]"), text.contains(":") else { return nil }
        return IPAddress(text.dropFirst().dropLast())
    }

    static func port(_ text: Substring) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(text), port <= 65_535
        else { return nil }
        return port
    }
}

extension Substring {
    var trimmingBlanks: Substring {
        var text = drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
