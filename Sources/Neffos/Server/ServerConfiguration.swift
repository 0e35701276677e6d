import NIOCore

/// How a ``Server`` listens, whom it takes and what it bounds.
public struct ServerConfiguration: Sendable {
    /// What it listens on.
    public var listener = Listener.address
    /// The address to listen on; `0.0.0.0` or `::` are all of the machine's.
    public var host = "127.0.0.1"
    /// 0 lets the kernel pick one.
    public var port = 8080
    /// Matched exactly, the query aside.
    public var path = "/echo"
    /// The name of this server in the feed.
    public var node = "neffos"
    /// The certificate of a `wss://` server; nil: `ws://`.
    public var tls: TLSFiles?
    /// How a client is known across connections.
    public var identity = Identity()
    /// What happens with each newcomer, beside ``ServerHooks/onConnect``.
    public var onConnect = OnConnect()
    /// What is bounded, and how much it may be.
    public var limits = Limits()
    /// How a silent client is noticed.
    public var heartbeat = Heartbeat()
    /// Pages that may connect: `same` for the server's own origin, origins such as `https://example.org`, `null`; `*` for any.
    public var origins: [String] = ["same"]
    /// Names that may come as URL parameters, beside the default ones (protocol section 1).
    public var parameterHeaders: [String] = []
    /// Subprotocols it speaks (RFC 6455 section 1.9), the preferred first. A client that offers some gets the first of these among them; a
    /// browser that offers some and gets none does not connect.
    public var subprotocols: [String] = []
    /// Addresses and ranges (`10.0.0.0/8`, `2001:db8::/32`) of proxies that are believed when they tell who a client is: by a PROXY header
    /// (version 1 or 2), or by `X-Forwarded-For`; and by `X-Forwarded-Proto` that it speaks TLS. Nobody else's word is taken.
    public var trustedProxies: [String] = []
    /// How many threads serve connections; as many as there are processors.
    public var eventLoops: Int = System.coreCount
    /// What `server.started` says.
    public var version = "0.1.0"
    /// How long a stop waits for outboxes to empty.
    public var grace = Duration.seconds(5)
    /// Whether every command of an operator that changes something is refused.
    public var isReadOnly = false

    /// With the defaults.
    public init() {}

    /// What a server listens on.
    public enum Listener: Sendable, Hashable {
        /// ``ServerConfiguration/host`` and ``ServerConfiguration/port``.
        case address
        /// A Unix socket: nobody connects who may not write to its file, and nobody from another machine. A file that is left of an earlier
        /// server is taken over, one that a server answers on is not; a folder that is missing is made with mode 0700. The file is
        /// removed at the stop.
        ///
        /// - Parameters:
        ///   - path: absolute, at most 103 bytes.
        ///   - mode: of the file, from the moment on that it is there.
        case unixSocket(path: String, mode: UInt16 = 0o600)
        /// A stream socket that is bound, as a service manager passes it (descriptor 3, with systemd). It is the server's, which closes it at
        /// its stop.
        case descriptor(Int32)
    }

    /// PEM files. They are read again when they change; see ``Server/reloadTLS()``.
    public struct TLSFiles: Sendable, Hashable {
        /// The certificate, and those that it is signed by, in order.
        public var certificate: String
        /// The certificate's key, not encrypted.
        public var key: String
        /// How often the files are looked at; zero: never.
        public var reloadEvery = Duration.seconds(5)
        /// - Parameters: paths, see the properties of the same names.
        public init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// How a client is known across connections.
    public struct Identity: Sendable, Hashable {
        /// The header whose value names the client; nil: address and agent do.
        public var header: String?
        /// What the header's value is.
        public var use: Use
        /// - Parameters: see the properties of the same names.
        public init(header: String? = nil, use: Use = .key) {
            self.header = header
            self.use = use
        }

        /// What an identity header's value is.
        public enum Use: String, Sendable, Hashable, CaseIterable {
            /// The value is the key of its lineage; ids are UUIDs.
            case key
            /// The value is the id, too.
            case id
        }
    }

    /// What the server does with each newcomer.
    public struct OnConnect: Sendable, Hashable {
        /// Namespaces it connects the client to, in order.
        public var connect: [String]
        /// Rooms by namespace it puts the client into.
        public var join: [String: [String]]
        /// The error text that every client is refused with; nil: none is.
        public var refuse: String?
        /// - Parameters: see the properties of the same names.
        public init(connect: [String] = [], join: [String: [String]] = [:], refuse: String? = nil) {
            self.connect = connect
            self.join = join
            self.refuse = refuse
        }
    }

    /// 0 means no bound.
    public struct Limits: Sendable, Hashable {
        /// Of a whole message's payload, fragments together, in bytes.
        public var messageBytes = 1 << 20
        /// Connections at once; one more is answered 503. A start clamps it to the file descriptors that the process may have.
        public var connections = 100_000
        /// An IPv6 address counts together with all of its /64, which one subscriber has.
        public var connectionsPerAddress = 0
        /// One more is refused with `limit reached`.
        public var namespacesPerConnection = 32
        /// In all namespaces together; one more is refused with `limit reached`.
        public var roomsPerConnection = 256
        /// What an outbox may hold before the next message is one too many, in bytes.
        public var outboxBytes = 1 << 20
        /// From the upgrade to the client's `M`.
        public var ackWithin = Duration.seconds(10)
        /// From the TCP connection to the whole request, and how long an answered probe holds a place.
        public var handshakeWithin = Duration.seconds(10)
        /// Probes answered a second; a burst of one second's worth is free.
        public var admitPerSecond = 0
        /// How long a probe's answer may be held back for its turn.
        public var probeHold = Duration.seconds(5)
        /// With the defaults.
        public init() {}
    }

    /// How a silent client is noticed: it is pinged, and cut where it does not answer, which counts as 1006 (protocol section 6). Every frame is a
    /// sign of life.
    public struct Heartbeat: Sendable, Hashable {
        /// How often a silent client is pinged.
        public var every = Duration.seconds(25)
        /// How long it may stay silent.
        public var timeout = Duration.seconds(60)
        /// With the defaults.
        public init() {}
    }
}
