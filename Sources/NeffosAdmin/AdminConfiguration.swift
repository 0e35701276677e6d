public import Neffos

/// Where operators' programs reach a server: consoles that attach, scrapers of metrics, health checks.
public struct AdminConfiguration: Sendable, Hashable {
    /// An address to listen on.
    public enum Address: Sendable, Hashable {
        /// A Unix socket of mode 0600; its folder, where it is missing, is made with mode 0700. A file that is left of an earlier server is
        /// taken over, one that a server answers on is not.
        case socket(path: String)
        /// TCP; port 0 picks one. It needs a token, and a certificate where it is not of this machine alone.
        case tcp(host: String, port: Int)
    }

    /// Where it listens.
    public var address: Address
    /// What a client has to send as its bearer token; needed with TCP. Health checks are answered without it.
    public var token: String?
    /// The certificate; needed with TCP but on loopback.
    public var tls: ServerConfiguration.TLSFiles?
    /// Whether commands are refused, whoever sends them.
    public var isReadOnly = false
    /// Consoles at once; one more is refused with 503.
    public var consoles = 32
    /// Events that may wait for one console before it loses its place, at most; it is then told how many it missed, and gets a snapshot.
    public var backlogEvents = 65_536
    /// The same in bytes of memory, about.
    public var backlogBytes = 32 << 20
    /// What `about` says.
    public var version = "0.1.0"

    /// - Parameters: see the properties of the same names.
    public init(address: Address, token: String? = nil, tls: ServerConfiguration.TLSFiles? = nil, isReadOnly: Bool = false) {
        self.address = address
        self.token = token
        self.tls = tls
        self.isReadOnly = isReadOnly
    }

    /// - Throws: ``AdminError`` for what would let others in.
    func check() throws(AdminError) {
        guard case .tcp(let host, let port) = address else { return }
        guard let token, !token.isEmpty else { throw .tokenNeeded("\(host):\(port)") }
        if tls == nil, !Self.isLoopback(host) { throw .certificateNeeded("\(host):\(port)") }
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

/// Why an ``AdminServer`` cannot be what its configuration says. What the system refuses is thrown as its own error, and as `ListenError`.
public enum AdminError: Error, Sendable, Hashable, CustomStringConvertible {
    /// This TCP address has no token.
    case tokenNeeded(String)
    /// This TCP address can be reached from elsewhere, and has no certificate.
    case certificateNeeded(String)

    /// One line: what, where, what to do.
    public var description: String {
        switch self {
        case .tokenNeeded(let address): "the admin address \(address) needs a token; set one, or listen on a Unix socket"
        case .certificateNeeded(let address):
            "the admin address \(address) can be reached from elsewhere and needs TLS; set a certificate and key, or listen on 127.0.0.1"
        }
    }
}
