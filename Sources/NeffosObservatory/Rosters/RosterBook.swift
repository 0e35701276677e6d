import NeffosFeed

/// Who is here, as the lines of the roster's file add up, and whom an earlier run of the server lost and nobody saw since: a server that is
/// killed twice in a row has lost those who had no time to come back, too.
struct RosterBook: Sendable {
    /// How long a lost client is awaited.
    static let awaits: Milliseconds = 10 * 60_000

    private struct Entry: Sendable {
        var key: String?
        var remote: String
        /// When the server started without it; nil while it is here.
        var awaitedSince: FeedTime?
        /// In the order of coming; few.
        var namespaces: [NamespaceMembership] = []
    }

    private var entries: [String: Entry] = [:]
    /// The ids of those who are awaited, by key, sorted. The first is awaited; of those behind it some may have come back.
    private var awaited: [String: ArraySlice<String>] = [:]
    private(set) var isDraining = false
    /// Lines it takes to write all of it.
    private(set) var lines = 0

    /// Those who are here, sorted.
    var connections: [String] { entries.filter { $0.value.awaitedSince == nil }.keys.sorted() }

    /// The id of somebody awaited that a newcomer is: the one it had before, else one of its key if it says that it comes back.
    func awaited(by opened: FeedEvent.ConnectionOpened, key: String?) -> String? {
        if let previous = opened.previous, entries[previous]?.awaitedSince != nil { return previous }
        guard opened.tries > 0, let key else { return nil }
        return awaited[key]?.first
    }

    func places(of connection: String) -> [NamespaceMembership]? { entries[connection]?.namespaces }

    /// Whether that changed anything.
    @discardableResult
    mutating func apply(_ change: RosterChange, at time: FeedTime) -> Bool {
        switch change {
        case .header, .tick: return false
        case .reset:
            isDraining = false
            for (connection, entry) in entries {
                if let since = entry.awaitedSince {
                    if time - since > Self.awaits { remove(connection) }
                } else {
                    entries[connection]?.awaitedSince = time
                }
            }
            rememberAwaited()
            return true
        case .drain:
            defer { isDraining = true }
            return !isDraining
        case .opened(let connection, let key, let remote):
            remove(connection)
            entries[connection] = Entry(key: key, remote: remote)
            lines += 1
            return true
        case .closed(let connection): return isDraining ? false : remove(connection)
        case .entered(let connection, let namespace):
            guard let entry = entries[connection], !entry.namespaces.contains(where: { $0.name == namespace }) else { return false }
            entries[connection]?.namespaces.append(NamespaceMembership(name: namespace))
            lines += 1
            return true
        case .left(let connection, let namespace):
            guard !isDraining, let index = entries[connection]?.namespaces.firstIndex(where: { $0.name == namespace }) else { return false }
            if let gone = entries[connection]?.namespaces.remove(at: index) { lines -= 1 + gone.rooms.count }
            return true
        case .joined(let connection, let namespace, let room):
            apply(.entered(connection: connection, namespace: namespace), at: time)
            guard let index = entries[connection]?.namespaces.firstIndex(where: { $0.name == namespace }),
                entries[connection]?.namespaces[index].rooms.contains(room) == false
            else { return false }
            entries[connection]?.namespaces[index].rooms.append(room)
            lines += 1
            return true
        case .parted(let connection, let namespace, let room):
            guard !isDraining, let index = entries[connection]?.namespaces.firstIndex(where: { $0.name == namespace }),
                let there = entries[connection]?.namespaces[index].rooms.firstIndex(of: room)
            else { return false }
            entries[connection]?.namespaces[index].rooms.remove(at: there)
            lines -= 1
            return true
        }
    }

    @discardableResult
    private mutating func remove(_ connection: String) -> Bool {
        guard let entry = entries.removeValue(forKey: connection) else { return false }
        if let key = entry.key, entry.awaitedSince != nil { forgetReturned(key) }
        lines -= 1 + entry.namespaces.reduce(0) { $0 + 1 + $1.rooms.count }
        return true
    }

    private mutating func rememberAwaited() {
        awaited = [:]
        for (connection, entry) in entries where entry.awaitedSince != nil {
            if let key = entry.key { awaited[key, default: []].append(connection) }
        }
        for key in awaited.keys { awaited[key]?.sort() }
    }

    /// Many clients may share a key: none is looked for among all of them.
    private mutating func forgetReturned(_ key: String) {
        while let first = awaited[key]?.first, entries[first]?.awaitedSince == nil { _ = awaited[key]?.popFirst() }
        if awaited[key]?.isEmpty == true { awaited[key] = nil }
    }

    /// The changes that lead to this from nothing, with the time of those that have one of their own.
    func forEachChange(_ body: (RosterChange, FeedTime?) -> Void) {
        let byStart = Dictionary(grouping: entries, by: { $0.value.awaitedSince })
        for since in byStart.keys.compactMap({ $0 }).sorted() {
            write(byStart[since] ?? [], body)
            body(.reset, since)
        }
        write(byStart[nil] ?? [], body)
        if isDraining { body(.drain, nil) }
    }

    private func write(_ entries: [(key: String, value: Entry)], _ body: (RosterChange, FeedTime?) -> Void) {
        for (connection, entry) in entries.sorted(by: { $0.key < $1.key }) {
            body(.opened(connection: connection, key: entry.key, remote: entry.remote), nil)
            for namespace in entry.namespaces {
                body(.entered(connection: connection, namespace: namespace.name), nil)
                for room in namespace.rooms { body(.joined(connection: connection, namespace: namespace.name, room: room), nil) }
            }
        }
    }

    /// Sorted by id.
    func roster(savedAt: FeedTime) -> Roster {
        let all = entries.sorted { $0.key < $1.key }.map { connection, entry in
            var namespaces: [String: [String]] = [:]
            for namespace in entry.namespaces { namespaces[namespace.name] = namespace.rooms.sorted() }
            return Roster.Entry(connection: connection, key: entry.key, remote: entry.remote, namespaces: namespaces)
        }
        return Roster(savedAt: savedAt, entries: all)
    }
}
