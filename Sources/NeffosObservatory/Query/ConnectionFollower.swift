import NeffosFeed

/// Who is here, as one event after the other tells: what a filter over a feed has to know of the connections that events are about.
struct ConnectionFollower: Sendable {
    private var table = ConnectionTable()
    private var lineage = Lineage()
    /// Where connections were that are losing everything now: forced events come before the close that explains them.
    private var leaving: [String: (since: FeedTime, namespaces: [NamespaceMembership])] = [:]

    /// Takes an event, and lets the body ask for rows as they are at it: a connection that closes is still there, with where it was.
    mutating func follow(_ event: FeedEvent, _ body: ((String) -> ConnectionRow?) -> Void) {
        take(event)
        if case .connectionClosed(let closed) = event.kind {
            let left = leaving.removeValue(forKey: closed.connection)?.namespaces
            body { id in row(id, namespaces: left) }
            table.close(closed.connection)
        } else {
            body { id in row(id, namespaces: nil) }
        }
    }

    private mutating func take(_ event: FeedEvent) {
        switch event.kind {
        case .serverStarted:
            table = ConnectionTable()
            leaving = [:]
        case .connectionOpened(let opened):
            table.open(opened, at: event.time)
            if opened.tries > 0 || opened.previous != nil {
                lineage.returned(
                    key: BoundedText.cut(opened.key, to: BoundedText.label), id: opened.connection, previous: opened.previous, at: event.time)
            }
        case .connectionAcknowledged(let connection, let after): table.acknowledge(connection, after: after)
        case .namespaceConnected(let change):
            _ = table.enter(BoundedText.cut(change.namespace, to: BoundedText.name), connection: change.connection)
        case .namespaceDisconnected(let change):
            remember(change.connection, forced: change.forced, at: event.time)
            _ = table.leave(BoundedText.cut(change.namespace, to: BoundedText.name), connection: change.connection)
        case .roomJoined(let change):
            _ = table.join(
                BoundedText.cut(change.room, to: BoundedText.name), in: BoundedText.cut(change.namespace, to: BoundedText.name),
                connection: change.connection)
        case .roomLeft(let change):
            remember(change.connection, forced: change.forced, at: event.time)
            _ = table.part(
                BoundedText.cut(change.room, to: BoundedText.name), in: BoundedText.cut(change.namespace, to: BoundedText.name),
                connection: change.connection)
        case .protocolViolation(let violation): if let connection = violation.connection { table.violate(connection) }
        case .sample: leaving = leaving.filter { event.time - $0.value.since < 2_000 }
        case .snapshot(let snapshot): reconcile(snapshot, at: event.time)
        default: break
        }
    }

    private mutating func remember(_ connection: String, forced: Bool, at time: FeedTime) {
        guard forced else {
            leaving[connection] = nil
            return
        }
        if let known = leaving[connection], time - known.since < 1_000 { return }
        leaving[connection] = (time, table.memberships(of: connection))
    }

    private mutating func reconcile(_ snapshot: FeedEvent.FeedSnapshot, at time: FeedTime) {
        let present = Set(snapshot.connections.map(\.connection))
        for id in Array(table.ids) where !present.contains(id) { table.close(id) }
        for connection in snapshot.connections {
            if !table.contains(connection.connection) {
                table.open(
                    .init(
                        connection: connection.connection, key: connection.key, remote: connection.remote, userAgent: nil,
                        tries: connection.tries), at: time)
                table.acknowledge(connection.connection, after: 0)
            }
            for name in table.memberships(of: connection.connection).map(\.name) {
                _ = table.leave(name, connection: connection.connection)
            }
            for (name, rooms) in connection.namespaces {
                let name = BoundedText.cut(name, to: BoundedText.name)
                _ = table.enter(name, connection: connection.connection)
                for room in rooms {
                    _ = table.join(BoundedText.cut(room, to: BoundedText.name), in: name, connection: connection.connection)
                }
            }
        }
    }

    private func row(_ id: String, namespaces: [NamespaceMembership]?) -> ConnectionRow? {
        guard let index = table.index(of: id) else { return nil }
        let record = table.records[index]
        let isAcknowledged = record.acknowledgedAfter >= 0
        return ConnectionRow(
            id: record.id, key: table.key(of: record), previous: record.previous, remote: record.remote, userAgent: table.agent(of: record),
            openedAt: record.openedAt, acknowledgedAfter: isAcknowledged ? Int(record.acknowledgedAfter) : nil, tries: Int(record.tries),
            returns: lineage.returns(key: table.key(of: record), id: record.id), tls: record.tls,
            namespaces: namespaces ?? table.memberships(of: record), state: isAcknowledged ? .acknowledged : .opened,
            violations: Int(record.violations))
    }
}
