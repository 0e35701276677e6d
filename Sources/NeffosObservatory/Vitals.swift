public import NeffosFeed

/// What a server is doing, as its feed tells.
public enum ServerPhase: String, Sendable, Hashable, CaseIterable { case starting, running, draining, stopped }

/// How often something happened. Seconds are whole seconds of the events' own time, so the newest second is the last complete one.
public struct Rates: Sendable, Hashable {
    /// Per second, over the last complete second.
    public var perSecond1: Double
    /// Per second, over the last ten complete seconds.
    public var perSecond10: Double
    /// Per second, over the last sixty complete seconds.
    public var perSecond60: Double
    /// The most in any one second, the one now running included.
    public var peak: Double

    public init(perSecond1: Double = 0, perSecond10: Double = 0, perSecond60: Double = 0, peak: Double = 0) {
        self.perSecond1 = perSecond1
        self.perSecond10 = perSecond10
        self.perSecond60 = perSecond60
        self.peak = peak
    }
}

/// The figures that stand above every screen.
public struct Vitals: Sendable, Hashable {
    public var state: ServerPhase = .starting
    /// Empty until the server told.
    public var url = ""
    public var version = ""
    /// The name of the node, where the host of the model set one.
    public var node: String?
    public var startedAt: FeedTime?
    public var connections = 0
    public var connectionsPeak = 0
    /// Change of ``connections`` over the last ten seconds.
    public var delta10s = 0
    /// Namespaces and rooms with a member.
    public var namespaces = 0
    public var rooms = 0
    /// Connections that came back: opened with tries, or with the id they had before.
    public var returned = 0
    /// Those of them that an operator had closed before.
    public var returnedAfterKick = 0
    /// The most tries a returned connection told of.
    public var maxTries = 0
    public var opened = 0
    public var closed = 0
    public var rejected = 0
    public var probes = 0
    public var violations = 0
    public var probeRate = Rates()
    public var openedRate = Rates()
    public var closedRate = Rates()
    /// The newest `sample` of the feed.
    public var sample: FeedEvent.Sample?
    /// Events that the feed had to drop.
    public var missed = 0

    public init() {}
}

/// What ``Observatory/history(_:buckets:)`` keeps, one value a second. Connections are those open at the second's end.
public enum Series: String, Sendable, Hashable, CaseIterable {
    case connections, opened, closed, returned, probes, rejected, messagesIn, messagesOut
}
