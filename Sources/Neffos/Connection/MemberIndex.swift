/// Who is where, on one event loop: a broadcast finds its members here and never scans connections.
struct MemberIndex {
    private(set) var namespaces: [String: Members] = [:]
    /// Whether somebody came or went since this was last set to false.
    var hasChanged = false

    struct Members {
        var connections: Set<Member> = []
        var rooms: [String: Set<Member>] = [:]
    }

    /// A connection by identity.
    struct Member: Hashable {
        let connection: Connection
        static func == (left: Member, right: Member) -> Bool { left.connection === right.connection }
        func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(connection)) }
    }

    mutating func enter(_ connection: Connection, namespace: String) {
        hasChanged = true
        namespaces[namespace, default: Members()].connections.insert(Member(connection: connection))
    }

    mutating func leave(_ connection: Connection, namespace: String) {
        hasChanged = true
        guard namespaces[namespace]?.connections.remove(Member(connection: connection)) != nil else { return }
        if namespaces[namespace]?.connections.isEmpty == true { namespaces[namespace] = nil }
    }

    mutating func join(_ connection: Connection, namespace: String, room: String) {
        hasChanged = true
        namespaces[namespace]?.rooms[room, default: []].insert(Member(connection: connection))
    }

    mutating func part(_ connection: Connection, namespace: String, room: String) {
        hasChanged = true
        guard namespaces[namespace]?.rooms[room]?.remove(Member(connection: connection)) != nil else { return }
        if namespaces[namespace]?.rooms[room]?.isEmpty == true { namespaces[namespace]?.rooms[room] = nil }
    }

    /// The members of a room, or of the whole namespace where `room` is empty.
    func members(namespace: String, room: String) -> Set<Member>? {
        guard let members = namespaces[namespace] else { return nil }
        return room.isEmpty ? members.connections : members.rooms[room]
    }
}
