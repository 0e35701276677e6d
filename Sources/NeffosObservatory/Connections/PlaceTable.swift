import NeffosFeed

/// A connection's being in a namespace, or in a room of it, by index into ``PlaceTable``.
struct Place: Sendable, Hashable {
    static let none = UInt32.max
    var namespace: UInt32
    /// ``none``: in the namespace, in no room of it.
    var room = Place.none
}

/// Where one connection is: a place for each room, and one without a room for each namespace in which it has none. Most connections are in one
/// place, which takes no memory of its own.
struct Places: Sendable {
    private var first = Place(namespace: Place.none)
    private var rest: [Place] = []

    var isEmpty: Bool { first.namespace == Place.none }
    var count: Int { isEmpty ? 0 : 1 + rest.count }

    subscript(index: Int) -> Place {
        get { index == 0 ? first : rest[index - 1] }
        set { if index == 0 { first = newValue } else { rest[index - 1] = newValue } }
    }

    func firstIndex(where matches: (Place) -> Bool) -> Int? {
        if isEmpty { return nil }
        if matches(first) { return 0 }
        return rest.firstIndex(where: matches).map { $0 + 1 }
    }

    mutating func append(_ place: Place) {
        if isEmpty { first = place } else { rest.append(place) }
    }

    mutating func remove(at index: Int) {
        if index > 0 {
            rest.remove(at: index - 1)
        } else if let last = rest.popLast() {
            first = last
        } else {
            first = Place(namespace: Place.none)
        }
    }
}

/// The namespaces and rooms that have members, each name once.
struct PlaceTable: Sendable {
    struct Namespace: Sendable {
        var name: String
        var members = 0
        /// Rooms of it with a member.
        var rooms = 0
        var joining = RecentRate()
        var leaving = RecentRate()
    }

    struct Room: Sendable {
        var namespace: UInt32
        var name: String
        var members = 0
        var joins = 0
        var leaves = 0
        var joining = RecentRate()
        var leaving = RecentRate()
    }

    private struct RoomName: Hashable {
        var namespace: UInt32
        var name: String
    }

    private(set) var namespaces: [Namespace] = []
    private(set) var rooms: [Room] = []
    private var freeNamespaces: [UInt32] = []
    private var freeRooms: [UInt32] = []
    private var namespaceIndex: [String: UInt32] = [:]
    private var roomIndex: [RoomName: UInt32] = [:]
    /// When what is being told happens.
    var now = FeedTime(milliseconds: 0)

    /// With a member.
    var namespaceCount: Int { namespaceIndex.count }
    var roomCount: Int { roomIndex.count }

    func namespace(named name: String) -> UInt32? { namespaceIndex[name] }
    func room(named name: String, in namespace: UInt32) -> UInt32? { roomIndex[RoomName(namespace: namespace, name: name)] }
    func name(ofNamespace index: UInt32) -> String { namespaces[Int(index)].name }
    func name(ofRoom index: UInt32) -> String { rooms[Int(index)].name }

    /// One more member.
    mutating func enter(_ name: String) -> UInt32 {
        let index: UInt32
        if let known = namespaceIndex[name] {
            index = known
        } else {
            if let free = freeNamespaces.popLast() {
                index = free
                namespaces[Int(index)] = Namespace(name: name)
            } else {
                index = UInt32(namespaces.count)
                namespaces.append(Namespace(name: name))
            }
            namespaceIndex[name] = index
        }
        namespaces[Int(index)].members += 1
        namespaces[Int(index)].joining.add(at: now)
        return index
    }

    /// One member less. Its rooms are to be left before.
    mutating func leave(_ index: UInt32) {
        namespaces[Int(index)].members -= 1
        namespaces[Int(index)].leaving.add(at: now)
        guard namespaces[Int(index)].members == 0 else { return }
        namespaceIndex[namespaces[Int(index)].name] = nil
        namespaces[Int(index)].name = ""
        freeNamespaces.append(index)
    }

    mutating func join(_ name: String, in namespace: UInt32) -> UInt32 {
        let key = RoomName(namespace: namespace, name: name)
        let index: UInt32
        if let known = roomIndex[key] {
            index = known
        } else {
            if let free = freeRooms.popLast() {
                index = free
                rooms[Int(index)] = Room(namespace: namespace, name: name)
            } else {
                index = UInt32(rooms.count)
                rooms.append(Room(namespace: namespace, name: name))
            }
            roomIndex[key] = index
            namespaces[Int(namespace)].rooms += 1
        }
        rooms[Int(index)].members += 1
        rooms[Int(index)].joins += 1
        rooms[Int(index)].joining.add(at: now)
        return index
    }

    mutating func part(_ index: UInt32) {
        rooms[Int(index)].members -= 1
        rooms[Int(index)].leaves += 1
        rooms[Int(index)].leaving.add(at: now)
        guard rooms[Int(index)].members == 0 else { return }
        let room = rooms[Int(index)]
        roomIndex[RoomName(namespace: room.namespace, name: room.name)] = nil
        namespaces[Int(room.namespace)].rooms -= 1
        rooms[Int(index)].name = ""
        freeRooms.append(index)
    }

    /// Gives namespaces and rooms back what they were besides their members.
    mutating func restore(_ spaces: [Namespace], _ halls: [Room]) {
        for space in spaces {
            guard let index = namespaceIndex[space.name].map(Int.init) else { continue }
            namespaces[index].joining = space.joining
            namespaces[index].leaving = space.leaving
        }
        for room in halls where spaces.indices.contains(Int(room.namespace)) {
            guard let number = namespaceIndex[spaces[Int(room.namespace)].name],
                let index = roomIndex[RoomName(namespace: number, name: room.name)].map(Int.init)
            else { continue }
            rooms[index].joins = room.joins
            rooms[index].leaves = room.leaves
            rooms[index].joining = room.joining
            rooms[index].leaving = room.leaving
        }
    }
}
