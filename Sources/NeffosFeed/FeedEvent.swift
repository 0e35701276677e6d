/// Something that happened in a neffos server, as the core publishes it.
///
/// Field names are those of the JSON lines. What a client named (ids, namespaces, rooms, agents, reasons) stands in them as it was: whoever
/// shows it makes it safe first.
public struct FeedEvent: Sendable, Hashable {
    /// When it happened.
    public var time: FeedTime
    /// What happened.
    public var kind: Kind

    /// - Parameters:
    ///   - time: when it happened.
    ///   - kind: what happened.
    public init(time: FeedTime, kind: Kind) {
        self.time = time
        self.kind = kind
    }

    /// The kinds of events; ``typeName`` is a kind's `type` in JSON lines. Counts are numbers of things, bytes are payload bytes, and an address is
    /// `address:port`, where nothing else is said.
    public enum Kind: Sendable, Hashable {
        /// A server listens.
        case serverStarted(ServerState)
        /// It answers no more probes and sends its clients away.
        case serverDraining(ServerState)
        /// The last client has gone.
        case serverStopped(ServerState)
        /// A client asked whether the server is there.
        case probe(Probe)
        /// An upgrade was answered with 101.
        case connectionOpened(ConnectionOpened)
        /// A request for the endpoint was refused.
        case connectionRejected(ConnectionRejected)
        /// A client was accepted, `after` its upgrade.
        case connectionAcknowledged(connection: String, after: Milliseconds)
        /// A connection has ended. It is the last event about it.
        case connectionClosed(ConnectionClosed)
        /// A connection entered a namespace.
        case namespaceConnected(NamespaceChange)
        /// A connection was refused a namespace, by either side.
        case namespaceDenied(NamespaceChange)
        /// A connection left a namespace.
        case namespaceDisconnected(NamespaceChange)
        /// A connection joined a room.
        case roomJoined(RoomChange)
        /// A connection was refused a room, by either side.
        case roomDenied(RoomChange)
        /// A connection left a room.
        case roomLeft(RoomChange)
        /// A message of a connection that is watched.
        case message(TappedMessage)
        /// A client broke a rule of the protocol.
        case protocolViolation(ProtocolViolation)
        /// Many connections were lost at once.
        case incidentOpened(IncidentFigures)
        /// How far they are back.
        case incidentUpdated(IncidentFigures)
        /// All are back, or nobody came back for a while.
        case incidentClosed(IncidentFigures)
        /// Something is worth a look.
        case lintRaised(Lint)
        /// It is not any more.
        case lintCleared(Lint)
        /// An operator did something.
        case operatorAction(OperatorAction)
        /// Figures of the last interval.
        case sample(Sample)
        /// Events were lost here.
        case feedGap(FeedGap)
        /// Who is here: after a gap it makes the picture right again.
        case snapshot(FeedSnapshot)
    }

    /// The `url` a server answers at, its version, and why its state changed.
    public struct ServerState: Sendable, Hashable {
        public var url: String
        public var version: String
        public var reason: String?
        public init(url: String, version: String, reason: String? = nil) {
            self.url = url
            self.version = version
            self.reason = reason
        }
    }

    /// A HEAD request on the endpoint (protocol section 1).
    public struct Probe: Sendable, Hashable {
        public var remote: String
        public var userAgent: String?
        /// Whether it was answered; an unanswered one had its TCP connection closed.
        public var admitted: Bool
        /// How long its answer was held back.
        public var held: Milliseconds
        public init(remote: String, userAgent: String?, admitted: Bool, held: Milliseconds = 0) {
            self.remote = remote
            self.userAgent = userAgent
            self.admitted = admitted
            self.held = held
        }
    }

    /// A completed upgrade.
    public struct ConnectionOpened: Sendable, Hashable {
        public var connection: String
        /// Who the client is across connections (identity header, else address and agent).
        public var key: String?
        /// The id the client had before, where it told and the server believed it.
        public var previous: String?
        public var remote: String
        public var userAgent: String?
        /// Attempts the client made in this outage, 0 for a first connection.
        public var tries: Int
        public var tls: Bool
        public init(
            connection: String, key: String?, previous: String? = nil, remote: String, userAgent: String?, tries: Int, tls: Bool = false
        ) {
            self.connection = connection
            self.key = key
            self.previous = previous
            self.remote = remote
            self.userAgent = userAgent
            self.tries = tries
            self.tls = tls
        }
    }

    /// An upgrade refused with an HTTP status.
    public struct ConnectionRejected: Sendable, Hashable {
        public var remote: String
        public var status: Int
        public var reason: String
        public var tries: Int
        public init(remote: String, status: Int, reason: String, tries: Int) {
            self.remote = remote
            self.status = status
            self.reason = reason
            self.tries = tries
        }
    }

    public enum ClosedBy: String, Sendable, Hashable, CaseIterable { case client, server, `operator`, network }

    /// The last event of a connection. Messages count from the ack on, without control frames; bytes are their payloads.
    public struct ConnectionClosed: Sendable, Hashable {
        public var connection: String
        public var code: Int
        public var reason: String?
        public var by: ClosedBy
        public var lived: Milliseconds
        public var messagesIn: Int
        public var messagesOut: Int
        public var bytesIn: Int
        public var bytesOut: Int
        public init(
            connection: String, code: Int, reason: String?, by: ClosedBy, lived: Milliseconds, messagesIn: Int = 0, messagesOut: Int = 0,
            bytesIn: Int = 0, bytesOut: Int = 0
        ) {
            self.connection = connection
            self.code = code
            self.reason = reason
            self.by = by
            self.lived = lived
            self.messagesIn = messagesIn
            self.messagesOut = messagesOut
            self.bytesIn = bytesIn
            self.bytesOut = bytesOut
        }
    }

    public struct NamespaceChange: Sendable, Hashable {
        public var connection: String
        public var namespace: String
        public var error: String?
        /// Whether the change was not asked for: the connection went away.
        public var forced: Bool
        public init(connection: String, namespace: String, error: String? = nil, forced: Bool = false) {
            self.connection = connection
            self.namespace = namespace
            self.error = error
            self.forced = forced
        }
    }

    public struct RoomChange: Sendable, Hashable {
        public var connection: String
        public var namespace: String
        public var room: String
        public var error: String?
        public var forced: Bool
        public init(connection: String, namespace: String, room: String, error: String? = nil, forced: Bool = false) {
            self.connection = connection
            self.namespace = namespace
            self.room = room
            self.error = error
            self.forced = forced
        }
    }

    public enum Direction: String, Sendable, Hashable, CaseIterable { case `in`, out }

    /// A message of a tapped connection.
    public struct TappedMessage: Sendable, Hashable {
        public var connection: String
        public var direction: Direction
        public var namespace: String
        public var room: String
        public var event: String
        public var bytes: Int
        public var body: String
        public init(
            connection: String, direction: Direction, namespace: String, room: String, event: String, bytes: Int, body: String
        ) {
            self.connection = connection
            self.direction = direction
            self.namespace = namespace
            self.room = room
            self.event = event
            self.bytes = bytes
            self.body = body
        }
    }

    public struct ProtocolViolation: Sendable, Hashable {
        /// The connection, or nil where there is none yet (a header of a refused upgrade).
        public var connection: String?
        public var kind: String
        public var detail: String
        public init(connection: String?, kind: String, detail: String) {
            self.connection = connection
            self.kind = kind
            self.detail = detail
        }
    }

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
        public var action: String
        public var by: String
        public var target: String
        public var count: Int
        public var result: String
        public init(action: String, by: String, target: String, count: Int, result: String) {
            self.action = action
            self.by = by
            self.target = target
            self.count = count
            self.result = result
        }
    }

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
        public init(
            connections: Int = 0, namespaces: Int = 0, rooms: Int = 0, messagesInPerSecond: Double = 0, messagesOutPerSecond: Double = 0,
            bytesInPerSecond: Double = 0, bytesOutPerSecond: Double = 0, probesPerSecond: Double = 0, openedPerSecond: Double = 0,
            closedPerSecond: Double = 0, cpuPercent: Double = 0, memoryBytes: Int = 0, loopLag: Double = 0
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

        public struct Present: Sendable, Hashable {
            public var connection: String
            public var key: String?
            public var remote: String
            public var tries: Int
            /// Rooms by namespace.
            public var namespaces: [String: [String]]
            public init(connection: String, key: String?, remote: String, tries: Int, namespaces: [String: [String]]) {
                self.connection = connection
                self.key = key
                self.remote = remote
                self.tries = tries
                self.namespaces = namespaces
            }
        }
    }
}

/// A length of time in milliseconds, the unit of the feed.
public typealias Milliseconds = Int

/// A point in time, in milliseconds since 1970 (UTC).
public struct FeedTime: Sendable, Hashable, Comparable {
    public var milliseconds: Int64
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }
    public static func < (left: FeedTime, right: FeedTime) -> Bool { left.milliseconds < right.milliseconds }
    public static func - (left: FeedTime, right: FeedTime) -> Milliseconds { Milliseconds(left.milliseconds - right.milliseconds) }
    public static func + (left: FeedTime, right: Milliseconds) -> FeedTime { FeedTime(milliseconds: left.milliseconds + Int64(right)) }
}

/// An event in its place in the feed of one node.
public struct FeedEntry: Sendable, Hashable {
    /// Rises by one per node; starts at 1 with each `server.started`.
    public var seq: Int
    public var node: String
    public var event: FeedEvent
    public init(seq: Int, node: String, event: FeedEvent) {
        self.seq = seq
        self.node = node
        self.event = event
    }
}
