public import NeffosFeed

/// How far a connection has come.
public enum ConnectionState: String, Sendable, Hashable, CaseIterable { case opened, acknowledged }

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
    public var tls: Bool
    /// Sorted by name.
    public var namespaces: [NamespaceMembership]
    public var roomCount: Int
    public var state: ConnectionState
    public var violations: Int

    public init(
        id: String, key: String? = nil, previous: String? = nil, remote: String, userAgent: String? = nil, openedAt: FeedTime,
        acknowledgedAfter: Milliseconds? = nil, tries: Int = 0, returns: Int = 0, tls: Bool = false, namespaces: [NamespaceMembership] = [],
        state: ConnectionState = .opened, violations: Int = 0
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
    }
}

/// What connections can be sorted by. Where two are equal, their ids decide.
public enum ConnectionColumn: String, Sendable, Hashable, CaseIterable {
    case id, key, remote, age, namespaces, rooms, tries, returns, state
}
