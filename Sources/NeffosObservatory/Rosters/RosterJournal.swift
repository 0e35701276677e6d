public import NeffosFeed

/// The bytes of a state file: a first line, then a line for each change. Pure; whoever owns the file appends what this returns, and puts what
/// ``compact(at:)`` returns in the whole file's place when ``needsCompaction`` says so.
///
/// A file that was cut off anywhere is read up to its last whole line. After `server.draining` nobody is removed any more, so that a clean stop
/// leaves in it who was here when the drain began.
public struct RosterJournal: Sendable {
    private var book = RosterBook()
    private var linesSinceCompaction = 0

    /// - Parameter roster: whom the server that ran before lost: from `server.started` on they are awaited, and stay in the file until they
    ///   come back or ten minutes are over. Nothing is written yet: ``compact(at:)`` gives the file's beginning.
    public init(observing roster: Roster? = nil) {
        guard let roster else { return }
        for entry in roster.entries {
            book.apply(.opened(connection: entry.connection, key: entry.key, remote: entry.remote), at: roster.savedAt)
            for (namespace, rooms) in entry.namespaces {
                book.apply(.entered(connection: entry.connection, namespace: namespace), at: roster.savedAt)
                for room in rooms {
                    book.apply(.joined(connection: entry.connection, namespace: namespace, room: room), at: roster.savedAt)
                }
            }
        }
    }

    /// The lines that an event adds to the file; nil where it adds none.
    public mutating func record(_ event: FeedEvent) -> [UInt8]? {
        var bytes: [UInt8] = []
        record(event, into: &bytes)
        return bytes.isEmpty ? nil : bytes
    }

    /// The same for a batch, without an array for each event.
    public mutating func record(_ event: FeedEvent, into bytes: inout [UInt8]) {
        let time = event.time
        switch event.kind {
        case .serverStarted: write(.reset, at: time, into: &bytes)
        case .serverDraining: write(.drain, at: time, into: &bytes)
        case .serverStopped:
            write(.drain, at: time, into: &bytes)
            bytes += tick(at: time)
        case .connectionOpened(let opened):
            let key: String? = BoundedText.cut(opened.key, to: BoundedText.label)
            if let awaited = book.awaited(by: opened, key: key) { write(.closed(connection: awaited), at: time, into: &bytes) }
            let remote: String = BoundedText.cut(opened.remote, to: BoundedText.label)
            write(.opened(connection: opened.connection, key: key, remote: remote), at: time, into: &bytes)
        case .connectionClosed(let closed): write(.closed(connection: closed.connection), at: time, into: &bytes)
        case .namespaceConnected(let change):
            write(.entered(connection: change.connection, namespace: name(change.namespace)), at: time, into: &bytes)
        case .namespaceDisconnected(let change):
            write(.left(connection: change.connection, namespace: name(change.namespace)), at: time, into: &bytes)
        case .roomJoined(let change):
            write(
                .joined(connection: change.connection, namespace: name(change.namespace), room: name(change.room)), at: time, into: &bytes)
        case .roomLeft(let change):
            write(
                .parted(connection: change.connection, namespace: name(change.namespace), room: name(change.room)), at: time, into: &bytes)
        case .snapshot(let snapshot): replace(with: snapshot, at: time, into: &bytes)
        default: break
        }
    }

    /// A line that says that the roster is still true, so that an idle server's does not look old. To be written about every ten seconds.
    public mutating func tick(at time: FeedTime) -> [UInt8] {
        linesSinceCompaction += 1
        var bytes: [UInt8] = []
        RosterChange.tick.append(at: time, to: &bytes)
        return bytes
    }

    /// Whether most of what the file holds no longer matters.
    public var needsCompaction: Bool { linesSinceCompaction > 1024 + 4 * book.lines }

    /// The whole file, as short as it can be.
    public mutating func compact(at time: FeedTime) -> [UInt8] {
        linesSinceCompaction = 0
        var bytes: [UInt8] = []
        RosterChange.header.append(at: time, to: &bytes)
        book.forEachChange { $0.append(at: $1 ?? time, to: &bytes) }
        return bytes
    }

    /// What a reader of the file would see.
    public func roster(savedAt: FeedTime) -> Roster { book.roster(savedAt: savedAt) }

    private func name(_ text: String) -> String { BoundedText.cut(text, to: BoundedText.name) }

    private mutating func write(_ change: RosterChange, at time: FeedTime, into bytes: inout [UInt8]) {
        guard book.apply(change, at: time) else { return }
        linesSinceCompaction += 1
        change.append(at: time, to: &bytes)
    }

    /// After a gap: what differs is written, so that a file cut off in the middle of it still holds the others.
    private mutating func replace(with snapshot: FeedEvent.FeedSnapshot, at time: FeedTime, into bytes: inout [UInt8]) {
        let present = Set(snapshot.connections.map(\.connection))
        for connection in book.connections where !present.contains(connection) {
            write(.closed(connection: connection), at: time, into: &bytes)
        }
        for connection in snapshot.connections {
            let id = connection.connection
            var wanted: [String: Set<String>] = [:]
            for (namespace, rooms) in connection.namespaces { wanted[name(namespace)] = Set(rooms.map(name)) }
            let places = book.places(of: id)
            if places == nil {
                let key: String? = BoundedText.cut(connection.key, to: BoundedText.label)
                let remote: String = BoundedText.cut(connection.remote, to: BoundedText.label)
                write(.opened(connection: id, key: key, remote: remote), at: time, into: &bytes)
            }
            for there in places ?? [] {
                guard let rooms = wanted[there.name] else {
                    write(.left(connection: id, namespace: there.name), at: time, into: &bytes)
                    continue
                }
                for room in there.rooms where !rooms.contains(room) {
                    write(.parted(connection: id, namespace: there.name, room: room), at: time, into: &bytes)
                }
            }
            for (namespace, rooms) in wanted.sorted(by: { $0.key < $1.key }) {
                write(.entered(connection: id, namespace: namespace), at: time, into: &bytes)
                for room in rooms.sorted() { write(.joined(connection: id, namespace: namespace, room: room), at: time, into: &bytes) }
            }
        }
    }
}

extension Roster {
    /// Reads a state file; a last line without its end is ignored.
    ///
    /// - Throws: ``RosterError`` where it is no state file, or a line before the last is damaged.
    public init(decoding bytes: [UInt8]) throws(RosterError) {
        var book = RosterBook()
        var savedAt: FeedTime?
        var start = bytes.startIndex
        var number = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            number += 1
            let line = bytes[start..<end]
            start = end + 1
            guard let before = savedAt else {
                savedAt = try RosterChange.decodeHeader(line)
                continue
            }
            guard let (change, time) = RosterChange.decode(line) else { throw .damaged(line: number) }
            book.apply(change, at: time)
            savedAt = max(before, time)
        }
        guard let savedAt else { throw .empty }
        self = book.roster(savedAt: savedAt)
    }
}
