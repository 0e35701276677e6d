/// A namespace with a member.
public struct NamespaceRow: Sendable, Hashable {
    public var name: String
    public var members: Int
    /// Rooms with a member.
    public var rooms: Int

    public init(name: String, members: Int, rooms: Int) {
        self.name = name
        self.members = members
        self.rooms = rooms
    }
}

/// A room with a member. Joins and leaves count from when the room last came to be.
public struct RoomRow: Sendable, Hashable {
    public var namespace: String
    public var room: String
    public var members: Int
    public var joins: Int
    public var leaves: Int

    public init(namespace: String, room: String, members: Int, joins: Int = 0, leaves: Int = 0) {
        self.namespace = namespace
        self.room = room
        self.members = members
        self.joins = joins
        self.leaves = leaves
    }
}
