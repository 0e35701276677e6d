/// What an operator is told, and does: incidents, lints, actions.
extension FeedEvent {
    /// The funnel of an incident: who was lost, and how far each has come back.
    public struct IncidentFigures: Sendable, Hashable {
        public var incident: Int
        public var cause: String
        /// Connections lost, nil if no roster told.
        public var dropped: Int?
        public var probes: Int
        /// Probes answered, at most ``dropped``: a HEAD has no name.
        public var probed: Int
        public var upgraded: Int
        public var namespacesBack: Int
        public var roomsBack: Int
        public var missing: Int?
        /// Percentiles of the restore, nil while nobody is back.
        public var p50: Milliseconds?
        public var p95: Milliseconds?
        public var p99: Milliseconds?
        /// Only when closed, at most 1000.
        public var missingKeys: [MissingKey]?
        public init(
            incident: Int, cause: String, dropped: Int?, probes: Int = 0, probed: Int = 0, upgraded: Int = 0, namespacesBack: Int = 0,
            roomsBack: Int = 0, missing: Int? = nil, p50: Milliseconds? = nil, p95: Milliseconds? = nil, p99: Milliseconds? = nil,
            missingKeys: [MissingKey]? = nil
        ) {
            self.incident = incident
            self.cause = cause
            self.dropped = dropped
            self.probes = probes
            self.probed = probed
            self.upgraded = upgraded
            self.namespacesBack = namespacesBack
            self.roomsBack = roomsBack
            self.missing = missing
            self.p50 = p50
            self.p95 = p95
            self.p99 = p99
            self.missingKeys = missingKeys
        }
    }

    /// A key of which connections are missing, with the ids that may be meant.
    public struct MissingKey: Sendable, Hashable {
        public var key: String?
        public var count: Int
        public var connections: [String]
        public init(key: String?, count: Int, connections: [String]) {
            self.key = key
            self.count = count
            self.connections = connections
        }
    }

    public struct Lint: Sendable, Hashable {
        public var lint: String
        public var subject: String
        public var detail: String
        public var remedy: String
        public init(lint: String, subject: String, detail: String, remedy: String) {
            self.lint = lint
            self.subject = subject
            self.detail = detail
            self.remedy = remedy
        }
    }

    public struct OperatorAction: Sendable, Hashable {
        /// The action that tells that the listener which a drill closed is open again, before anybody is accepted.
        package static let listenerBack = "listener back"
        /// The result of a pause, or of its end, where it was so before.
        package static let pausedAlready = "it was paused already"
        package static let notPaused = "it was not paused"
        /// No drill keeps its listener away for longer.
        package static let mostAway: Milliseconds = 3_600_000

        public var action: String
        public var by: String
        public var target: String
        public var count: Int
        public var result: String
        /// For how long a drill is going to keep the listener away, and, where it is back, for how long it was; nil for all else.
        public var away: Milliseconds?
        /// Of a pause or its end: whether it is so now. The result of one that was refused is why.
        package var isInForce: Bool { [OperatorOutcome.done, Self.pausedAlready, Self.notPaused].contains(result) }

        public init(action: String, by: String, target: String, count: Int, result: String, away: Milliseconds? = nil) {
            self.action = action
            self.by = by
            self.target = target
            self.count = count
            self.result = result
            self.away = away
        }
    }
}
