public import NeffosFeed

/// A loss of connections and how far they have come back: the funnel dropped, probed, upgraded, namespaces back, rooms back.
public struct Incident: Sendable, Hashable {
    public enum Cause: String, Sendable, Hashable, CaseIterable {
        case restart
        case listenerAway = "listener away"
        case drill
        case network
        case kick
        /// The server closed them itself, and stayed.
        case server
    }

    /// The most in any one second.
    public struct Peaks: Sendable, Hashable {
        public var closes = 0
        public var probes = 0
        public var upgrades = 0
        public var rejected = 0
        public init() {}
    }

    /// One value a second from the opening on, at most ``limit``.
    public struct Series: Sendable, Hashable {
        public static let limit = 120
        public var closes: [Int] = []
        public var probes: [Int] = []
        public var upgrades: [Int] = []
        public var rejected: [Int] = []
        public init() {}
    }

    /// Clients of one key that have not upgraded again.
    public struct MissingClient: Sendable, Hashable {
        public var key: String?
        /// `address:port` of the first of them.
        public var remote: String
        /// Where the first of them was.
        public var namespaces: [NamespaceMembership]
        /// The ids that may be meant, at most 256; more than ``count`` where others of the same key came back without telling who they were.
        public var ids: [String]
        public var count: Int

        public init(key: String?, remote: String, namespaces: [NamespaceMembership], ids: [String], count: Int) {
            self.key = key
            self.remote = remote
            self.namespaces = namespaces
            self.ids = ids
            self.count = count
        }
    }

    /// Counts from 1.
    public var number: Int
    public var cause: Cause
    public var openedAt: FeedTime
    public var closedAt: FeedTime?
    /// Clients lost; nil where no roster told.
    public var dropped: Int?
    /// HEAD probes since the opening, answered or not.
    public var probes = 0
    /// Answered probes, at most ``dropped``: a HEAD has no name.
    public var probed = 0
    public var upgraded = 0
    public var namespacesBack = 0
    public var roomsBack = 0
    /// Clients not upgraded again; nil where ``dropped`` is.
    public var missing: Int?
    /// Percentiles (nearest rank) of the time until a client was whole again, in milliseconds; nil while nobody is.
    public var p50: Milliseconds?
    public var p95: Milliseconds?
    public var p99: Milliseconds?
    /// How many came back with so many tries.
    public var tries: [Int: Int] = [:]
    /// How long the server was away, from the last life sign in the roster to its start; nil where it stayed or nothing tells.
    public var away: Milliseconds?
    /// The outage as the clients saw it (tries times their interval), where the interval is known.
    public var clientsSaw: ClosedRange<Milliseconds>?
    public var peaks = Peaks()
    public var series = Series()
    /// At most 1000.
    public var missingClients: [MissingClient] = []

    public var isOpen: Bool { closedAt == nil }

    public init(number: Int, cause: Cause, openedAt: FeedTime, dropped: Int?) {
        self.number = number
        self.cause = cause
        self.openedAt = openedAt
        self.dropped = dropped
    }

    /// The fields of `incident.opened`, `.updated` and, with the missing keys, `.closed`.
    public var figures: FeedEvent.IncidentFigures {
        FeedEvent.IncidentFigures(
            incident: number, cause: cause.rawValue, dropped: dropped, probes: probes, probed: probed, upgraded: upgraded,
            namespacesBack: namespacesBack, roomsBack: roomsBack, missing: missing, p50: p50, p95: p95, p99: p99,
            missingKeys: isOpen ? nil : missingClients.map { .init(key: $0.key, count: $0.count, connections: $0.ids) })
    }
}
