/// What happens to a server, its probes and its connections.
extension FeedEvent {
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
        /// Of the whole payload; of ``body`` there is at most the beginning.
        public var bytes: Int
        /// As text where it is UTF-8, else in hexadecimal digits.
        public var body: String
        /// Messages of this connection, both directions, that were passed over since the last one that was shown.
        public var skipped: Int
        public init(
            connection: String, direction: Direction, namespace: String, room: String, event: String, bytes: Int, body: String,
            skipped: Int = 0
        ) {
            self.connection = connection
            self.direction = direction
            self.namespace = namespace
            self.room = room
            self.event = event
            self.bytes = bytes
            self.body = body
            self.skipped = skipped
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
}
