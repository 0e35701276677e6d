/// A namespace with a member.
public struct NamespaceRow: Sendable, Hashable {
    public var name: String
    public var members: Int
    /// Rooms with a member.
    public var rooms: Int
    /// Connections that entered and that left it, a second, over about the last ten.
    public var joinsPerSecond: Double
    public var leavesPerSecond: Double

    public init(name: String, members: Int, rooms: Int, joinsPerSecond: Double = 0, leavesPerSecond: Double = 0) {
        self.name = name
        self.members = members
        self.rooms = rooms
        self.joinsPerSecond = joinsPerSecond
        self.leavesPerSecond = leavesPerSecond
    }
}

/// A room with a member. Joins and leaves count from when the room last came to be.
public struct RoomRow: Sendable, Hashable {
    public var namespace: String
    public var room: String
    public var members: Int
    public var joins: Int
    public var leaves: Int
    /// A second, over about the last ten.
    public var joinsPerSecond: Double
    public var leavesPerSecond: Double

    public init(
        namespace: String, room: String, members: Int, joins: Int = 0, leaves: Int = 0, joinsPerSecond: Double = 0,
        leavesPerSecond: Double = 0
    ) {
        self.namespace = namespace
        self.room = room
        self.members = members
        self.joins = joins
        self.leaves = leaves
        self.joinsPerSecond = joinsPerSecond
        self.leavesPerSecond = leavesPerSecond
    }
}

/// What namespaces and rooms can be sorted by. Where two are equal, their names decide.
public enum RoomColumn: String, Sendable, Hashable, CaseIterable {
    case name, members
    /// Joins and leaves a second.
    case rate
}
