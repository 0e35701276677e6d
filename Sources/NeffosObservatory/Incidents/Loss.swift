import NeffosFeed

/// A lost client, and how far it has come back.
struct Loss: Sendable {
    /// Where it was, one entry a namespace and one a room.
    struct Spot: Hashable, Sendable {
        var namespace: String
        var room: String?
    }

    /// The ids it had: the one it was lost with, and those it came back with and was lost again.
    var ids: [String]
    var key: String?
    var remote: String
    var namespaces: [NamespaceMembership]
    /// From when it could have come back: its drop, or the server's start.
    var since: FeedTime

    /// The connection that it came back as; nil while it is missing.
    var connection: String?
    /// Whether the client told its id, or only the key is the same.
    var isExact = false
    /// A client that was not known to be lost, but came back: where it was, nobody knows.
    var isGuest = false
    var tries = 0
    var acknowledged = false
    /// What it has still to get back. Nil while it is missing.
    var pending: Set<Spot>?
    var namespacesBack = false
    var roomsBack = false
    var restored: Milliseconds?
    var lastStep: FeedTime
    /// When it came back as ``connection``.
    var attachedAt: FeedTime
    /// The step of the clients' interval in which its own was counted; -1: none.
    var interval: Int16 = -1
    /// It came back, and has left by itself since.
    var hasLeft = false
    /// It was lost by itself, while the incident was open for others: its return does not keep the incident open.
    var isStray = false
    /// Whether it waits in its key's queue.
    var isQueued = false

    init(id: String, key: String?, remote: String, namespaces: [NamespaceMembership], since: FeedTime) {
        ids = [id]
        self.key = key
        self.remote = remote
        self.namespaces = namespaces
        self.since = since
        lastStep = since
        attachedAt = since
    }

    var isBack: Bool { connection != nil || hasLeft }
    /// Nothing more is expected of it.
    var isSettled: Bool { roomsBack || hasLeft }

    var spots: Set<Spot> {
        var spots: Set<Spot> = []
        for namespace in namespaces {
            spots.insert(Spot(namespace: namespace.name, room: nil))
            for room in namespace.rooms { spots.insert(Spot(namespace: namespace.name, room: room)) }
        }
        return spots
    }

    /// Something went back to how it was. Returns whether it was still wanted.
    mutating func regain(_ spot: Spot) -> Bool {
        let before = pending?.count
        pending?.remove(spot)
        // Whoever is in a room is in its namespace.
        if spot.room != nil { pending?.remove(Spot(namespace: spot.namespace, room: nil)) }
        return pending?.count != before
    }
}
