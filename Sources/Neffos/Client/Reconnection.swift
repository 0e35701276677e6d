import NeffosSession

/// How a client comes back after it lost its connection (protocol section 7).
public struct Reconnection: Sendable, Hashable {
    /// The wait before each attempt.
    public var interval: Duration
    /// The part of a wait that chance takes away or adds, 0 to 1, so that the clients of one outage do not all come at once.
    public var jitter: Double
    /// What each further wait of an outage is multiplied by; 1 keeps the interval.
    public var multiplier: Double
    /// The longest wait, before jitter.
    public var maximum: Duration
    /// Attempts in one outage; nil: no bound.
    public var maxTries: Int?

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

    var policy: ReconnectPolicy {
        ReconnectPolicy(interval: interval, jitter: jitter, multiplier: multiplier, maximum: maximum, maxTries: maxTries)
    }
}
