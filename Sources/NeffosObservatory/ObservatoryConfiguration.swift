public import NeffosFeed

/// What the model is told from outside: the `incidents` and the `lints` sections of the configuration.
public struct ObservatoryConfiguration: Sendable, Hashable {
    /// Drops within one second that open an incident.
    public var closesPerSecond: Int
    /// Drops within one second that open an incident, in percent of the connections that were open before it.
    public var percent: Double
    /// Fewer drops than this within a second never open one.
    public var least: Int
    /// An incident closes when nobody came back for this long. The time in which nobody could, as a drill's listener was away, does not count.
    public var settle: Milliseconds
    public var lints: LintSettings

    public init(
        closesPerSecond: Int = 20, percent: Double = 10, least: Int = 1, settle: Milliseconds = 30_000, lints: LintSettings = .init()
    ) {
        self.closesPerSecond = closesPerSecond
        self.percent = percent
        self.least = least
        self.settle = settle
        self.lints = lints
    }
}
