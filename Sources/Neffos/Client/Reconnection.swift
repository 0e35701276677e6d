import NeffosSession

/// How a client comes back after it lost its connection (protocol section 7): it waits, asks with a `HEAD` whether the server is there, and
/// dials; where one of these fails, it waits again.
///
/// Whether it comes back at all is told by how the connection ended: after a lost network and the codes 1001, 1006, 1011, 1012 and 1013
/// it does; after any other code, an `H` answer or ``Client/close(_:reason:)`` it does not (protocol section 6).
public struct Reconnection: Sendable, Hashable {
    /// The wait before each attempt; zero or less: a lost connection is the end.
    public var interval: Duration
    /// The part of a wait that chance takes away or adds, 0 to 1, so that the clients of one outage do not all come at once.
    public var jitter: Double
    /// What each further wait of an outage is multiplied by; 1 keeps the interval.
    public var multiplier: Double
    /// The longest wait, before jitter; where it is less than ``interval``, the wait is the interval.
    public var maximum: Duration
    /// Attempts in one outage; nil: no bound.
    public var maxTries: Int?
    /// Whether a `HEAD` asks for the server before each dial. Without, each attempt is a dial at once, for a server or proxy that does not
    /// answer `HEAD`.
    public var probes = true
    /// Whether ``Client/connect()`` does not fail when its first dial does, but goes on as on the way back: it waits, probes and dials until
    /// it is acknowledged, refused with `H` or a close that one does not come back after, cancelled, or out of tries, of which the first
    /// dial is one. As there was no connection to come back from, the server is told of no tries.
    public var retriesFirstDial = false

    /// - Parameters: see the properties of the same names.
    public init(
        interval: Duration = .seconds(2), jitter: Double = 0.2, multiplier: Double = 1, maximum: Duration = .seconds(60),
        maxTries: Int? = nil
    ) {
        self.interval = interval
        self.jitter = jitter
        self.multiplier = multiplier
        self.maximum = maximum
        self.maxTries = maxTries
    }

    /// A lost connection is the end.
    public static let never = Reconnection(interval: .zero)

    /// Waits that grow: `first`, then each `factor` times the one before, up to `maximum`.
    public static func exponential(
        first: Duration = .seconds(1), factor: Double = 2, maximum: Duration = .seconds(30), jitter: Double = 0.2, maxTries: Int? = nil
    ) -> Reconnection {
        Reconnection(interval: first, jitter: jitter, multiplier: factor, maximum: maximum, maxTries: maxTries)
    }

    var policy: ReconnectPolicy {
        ReconnectPolicy(
            interval: interval, jitter: jitter, multiplier: multiplier, maximum: maximum, maxTries: maxTries, probes: probes,
            retriesFirstDial: retriesFirstDial)
    }
}
