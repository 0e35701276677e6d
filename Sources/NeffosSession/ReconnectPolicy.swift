/// How a client comes back after a drop (protocol section 7).
package struct ReconnectPolicy: Sendable, Hashable {
    /// The wait before the first attempt; zero or less: never come back.
    package var interval: Duration
    /// The part of a wait that chance takes away or adds, 0 to 1, so that many clients of one outage do not come at once.
    package var jitter: Double
    /// What each further wait is multiplied by; 1 keeps the interval.
    package var multiplier: Double
    /// The longest wait, before jitter.
    package var maximum: Duration
    /// Attempts in one outage; nil: no bound.
    package var maxTries: Int?
    /// Whether a `HEAD` asks for the server before each dial.
    package var probes: Bool
    /// Whether a very first dial that failed is tried again like one of an outage.
    package var retriesFirstDial: Bool

    package init(
        interval: Duration, jitter: Double = 0.2, multiplier: Double = 1, maximum: Duration = .seconds(60), maxTries: Int? = nil,
        probes: Bool = true, retriesFirstDial: Bool = false
    ) {
        self.interval = interval
        self.jitter = jitter
        self.multiplier = multiplier
        self.maximum = maximum
        self.maxTries = maxTries
        self.probes = probes
        self.retriesFirstDial = retriesFirstDial
    }

    /// Lets a drop be the end.
    package static let never = ReconnectPolicy(interval: .zero)

    package var comesBack: Bool { interval > .zero }
}
