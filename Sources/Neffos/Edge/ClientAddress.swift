import NIOCore

/// Where a client is, as far as its TCP peer, or the proxies that are trusted, say.
struct ClientAddress: Hashable, Sendable {
    /// nil where there is none, as on a Unix socket.
    let ip: IPAddress?
    /// Without the port: what bounds per address count by.
    let address: String
    /// `address:port`, an IPv6 address in brackets; port 0 where a proxy told none.
    let remote: String
    /// Whether it is known that the client speaks TLS, to us or to a trusted proxy.
    var isSecure = false

    init(_ ip: IPAddress, port: Int) {
        self.ip = ip
        address = ip.description
        remote = ip.isV4 ? "\(address):\(port)" : "[\(address)]:\(port)"
    }

    /// `remote` is the address, too: it has no port.
    private init(nowhere remote: String) {
        ip = nil
        address = remote
        self.remote = remote
    }

    /// - Parameter socket: the other side of a channel.
    init(_ socket: SocketAddress?) {
        guard let socket, let ip = socket.ipAddress.flatMap({ IPAddress($0) }), let port = socket.port else {
            // Whatever name the other side gave its end, it can choose freely.
            self.init(nowhere: socket?.pathname == nil ? "" : "unix")
            return
        }
        self.init(ip, port: port)
    }
}
