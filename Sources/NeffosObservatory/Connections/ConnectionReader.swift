import NeffosFeed

/// Reads one connection out of the tables, by its record's index.
struct ConnectionReader: Sendable {
    let table: ConnectionTable
    let lineage: Lineage
    let now: FeedTime
    /// From so many waiting bytes on a connection is slow.
    let slowQueue: Int
    /// Clients that come back again and again, by key, or by id where they have none.
    let flapping: [String: LintBook.Raised]

    func figures(_ index: Int) -> ConnectionFigureStore.Entry? { table.figures.entry(index, at: now) }

    func state(_ index: Int) -> ConnectionState {
        let record = table.records[index]
        guard record.acknowledgedAfter >= 0 else { return .unacknowledged }
        let figures = figures(index)
        if let figures, Int(figures.queuedBytes) >= slowQueue { return .slow }
        if let figures, now.milliseconds - figures.heardAt >= Int64(ConnectionState.silentAfter) { return .silent }
        if record.violations > 0 { return .violating }
        if !flapping.isEmpty, flapping[table.key(of: record) ?? record.id] != nil { return .flapping }
        if let figures, now.milliseconds - figures.movedAt >= Int64(ConnectionState.idleAfter) { return .idle }
        return .active
    }

    func row(_ index: Int) -> ConnectionRow {
        let record = table.records[index]
        let key = table.key(of: record)
        let isAcknowledged = record.acknowledgedAfter >= 0
        let past = lineage.entry(key: key, id: record.id)
        var row = ConnectionRow(
            id: record.id, key: key, previous: record.previous, remote: record.remote, userAgent: table.agent(of: record),
            openedAt: record.openedAt, acknowledgedAfter: isAcknowledged ? Int(record.acknowledgedAfter) : nil, tries: Int(record.tries),
            returns: Int(past?.returns ?? 0), tls: record.tls, namespaces: table.memberships(of: record),
            state: state(index), violations: Int(record.violations),
            figures: figures(index).map { ConnectionRow.Figures($0, at: now) })
        row.returnsPerHour = past?.recent.perHour(at: now) ?? 0
        row.isAfterKick = record.isAfterKick
        return row
    }
}

extension ConnectionRow.Figures {
    init(_ entry: ConnectionFigureStore.Entry, at now: FeedTime) {
        messagesIn = Int(entry.messagesIn)
        messagesOut = Int(entry.messagesOut)
        bytesIn = Int(entry.bytesIn)
        bytesOut = Int(entry.bytesOut)
        rateIn = Double(entry.rateIn)
        rateOut = Double(entry.rateOut)
        byteRateIn = Double(entry.byteRateIn)
        byteRateOut = Double(entry.byteRateOut)
        queuedBytes = Int(entry.queuedBytes)
        idle = Int(max(0, now.milliseconds - entry.heardAt))
        roundTrip = entry.roundTrip < 0 ? nil : Int(entry.roundTrip)
    }
}
