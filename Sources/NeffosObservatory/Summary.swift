/// What a run came to.
public struct Summary: Sendable, Hashable {
    /// Messages and bytes are exact for connections that are closed; while some are open they are what the samples say, if that is more.
    public struct Totals: Sendable, Hashable {
        public var opened = 0
        public var closed = 0
        public var returned = 0
        public var probes = 0
        public var rejected = 0
        public var messagesIn = 0
        public var messagesOut = 0
        public var bytesIn = 0
        public var bytesOut = 0
        public var violations = 0
        public init() {}
    }

    public struct Peaks: Sendable, Hashable {
        public var connections = 0
        public var probesPerSecond = 0.0
        public var messagesInPerSecond = 0.0
        public var messagesOutPerSecond = 0.0
        public init() {}
    }

    /// How often a lint was raised, and whether it still is.
    public struct LintCount: Sendable, Hashable {
        public var lint: String
        public var raised: Int
        public var active: Int
        public init(lint: String, raised: Int, active: Int) {
            self.lint = lint
            self.raised = raised
            self.active = active
        }
    }

    /// Events taken in, and events that the feed had to drop.
    public struct Feed: Sendable, Hashable {
        public var events = 0
        public var missed = 0
        public init() {}
    }

    public var totals = Totals()
    public var peaks = Peaks()
    /// Oldest first.
    public var incidents: [Incident] = []
    public var lints: [LintCount] = []
    public var feed = Feed()

    public init() {}
}
