import Foundation

/// The addresses of this machine that a load's clients dial from.
///
/// From one address there are only as many connections to one server as the system has ports to give. Each address of loopback's
/// 127.0.0.0/8 has its own.
enum SourceAddresses {
    /// Ports that the system gives to those who ask for none; Linux' default where it does not say.
    static var ports: Int {
        let text = (try? String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)) ?? ""
        let bounds = text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        return bounds.count == 2 && bounds[1] >= bounds[0] ? bounds[1] - bounds[0] + 1 : 28_232
    }

    /// Nil where one address, of the system's choice, is enough or the server is not on IPv4's loopback.
    ///
    /// - Parameters:
    ///   - connections: how many there will be. A port stays taken for a while after its connection, and probes need some too, hence seven
    ///     tenths of the ports only.
    ///   - host: of the server, as its URL has it.
    static func automatic(connections: Int, host: String, ports: Int) -> [String]? {
        let each = max(1, ports * 7 / 10)
        guard connections > each, host == "localhost" || host.hasPrefix("127.") else { return nil }
        let count = min(250, (connections + each - 1) / each)
        return (1...count).map { "127.0.0.\($0)" }
    }

    /// What of a `ws://` URL stands between the slashes and the port. The client itself checks the URL.
    static func host(of url: String) -> String {
        guard let start = url.range(of: "://")?.upperBound else { return "" }
        let authority = url[start...].prefix { $0 != "/" && $0 != "?" }
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }

    static func port(of url: String) -> Int {
        let isSecure = url.lowercased().hasPrefix("wss:")
        guard let start = url.range(of: "://")?.upperBound else { return 0 }
        let authority = url[start...].prefix { $0 != "/" && $0 != "?" }
        let behind = authority.hasPrefix("[") ? authority.drop { $0 != "]" }.dropFirst() : authority.drop { $0 != ":" }
        return Int(behind.dropFirst()) ?? (isSecure ? 443 : 80)
    }
}
