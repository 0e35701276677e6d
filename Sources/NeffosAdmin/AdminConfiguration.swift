/// Where operators' programs reach a server: consoles that attach, scrapers of metrics, health checks.
public struct AdminConfiguration: Sendable, Hashable {
    /// An address to listen on.
    public enum Address: Sendable, Hashable {
        /// A Unix socket of mode 0600.
        case socket(path: String)
        /// TCP; port 0 picks one.
        case tcp(host: String, port: Int)
    }

    public var address: Address
    /// What a client has to send as its bearer token; needed with TCP.
    public var token: String?

    public init(address: Address, token: String? = nil) {
        self.address = address
        self.token = token
    }
}
