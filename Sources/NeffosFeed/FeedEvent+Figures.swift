/// Figures, losses of the feed, and who is here.
extension FeedEvent {
    /// The figures of one second.
    public struct Sample: Sendable, Hashable {
        public var connections: Int
        /// Namespaces and rooms with a member.
        public var namespaces: Int
        public var rooms: Int
        public var messagesInPerSecond: Double
        public var messagesOutPerSecond: Double
        public var bytesInPerSecond: Double
        public var bytesOutPerSecond: Double
        public var probesPerSecond: Double
        public var openedPerSecond: Double
        public var closedPerSecond: Double
        /// Of one core, so that two busy cores are 200.
        public var cpuPercent: Double
        public var memoryBytes: Int
        /// The longest time an event loop was late by.
        public var loopLag: Double
        /// The longest time a handler that may wait took, of those that ended, in milliseconds; 0 where none did.
        public var slowestHandler: Double
        public init(
            connections: Int = 0, namespaces: Int = 0, rooms: Int = 0, messagesInPerSecond: Double = 0, messagesOutPerSecond: Double = 0,
            bytesInPerSecond: Double = 0, bytesOutPerSecond: Double = 0, probesPerSecond: Double = 0, openedPerSecond: Double = 0,
            closedPerSecond: Double = 0, cpuPercent: Double = 0, memoryBytes: Int = 0, loopLag: Double = 0, slowestHandler: Double = 0
        ) {
            self.connections = connections
            self.namespaces = namespaces
            self.rooms = rooms
            self.messagesInPerSecond = messagesInPerSecond
            self.messagesOutPerSecond = messagesOutPerSecond
            self.bytesInPerSecond = bytesInPerSecond
            self.bytesOutPerSecond = bytesOutPerSecond
            self.probesPerSecond = probesPerSecond
            self.openedPerSecond = openedPerSecond
            self.closedPerSecond = closedPerSecond
            self.cpuPercent = cpuPercent
            self.memoryBytes = memoryBytes
            self.loopLag = loopLag
            self.slowestHandler = slowestHandler
        }
    }

    /// Events that were dropped, by their type.
    public struct FeedGap: Sendable, Hashable {
        public var missed: Int
        public var kinds: [String: Int]
        public init(missed: Int, kinds: [String: Int]) {
            self.missed = missed
            self.kinds = kinds
        }
    }

    /// Who is here: the first event of an attached console, and what follows a gap.
    public struct FeedSnapshot: Sendable, Hashable {
        public var connections: [Present]
        /// Totals since the server started, by name.
        public var counters: [String: Int]
        public init(connections: [Present], counters: [String: Int] = [:]) {
            self.connections = connections
            self.counters = counters
        }

        /// One connection, as it is at the moment of the snapshot. What an older tape does not tell stands at its default.
        public struct Present: Sendable, Hashable {
            public var connection: String
            public var key: String?
            public var remote: String
            public var userAgent: String?
            public var tries: Int
            /// When it was upgraded, nil where that is not told.
            public var opened: FeedTime?
            public var acknowledged: Bool
            public var tls: Bool
            /// The id that the client had before, where it told and the server believed it.
            public var previous: String?
            /// Rooms by namespace.
            public var namespaces: [String: [String]]
            public init(
                connection: String, key: String?, remote: String, userAgent: String? = nil, tries: Int, opened: FeedTime? = nil,
                acknowledged: Bool = true, tls: Bool = false, previous: String? = nil, namespaces: [String: [String]]
            ) {
                self.connection = connection
                self.key = key
                self.remote = remote
                self.userAgent = userAgent
                self.tries = tries
                self.opened = opened
                self.acknowledged = acknowledged
                self.tls = tls
                self.previous = previous
                self.namespaces = namespaces
            }
        }
    }
}
