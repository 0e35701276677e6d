public import NeffosFeed

/// A namespace and the rooms of it that a connection is in, sorted by name.
public struct NamespaceMembership: Sendable, Hashable {
    public var name: String
    public var rooms: [String]

    public init(name: String, rooms: [String] = []) {
        self.name = name
        self.rooms = rooms
    }
}

/// A connection that is open now.
public struct ConnectionRow: Identifiable, Sendable, Hashable {
    /// What was asked for lately: see ``Observatory/take(_:at:)``.
    public struct Figures: Sendable, Hashable {
        /// Since the ack, without control frames.
        public var messagesIn = 0
        public var messagesOut = 0
        /// Payloads.
        public var bytesIn = 0
        public var bytesOut = 0
        /// Messages a second between the last two times of asking; 0 after the first.
        public var rateIn = 0.0
        public var rateOut = 0.0
        /// The same for bytes.
        public var byteRateIn = 0.0
        public var byteRateOut = 0.0
        /// What waits for the client.
        public var queuedBytes = 0
        /// Since something came of it last, a pong too.
        public var idle: Milliseconds = 0
        /// Of the last ping that was answered, in microseconds.
        public var roundTrip: Int?
        public init() {}
    }

    public var id: String
    public var key: String?
    /// The id it had before it was lost, where that is known.
    public var previous: String?
    /// `address:port`.
    public var remote: String
    public var userAgent: String?
    public var openedAt: FeedTime
    /// From the upgrade to the acknowledgement, in milliseconds; nil until then.
    public var acknowledgedAfter: Milliseconds?
    /// Attempts it made in the outage it came back from.
    public var tries: Int
    /// How often this key has come back since the model began.
    public var returns: Int
    /// How often it came back within the last hour, restarts and drills aside; an estimate from the last eight where they were more.
    public var returnsPerHour = 0.0
    /// Whether it came back though an operator had closed it.
    public var isAfterKick = false
    public var tls: Bool
    /// Sorted by name.
    public var namespaces: [NamespaceMembership]
    public var roomCount: Int
    public var state: ConnectionState
    public var violations: Int
    /// Nil where nobody asked for them within the last fifteen seconds.
    public var figures: Figures?

    public init(
        id: String, key: String? = nil, previous: String? = nil, remote: String, userAgent: String? = nil, openedAt: FeedTime,
        acknowledgedAfter: Milliseconds? = nil, tries: Int = 0, returns: Int = 0, tls: Bool = false, namespaces: [NamespaceMembership] = [],
        state: ConnectionState = .opened, violations: Int = 0, figures: Figures? = nil
    ) {
        self.id = id
        self.key = key
        self.previous = previous
        self.remote = remote
        self.userAgent = userAgent
        self.openedAt = openedAt
        self.acknowledgedAfter = acknowledgedAfter
        self.tries = tries
        self.returns = returns
        self.tls = tls
        self.namespaces = namespaces
        roomCount = namespaces.reduce(0) { $0 + $1.rooms.count }
        self.state = state
        self.violations = violations
        self.figures = figures
    }
}

/// The figures one by one, nil where nobody asked for them.
extension ConnectionRow {
    public var messagesIn: Int? { figures?.messagesIn }
    public var messagesOut: Int? { figures?.messagesOut }
    public var bytesIn: Int? { figures?.bytesIn }
    public var bytesOut: Int? { figures?.bytesOut }
    /// Messages a second.
    public var rateIn: Double? { figures?.rateIn }
    public var rateOut: Double? { figures?.rateOut }
    public var byteRateIn: Double? { figures?.byteRateIn }
    public var byteRateOut: Double? { figures?.byteRateOut }
    public var queuedBytes: Int? { figures?.queuedBytes }
    public var idle: Milliseconds? { figures?.idle }
    /// In microseconds.
    public var roundTrip: Int? { figures?.roundTrip }
}
