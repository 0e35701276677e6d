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

        /// Whether clients came back because of the server or an operator, so that it says nothing against them or their network.
        public var isPlanned: Bool {
            switch self {
            case .restart, .listenerAway, .drill, .kick, .server: true
            case .network: false
            }
        }
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
        /// Probes from its address since the incident began.
        public var knocks: Int
        /// Why the last upgrade from its address was refused, where one was since the incident began.
        public var refusal: String?

        public init(
            key: String?, remote: String, namespaces: [NamespaceMembership], ids: [String], count: Int, knocks: Int = 0,
            refusal: String? = nil
        ) {
            self.key = key
            self.remote = remote
            self.namespaces = namespaces
            self.ids = ids
            self.count = count
            self.knocks = knocks
            self.refusal = refusal
        }
    }

    /// What became of the missing, by the addresses they had: a HEAD has no name. Each is counted once.
    public struct Whereabouts: Sendable, Hashable {
        /// An upgrade from its address was refused.
        public var refused = 0
        /// Its address has probed, but it has not upgraded.
        public var knocked = 0
        /// Nothing was heard from its address: it gave up, has no network, or something in between answers for the server.
        public var silent = 0
        /// There were more addresses than are kept: some of the silent may have knocked.
        public var isIncomplete = false
        public init() {}
    }

    /// How the returns were spread in time.
    public struct Shape: Sendable, Hashable {
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            /// Most came at the same point of their interval: the clients have no jitter.
            case herd
            case spread
        }
        public var kind: Kind
        /// So many of them came at the densest point of the interval, 0 to 1.
        public var share: Double
        /// At which the clients try, estimated; nil where they told no tries.
        public var interval: Milliseconds?
        /// The most that came within 100 ms.
        public var burst: Int
        /// When that was, from the opening on.
        public var burstAt: Milliseconds

        public init(kind: Kind, share: Double, interval: Milliseconds?, burst: Int, burstAt: Milliseconds) {
            self.kind = kind
            self.share = share
            self.interval = interval
            self.burst = burst
            self.burstAt = burstAt
        }
    }

    /// A client that came back.
    public struct Returned: Sendable, Hashable {
        public var key: String?
        /// The id it was lost with.
        public var id: String
        /// The id it has now; nil where it has left since.
        public var connection: String?
        public var tries: Int
        /// Until it was whole again.
        public var restored: Milliseconds

        public init(key: String?, id: String, connection: String?, tries: Int, restored: Milliseconds) {
            self.key = key
            self.id = id
            self.connection = connection
            self.tries = tries
            self.restored = restored
        }
    }

    /// Counts from 1.
    public var number: Int
    /// How many runs of the server ago it was; each run counts its incidents from 1.
    public var runsBefore = 0
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
    /// How long the server was away: from the last life sign in the roster to its start, or for as long as a drill closed its listener. Nil
    /// where it stayed or nothing tells.
    public var away: Milliseconds?
    /// The outage as the clients saw it (tries times their interval), where the interval is known.
    public var clientsSaw: ClosedRange<Milliseconds>?
    /// At which the clients try: the median of each one's outage divided by its tries; nil where they told none.
    public var clientInterval: Milliseconds?
    /// Nil where ``missing`` is.
    public var whereabouts: Whereabouts?
    /// Nil while too few are back to tell.
    public var shape: Shape?
    /// Clients that an operator closed; they are not ``dropped``, and nobody misses them. ``upgraded`` are those who came back all the same.
    public var kicked = 0
    /// Those who took longest to be whole again, the last first, at most 20; only once it is over.
    public var slowest: [Returned] = []
    public var peaks = Peaks()
    public var series = Series()
    /// At most 1000, in the order of their names: numbers in them by their value, those without a key last.
    public var missingClients: [MissingClient] = []

    public var isOpen: Bool { closedAt == nil }

    /// Of those who were lost, so many of a hundred are whole again; nil where nobody knows how many were lost.
    public var restoredPercent: Double? { dropped.map { $0 == 0 ? 100 : Double(roomsBack) * 100 / Double($0) } }

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
