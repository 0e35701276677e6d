import NeffosFeed

/// The connections that are open, in dense storage, and the namespaces and rooms they are in.
struct ConnectionTable: Sendable {
    struct Record: Sendable {
        var name: CompactName
        var previousName: CompactName?
        var endpoint: CompactRemote
        /// A key that is not made of address and agent.
        var ownKey: String?
        var openedAt: FeedTime
        var places = Places()
        /// ``AgentTable`` index.
        var agent: UInt32
        /// -1: not acknowledged.
        var acknowledgedAfter: Int32 = -1
        var tries: Int32
        var violations: UInt32 = 0
        var tls: Bool
        /// Whether its key is made of address and agent, as it is where nothing else names the client.
        var hasMadeKey = false
        /// Whether it came back though an operator had closed it.
        var isAfterKick = false

        var id: String { name.string }
        var previous: String? { previousName?.string }
        var remote: String { endpoint.string }
        /// Without the port.
        var address: String { endpoint.address }
    }

    private(set) var records: [Record] = []
    private(set) var places = PlaceTable()
    private(set) var figures = ConnectionFigureStore()
    private var indexes = IndexTable()
    private var agents = AgentTable()

    var count: Int { records.count }
    func contains(_ id: String) -> Bool { index(of: id) != nil }
    func index(of id: String) -> Int? { index(of: CompactName(id)) }
    func index(of name: CompactName) -> Int? { indexes.find(name.hashValue) { records[$0].name == name } }
    func agent(of record: Record) -> String? { agents[record.agent] }
    /// By their index; empty where there is none.
    var agentNames: [String] { agents.allNames }
    var ids: [String] { records.map(\.id) }

    /// The place of each agent among all in order, by ``Record/agent``.
    var agentRanks: [Int64] { agents.ranks }

    /// Who the client is across connections.
    func key(of record: Record) -> String? {
        record.hasMadeKey ? ConnectionTable.madeKey(record.endpoint, agents[record.agent]) : record.ownKey
    }

    /// The key of who has no other.
    private static func madeKey(_ endpoint: CompactRemote, _ agent: String?) -> String {
        agent.map { "\(endpoint.address) \($0)" } ?? endpoint.address
    }

    /// How many connections have the key of this one, itself too.
    func count(sharingKeyOf index: Int) -> Int {
        let record = records[index]
        guard record.hasMadeKey else { return record.ownKey.map { key in records.count { $0.ownKey == key } } ?? 1 }
        let address = record.endpoint.withoutPort
        return records.count { $0.hasMadeKey && $0.agent == record.agent && $0.endpoint.withoutPort == address }
    }

    /// Adds a connection; one of the same id that is still there makes way.
    mutating func open(_ opened: FeedEvent.ConnectionOpened, isAfterKick: Bool = false, at time: FeedTime) {
        let name = CompactName(opened.connection)
        close(name)
        let endpoint = CompactRemote(BoundedText.cut(opened.remote, to: BoundedText.label))
        let agent: String? = BoundedText.cut(opened.userAgent, to: BoundedText.label)
        let key: String? = BoundedText.cut(opened.key, to: BoundedText.label)
        let hasMadeKey = key == ConnectionTable.madeKey(endpoint, agent)
        var record = Record(
            name: name, previousName: opened.previous.map { CompactName($0) }, endpoint: endpoint, ownKey: hasMadeKey ? nil : key,
            openedAt: time, agent: agents.retain(agent), tries: Int32(clamping: opened.tries), tls: opened.tls)
        record.hasMadeKey = hasMadeKey
        record.isAfterKick = isAfterKick
        records.append(record)
        indexes.insert(records.count - 1, hash: name.hashValue) { records[$0].name.hashValue }
    }

    /// Removes a connection from everything it is in.
    mutating func close(_ id: String) { close(CompactName(id)) }

    private mutating func close(_ name: CompactName) {
        guard let index = index(of: name) else { return }
        while records[index].places.count > 0 { removePlace(records[index].places.count - 1, of: index) }
        agents.release(records[index].agent)
        figures.remove(index, of: records.count)
        indexes.remove(index) { records[$0].name.hashValue }
        let last = records.count - 1
        if index != last {
            indexes.renumber(last, to: index, hash: records[last].name.hashValue)
            records.swapAt(index, last)
        }
        records.removeLast()
    }

    // MARK: From a picture

    func contains(_ name: CompactName) -> Bool { index(of: name) != nil }

    /// Adds a connection that is in no place yet.
    mutating func restore(_ record: Record, agent: String?) {
        var record = record
        record.places = Places()
        record.agent = agents.retain(agent)
        records.append(record)
        indexes.insert(records.count - 1, hash: record.name.hashValue) { records[$0].name.hashValue }
    }

    /// Puts the connection that was added last into a namespace.
    mutating func restore(_ namespace: String) {
        if !records.isEmpty { _ = enter(namespace, of: records.count - 1) }
    }

    /// Puts the connection that was added last into a room.
    mutating func restore(_ room: String, in namespace: String) {
        if !records.isEmpty { _ = join(room, in: namespace, of: records.count - 1) }
    }

    mutating func restore(_ namespaces: [PlaceTable.Namespace], _ rooms: [PlaceTable.Room]) { places.restore(namespaces, rooms) }

    /// Of everybody, as when a server starts anew.
    mutating func closeAll() { self = ConnectionTable(now: places.now) }

    private init(now: FeedTime) { places.now = now }
    init() {}

    /// - Parameter isFirst: what is known of it already stays.
    mutating func acknowledge(_ id: String, after: Milliseconds, isFirst: Bool = false) {
        guard let index = index(of: id), !isFirst || records[index].acknowledgedAfter < 0 else { return }
        records[index].acknowledgedAfter = Int32(clamping: max(0, after))
    }

    mutating func take(_ figures: ConnectionFigures, at time: FeedTime) {
        guard let index = index(of: figures.connection) else { return }
        self.figures.take(figures, index: index, of: records.count, at: time)
    }

    mutating func forgetFigures(before now: FeedTime) { figures.forget(before: now) }

    mutating func violate(_ id: String) {
        guard let index = index(of: id) else { return }
        records[index].violations += 1
    }

    /// Whether that was news.
    mutating func enter(_ namespace: String, connection id: String) -> Bool {
        index(of: id).map { enter(namespace, of: $0) } ?? false
    }

    private mutating func enter(_ namespace: String, of index: Int) -> Bool {
        guard place(of: index, namespace) == nil else { return false }
        records[index].places.append(Place(namespace: places.enter(namespace)))
        return true
    }

    /// Enters the namespace too, should that not be known.
    mutating func join(_ room: String, in namespace: String, connection id: String) -> Bool {
        index(of: id).map { join(room, in: namespace, of: $0) } ?? false
    }

    private mutating func join(_ room: String, in namespace: String, of index: Int) -> Bool {
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

    /// When what is being told happens.
    mutating func setClock(_ now: FeedTime) { places.now = now }

    /// Records of those who are in a namespace, or in a room of it. It looks at all: who is in a room is asked seldom, and an index of it would
    /// cost each of them memory.
    func members(of namespace: String, room: String?) -> [Int] {
        guard let number = places.namespace(named: namespace) else { return [] }
        guard let room else { return records.indices.filter { records[$0].places.firstIndex { $0.namespace == number } != nil } }
        guard let wanted = places.room(named: room, in: number) else { return [] }
        return records.indices.filter { records[$0].places.firstIndex { $0.room == wanted } != nil }
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

    var ranks: [Int64] {
        var ranks = [Int64](repeating: 0, count: names.count)
        for (rank, index) in names.indices.sorted(by: { names[$0].name < names[$1].name }).enumerated() { ranks[index] = Int64(rank) }
        return ranks
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
