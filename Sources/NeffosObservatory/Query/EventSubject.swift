import NeffosFeed

/// An event that a query is asked about: what it tells itself, and what is known of its connection.
struct EventSubject: QuerySubject {
    let event: FeedEvent
    let facts: (String) -> ConnectionRow?
    /// Nil until it was looked up.
    private var lookedUp: ConnectionRow??

    init(event: FeedEvent, facts: @escaping (String) -> ConnectionRow?) {
        self.event = event
        self.facts = facts
    }

    private mutating func connection() -> ConnectionRow? {
        if let lookedUp { return lookedUp }
        let row = event.kind.connection.flatMap(facts)
        lookedUp = .some(row)
        return row
    }

    mutating func hasText(where isSo: (String) -> Bool) -> Bool {
        if isSo(event.kind.typeName) { return true }
        for field in [QueryField.id, .key, .ip, .ns, .room, .agent, .reason, .lint, .cause, .by] {
            if event.kind.hasText(field, where: isSo) { return true }
        }
        return connection()?.hasText(where: isSo) ?? false
    }

    mutating func has(_ field: QueryField, where isSo: (String) -> Bool) -> Bool {
        if event.kind.hasText(field, where: isSo) { return true }
        // What an event tells is more to the point than what its connection is otherwise.
        guard field.isOfConnections, !event.kind.tells(field) else { return false }
        return connection()?.has(field, where: isSo) ?? false
    }

    mutating func number(_ field: QueryField) -> Double? {
        if let number = event.kind.number(field) { return number }
        guard field.isOfConnections else { return nil }
        return connection()?.number(field, at: event.time)
    }
}

extension FeedEvent.Kind {
    /// The id of the connection that it is about.
    var connection: String? {
        switch self {
        case .connectionOpened(let opened): opened.connection
        case .connectionAcknowledged(let connection, _): connection
        case .connectionClosed(let closed): closed.connection
        case .namespaceConnected(let change), .namespaceDenied(let change), .namespaceDisconnected(let change): change.connection
        case .roomJoined(let change), .roomDenied(let change), .roomLeft(let change): change.connection
        case .message(let message): message.connection
        case .protocolViolation(let violation): violation.connection
        default: nil
        }
    }

    /// Whether it has a namespace or a room of its own.
    fileprivate func tells(_ field: QueryField) -> Bool {
        switch (self, field) {
        case (.namespaceConnected, .ns), (.namespaceDenied, .ns), (.namespaceDisconnected, .ns), (.roomJoined, .ns), (.roomDenied, .ns),
            (.roomLeft, .ns), (.message, .ns), (.roomJoined, .room), (.roomDenied, .room), (.roomLeft, .room), (.message, .room):
            true
        default: false
        }
    }

    /// Whether it has a text of the field, without a look at its connection, that is so.
    func hasText(_ field: QueryField, where isSo: (String) -> Bool) -> Bool {
        func any(_ texts: String?...) -> Bool { texts.contains { $0.map(isSo) ?? false } }
        switch field {
        case .event: return isSo(typeName)
        case .id: if let connection, isSo(connection) { return true }
        default: break
        }
        switch (self, field) {
        case (.serverStarted(let state), .reason), (.serverDraining(let state), .reason), (.serverStopped(let state), .reason):
            return any(state.reason)
        case (.probe(let probe), .ip): return isSo(probe.remote)
        case (.probe(let probe), .agent): return any(probe.userAgent)
        case (.connectionOpened(let opened), .ip): return isSo(opened.remote)
        case (.connectionOpened(let opened), .key): return any(opened.key)
        case (.connectionOpened(let opened), .agent): return any(opened.userAgent)
        case (.connectionRejected(let rejected), .ip): return isSo(rejected.remote)
        case (.connectionRejected(let rejected), .reason): return isSo(rejected.reason)
        case (.connectionClosed(let closed), .by): return isSo(closed.by.rawValue)
        case (.connectionClosed(let closed), .reason): return any(closed.reason)
        case (.namespaceConnected(let change), .ns), (.namespaceDenied(let change), .ns), (.namespaceDisconnected(let change), .ns):
            return isSo(change.namespace)
        case (.namespaceDenied(let change), .reason): return any(change.error)
        case (.roomJoined(let change), .ns), (.roomDenied(let change), .ns), (.roomLeft(let change), .ns): return isSo(change.namespace)
        case (.roomJoined(let change), .room), (.roomDenied(let change), .room), (.roomLeft(let change), .room): return isSo(change.room)
        case (.roomDenied(let change), .reason): return any(change.error)
        case (.message(let message), .ns): return isSo(message.namespace)
        case (.message(let message), .room): return isSo(message.room)
        case (.message(let message), .reason): return any(message.event, message.body)
        case (.protocolViolation(let violation), .reason): return any(violation.kind, violation.detail)
        case (.incidentOpened(let incident), .cause), (.incidentUpdated(let incident), .cause), (.incidentClosed(let incident), .cause):
            return isSo(incident.cause)
        case (.incidentClosed(let incident), .key): return (incident.missingKeys ?? []).contains { $0.key.map(isSo) ?? false }
        case (.incidentClosed(let incident), .id): return (incident.missingKeys ?? []).contains { $0.connections.contains(where: isSo) }
        case (.lintRaised(let lint), .lint), (.lintCleared(let lint), .lint): return isSo(lint.lint)
        case (.lintRaised(let lint), .reason), (.lintCleared(let lint), .reason): return any(lint.subject, lint.detail)
        case (.operatorAction(let action), .by): return isSo(action.by)
        case (.operatorAction(let action), .reason): return any(action.action, action.target, action.result)
        case (.feedGap(let gap), .reason): return gap.kinds.keys.contains(where: isSo)
        default: return false
        }
    }

    /// A figure that it tells itself, in milliseconds for a length of time.
    func number(_ field: QueryField) -> Double? {
        let number: Int?
        switch self {
        case .connectionOpened(let opened): number = field == .tries ? opened.tries : nil
        case .connectionRejected(let rejected):
            number = field == .tries ? rejected.tries : field == .status ? rejected.status : nil
        case .connectionClosed(let closed):
            switch field {
            case .code: number = closed.code
            case .age: number = closed.lived
            case .in: number = closed.messagesIn
            case .out: number = closed.messagesOut
            case .messages: number = closed.messagesIn &+ closed.messagesOut
            case .bytesIn: number = closed.bytesIn
            case .bytesOut: number = closed.bytesOut
            case .bytes: number = closed.bytesIn &+ closed.bytesOut
            default: number = nil
            }
        case .message(let message): number = field == .bytes ? message.bytes : nil
        case .incidentOpened(let incident), .incidentUpdated(let incident), .incidentClosed(let incident):
            number = field == .dropped ? incident.dropped : field == .missing ? incident.missing : nil
        case .feedGap(let gap): number = field == .missing ? gap.missed : nil
        default: number = nil
        }
        return number.map(Double.init)
    }
}
