public import NeffosFeed

extension ConnectionRow {
    func hasText(where isSo: (String) -> Bool) -> Bool {
        isSo(id) || isSo(remote) || (key.map(isSo) ?? false) || namespaces.contains { isSo($0.name) || $0.rooms.contains(where: isSo) }
    }

    func has(_ field: QueryField, where isSo: (String) -> Bool) -> Bool {
        switch field {
        case .id: isSo(id)
        case .key: key.map(isSo) ?? false
        case .ip: isSo(remote)
        case .agent: userAgent.map(isSo) ?? false
        case .ns: namespaces.contains { isSo($0.name) }
        case .room: namespaces.contains { $0.rooms.contains(where: isSo) }
        case .state: isSo(state.rawValue)
        default: false
        }
    }

    func number(_ field: QueryField, at now: FeedTime) -> Double? {
        switch field {
        case .ns: Double(namespaces.count)
        case .rooms: Double(roomCount)
        case .tries: Double(tries)
        case .returns: Double(returns)
        case .violations: Double(violations)
        case .age: Double(now - openedAt)
        default: figures?.number(field)
        }
    }
}

extension ConnectionRow.Figures {
    /// In milliseconds for a length of time.
    func number(_ field: QueryField) -> Double? {
        switch field {
        case .in: Double(messagesIn)
        case .out: Double(messagesOut)
        case .messages: Double(messagesIn &+ messagesOut)
        case .bytesIn: Double(bytesIn)
        case .bytesOut: Double(bytesOut)
        case .bytes: Double(bytesIn &+ bytesOut)
        case .queue: Double(queuedBytes)
        case .idle: Double(idle)
        case .rtt: roundTrip.map { Double($0) / 1000 }
        default: nil
        }
    }
}

/// A row as a query asks it: at one moment.
struct RowSubject: QuerySubject {
    let row: ConnectionRow
    let now: FeedTime
    func hasText(where isSo: (String) -> Bool) -> Bool { row.hasText(where: isSo) }
    func has(_ field: QueryField, where isSo: (String) -> Bool) -> Bool { row.has(field, where: isSo) }
    func number(_ field: QueryField) -> Double? { row.number(field, at: now) }
}

extension Query {
    /// Whether a row passes. For many rows of one model ``Observatory/connections(sortedBy:descending:matching:limit:)`` is faster.
    /// - Parameter now: what ages are counted to.
    public func matches(_ row: ConnectionRow, at now: FeedTime) -> Bool {
        guard let expression else { return true }
        var subject = RowSubject(row: row, now: now)
        var matchers = makeMatchers()
        return expression.matches(&subject, &matchers)
    }
}
