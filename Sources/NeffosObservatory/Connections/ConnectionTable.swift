import NeffosFeed

/// The connections that are open, in dense storage, and the namespaces and rooms they are in.
struct ConnectionTable: Sendable {
    struct Record: Sendable {
        var id: String
        var key: String?
        var previous: String?
        var remote: String
        var openedAt: FeedTime
        /// ``AgentTable`` index.
        var agent: UInt32
        /// -1: not acknowledged.
        var acknowledgedAfter: Int32 = -1
        var tries: Int32
        var violations: UInt32 = 0
        var tls: Bool
        var places = Places()
    }

    private(set) var records: [Record] = []
    private(set) var places = PlaceTable()
    private var indexes: [String: Int32] = [:]
    private var agents = AgentTable()

    var count: Int { records.count }
    func contains(_ id: String) -> Bool { indexes[id] != nil }
    func index(of id: String) -> Int? { indexes[id].map(Int.init) }
    func agent(of record: Record) -> String? { agents[record.agent] }
    /// By their index; empty where there is none.
    var agentNames: [String] { agents.allNames }
    var ids: Dictionary<String, Int32>.Keys { indexes.keys }

    /// Adds a connection; one of the same id that is still there makes way.
    mutating func open(_ opened: FeedEvent.ConnectionOpened, at time: FeedTime) {
        close(opened.connection)
        indexes[opened.connection] = Int32(records.count)
        records.append(
            Record(
                id: opened.connection, key: BoundedText.cut(opened.key, to: BoundedText.label), previous: opened.previous,
                remote: BoundedText.cut(opened.remote, to: BoundedText.label), openedAt: time,
                agent: agents.retain(BoundedText.cut(opened.userAgent, to: BoundedText.label)),
                tries: Int32(clamping: opened.tries), tls: opened.tls))
    }

    /// Removes a connection from everything it is in.
    mutating func close(_ id: String) {
        guard let index = indexes.removeValue(forKey: id).map(Int.init) else { return }
        while records[index].places.count > 0 { removePlace(records[index].places.count - 1, of: index) }
        agents.release(records[index].agent)
        let last = records.count - 1
        if index != last {
            records.swapAt(index, last)
            indexes[records[index].id] = Int32(index)
        }
        records.removeLast()
    }

    mutating func acknowledge(_ id: String, after: Milliseconds) {
        guard let index = index(of: id) else { return }
        records[index].acknowledgedAfter = Int32(clamping: max(0, after))
    }

    mutating func violate(_ id: String) {
        guard let index = index(of: id) else { return }
        records[index].violations += 1
    }

    /// Whether that was news.
    mutating func enter(_ namespace: String, connection id: String) -> Bool {
        guard let index = index(of: id), place(of: index, namespace) == nil else { return false }
        records[index].places.append(Place(namespace: places.enter(namespace)))
        return true
    }

    /// Enters the namespace too, should that not be known.
    mutating func join(_ room: String, in namespace: String, connection id: String) -> Bool {
        guard let index = index(of: id) else { return false }
        let number: UInt32
        let known: Int
        if let there = place(of: index, namespace) {
            known = there
            number = records[index].places[there].namespace
        } else {
            number = places.enter(namespace)
            known = records[index].places.count
            records[index].places.append(Place(namespace: number))
        }
        if let there = places.room(named: room, in: number), records[index].places.firstIndex(where: { $0.room == there }) != nil {
            return false
        }
        let joined = Place(namespace: number, room: places.join(room, in: number))
        if records[index].places[known].room == Place.none {
            records[index].places[known] = joined
        } else {
            records[index].places.append(joined)
        }
        return true
    }

    mutating func part(_ room: String, in namespace: String, connection id: String) -> Bool {
        guard let index = index(of: id), let number = places.namespace(named: namespace), let room = places.room(named: room, in: number),
            let there = records[index].places.firstIndex(where: { $0.room == room })
        else { return false }
        let others = records[index].places.firstIndex { $0.namespace == number && $0.room != room }
        places.part(room)
        if others == nil {
            records[index].places[there].room = Place.none
        } else {
            records[index].places.remove(at: there)
        }
        return true
    }

    mutating func leave(_ namespace: String, connection id: String) -> Bool {
        guard let index = index(of: id), let number = places.namespace(named: namespace) else { return false }
        var found = false
        while let there = records[index].places.firstIndex(where: { $0.namespace == number }) {
            removePlace(there, of: index)
            found = true
        }
        return found
    }

    private func place(of index: Int, _ namespace: String) -> Int? {
        guard let number = places.namespace(named: namespace) else { return nil }
        return records[index].places.firstIndex { $0.namespace == number }
    }

    private mutating func removePlace(_ there: Int, of index: Int) {
        let place = records[index].places[there]
        records[index].places.remove(at: there)
        if place.room != Place.none { places.part(place.room) }
        if records[index].places.firstIndex(where: { $0.namespace == place.namespace }) == nil { places.leave(place.namespace) }
    }

    /// Where a connection is, by name, sorted.
    func memberships(of record: Record) -> [NamespaceMembership] {
        let list = record.places
        if list.isEmpty { return [] }
        var result: [NamespaceMembership] = []
        for index in 0..<list.count {
            let place = list[index]
            let name = places.name(ofNamespace: place.namespace)
            let slot: Int
            if let there = result.firstIndex(where: { $0.name == name }) {
                slot = there
            } else {
                slot = result.count
                result.append(NamespaceMembership(name: name))
            }
            if place.room != Place.none { result[slot].rooms.append(places.name(ofRoom: place.room)) }
        }
        for slot in result.indices { result[slot].rooms.sort() }
        return result.sorted { $0.name < $1.name }
    }

    func memberships(of id: String) -> [NamespaceMembership] { index(of: id).map { memberships(of: records[$0]) } ?? [] }

    /// The namespaces and rooms of a connection, counted without making their names.
    func counts(of record: Record) -> (namespaces: Int, rooms: Int) {
        var (namespaces, rooms) = (0, 0)
        for index in 0..<record.places.count {
            let place = record.places[index]
            if place.room != Place.none { rooms += 1 }
            if record.places.firstIndex(where: { $0.namespace == place.namespace }) == index { namespaces += 1 }
        }
        return (namespaces, rooms)
    }
}

/// Agents of the open connections, each text once.
struct AgentTable: Sendable {
    private var names: [(name: String, users: Int)] = []
    private var indexes: [String: UInt32] = [:]
    private var free: [UInt32] = []

    var allNames: [String] { names.map(\.name) }

    subscript(index: UInt32) -> String? { index == UInt32.max ? nil : names[Int(index)].name }

    mutating func retain(_ name: String?) -> UInt32 {
        guard let name else { return UInt32.max }
        if let index = indexes[name] {
            names[Int(index)].users += 1
            return index
        }
        let index: UInt32
        if let reused = free.popLast() {
            index = reused
            names[Int(index)] = (name, 1)
        } else {
            index = UInt32(names.count)
            names.append((name, 1))
        }
        indexes[name] = index
        return index
    }

    mutating func release(_ index: UInt32) {
        guard index != UInt32.max else { return }
        names[Int(index)].users -= 1
        guard names[Int(index)].users == 0 else { return }
        indexes[names[Int(index)].name] = nil
        names[Int(index)].name = ""
        free.append(index)
    }
}
