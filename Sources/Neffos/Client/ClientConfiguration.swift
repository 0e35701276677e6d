/// How a ``Client`` dials, comes back and bounds what it holds.
public struct ClientConfiguration: Sendable {
    public var reconnect = Reconnection()
    /// Sent with each upgrade, not with probes. Those of the handshake itself (`Host`, `Connection`, `Upgrade`, `Sec-WebSocket-*`) are ours.
    public var headers: [(String, String)] = []
    /// Asked before each dial, for what grows old, such as a token; its headers take the place of those of the same name in ``headers``.
    /// Where it throws, the dial has failed.
    public var freshHeaders: (@Sendable () async throws -> [(String, String)])?
    /// What may pass from the first packet to the answer of the upgrade.
    public var dialWithin = Duration.seconds(10)
    /// What may pass until a probe is answered; servers may hold an answer back to spread a crowd.
    public var probeWithin = Duration.seconds(15)
    /// What may pass from the upgrade to the server's ack.
    public var ackWithin = Duration.seconds(10)
    /// What a namespace or room may take to be entered again after a drop.
    public var restoreWithin = Connection.answerWithin
    /// The largest message to accept, fragments together, in bytes.
    public var messageBytes = 1 << 20
    /// What may wait to be sent before the next message is one too many, in bytes; 0: no bound. More closes the connection with 1013, after
    /// which the client comes back.
    public var outboxBytes = 8 << 20
    public var heartbeat = Heartbeat()
    public var tls = TLS()
    public var userAgent = "neffos-swift/0.1.0"

    public init() {}

    /// How a silent server is noticed.
    public struct Heartbeat: Sendable, Hashable {
        /// How often a silent server is pinged; zero: never.
        public var every = Duration.seconds(25)
        /// How long it may stay silent before the connection counts as lost.
        public var timeout = Duration.seconds(60)
        public init() {}
    }

    /// Whom a `wss://` client trusts.
    public struct TLS: Sendable, Hashable {
        /// PEM files of certificates to trust in place of the system's.
        public var trustedCertificates: [String] = []
        public var verification = Verification.full
        public init() {}

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
