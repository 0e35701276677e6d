/// How a ``Client`` dials, comes back and bounds what it holds.
public struct ClientConfiguration: Sendable {
    /// Whether and how it comes back after a drop.
    public var reconnect = Reconnection()
    /// Asked before each wait on the way back, with how the connection was lost and the number of the coming attempt, 1 first; false: the
    /// client ends with ``ClientState/Reason/lost(_:)``. It may take its time, such as until there is a network; the client stays
    /// ``ClientState/waiting(tries:)``. It can only forbid: after a close that one does not come back after it is not asked. Where a first
    /// dial is tried again (``Reconnection/retriesFirstDial``), what failed is the reason of a 1006.
    public var shouldReconnect: (@Sendable (CloseInfo, _ tries: Int) async -> Bool)?
    /// Told what fails on the way back, beside the log. Called on the client's loop: it must return soon.
    public var onProblem: (@Sendable (ClientProblem) -> Void)?
    /// Sent with each upgrade, not with probes. Those of the handshake itself (`Host`, `Connection`, `Upgrade`, `Sec-WebSocket-*`) are ours.
    public var headers: [(String, String)] = []
    /// Asked before each dial, for what grows old, such as a token; its headers take the place of those of the same name in ``headers``.
    /// Where it throws, or takes longer than ``dialWithin``, the dial has failed.
    public var freshHeaders: (@Sendable () async throws -> [(String, String)])?
    /// The address of this machine to dial from, an IP address of the server's family; nil: the system chooses. A machine has only so many
    /// ports from one address to one server: several addresses have so many each.
    public var localAddress: String?
    /// What may pass from the first packet to the answer of the upgrade.
    public var dialWithin = Duration.seconds(10)
    /// What may pass until a probe is answered; servers may hold an answer back to spread a crowd.
    public var probeWithin = Duration.seconds(15)
    /// What may pass from the upgrade to the server's ack.
    public var ackWithin = Duration.seconds(10)
    /// What an answer of the server may take where a call does not say: of an ask, of a namespace or a room.
    public var answerWithin = Connection.answerWithin
    /// What a namespace or room may take to be entered again after a drop.
    public var restoreWithin = Connection.answerWithin
    /// The largest message to accept, fragments together, in bytes.
    public var messageBytes = 1 << 20
    /// What may wait to be sent before the next message is one too many, in bytes; 0: no bound. More closes the connection with 1013, after
    /// which the client comes back.
    public var outboxBytes = 8 << 20
    /// How a silent server is noticed.
    public var heartbeat = Heartbeat()
    /// Whom a `wss://` client trusts, and who it is.
    public var tls = TLS()
    /// Sent as `User-Agent` with each probe and upgrade.
    public var userAgent = "neffos-swift/0.1.0"
    /// Told of each step on the way, on the client's loop: for measuring.
    package var trace: (@Sendable (ClientTrace) -> Void)?

    /// With the defaults.
    public init() {}

    /// How a silent server is noticed: it is pinged, and where not even that is answered, the connection is cut and counts as lost, 1006
    /// (protocol section 6). Every frame is a sign of life.
    ///
    /// One looks once a second, or as often as ``every`` where that is less, down to a tenth of a second: so late may a ping be.
    public struct Heartbeat: Sendable, Hashable {
        /// After how long a silence the server is pinged; zero or less: never, and then it is not cut either.
        public var every = Duration.seconds(25)
        /// After how long a silence the connection counts as lost; where that is not more than ``every``, the time begins with the ping. Zero
        /// or less: never, so that pings only keep what is between awake.
        public var timeout = Duration.seconds(60)
        /// With the defaults.
        public init() {}

        /// - Parameters: see the properties of the same names.
        public init(every: Duration, timeout: Duration) {
            self.every = every
            self.timeout = timeout
        }
    }

    /// Whom a `wss://` client trusts, and who it is. Files are read once, when the client is made. TLS 1.2 is the least.
    public struct TLS: Sendable, Hashable {
        /// PEM files of certificates to trust in place of the system's.
        public var trustedCertificates: [String] = []
        /// What the certificate of the server has to be.
        public var verification = Verification.full
        /// What the client shows to a server that asks who it is (mutual TLS).
        public var identity: Identity?
        /// With the defaults.
        public init() {}

        /// A certificate with its key.
        public struct Identity: Sendable, Hashable {
            /// A PEM file with the certificate first, then those between it and one that the server trusts.
            public var certificate: String
            /// A PEM file with the certificate's key, not encrypted.
            public var key: String

            /// - Parameters: paths of PEM files, see the properties of the same names.
            public init(certificate: String, key: String) {
                self.certificate = certificate
                self.key = key
            }
        }

        /// What the certificate of a server has to be.
        public enum Verification: String, Sendable, Hashable, CaseIterable {
            /// The certificate must be trusted and name the host.
            case full
            /// The certificate must be trusted, whatever it names.
            case anyHost = "any-host"
            /// Anyone is trusted. For tests.
            case none
        }
    }
}
