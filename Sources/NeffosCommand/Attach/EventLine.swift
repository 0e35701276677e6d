import NeffosFeed

/// One line for people for each event of a feed; what a client named is made safe by whoever writes the line.
enum EventLine {
    static func text(of entry: FeedEntry) -> String {
        let event = entry.event
        return "\(event.time.iso8601) \(event.kind.typeName)\(fields(event.kind).map { " \($0)" }.joined())"
    }

    private static func fields(_ kind: FeedEvent.Kind) -> [String] {
        switch kind {
        case .serverStarted(let state), .serverDraining(let state), .serverStopped(let state):
            [state.url, state.reason ?? ""].filter { !$0.isEmpty }
        case .probe(let probe): [probe.remote, probe.admitted ? "answered" : "not answered"]
        case .connectionOpened(let opened):
            [opened.connection, "from \(opened.remote)", named("key", opened.key), opened.tries > 0 ? "tries \(opened.tries)" : ""]
                .filter { !$0.isEmpty }
        case .connectionRejected(let rejected): [rejected.remote, "\(rejected.status)", rejected.reason]
        case .connectionAcknowledged(let connection, let after): [connection, "after \(after) ms"]
        case .connectionClosed(let closed):
            [closed.connection, "\(closed.code)", "by \(closed.by.rawValue)", closed.reason ?? ""].filter { !$0.isEmpty }
        case .namespaceConnected(let change), .namespaceDenied(let change), .namespaceDisconnected(let change):
            [change.connection, change.namespace, change.error ?? "", change.forced ? "forced" : ""].filter { !$0.isEmpty }
        case .roomJoined(let change), .roomDenied(let change), .roomLeft(let change):
            [change.connection, "\(change.namespace)#\(change.room)", change.error ?? "", change.forced ? "forced" : ""].filter {
                !$0.isEmpty
            }
        case .message(let message):
            [
                message.connection, message.direction.rawValue, "\(message.namespace)#\(message.room)", message.event,
                "\(message.bytes) bytes", message.body,
            ]
        case .protocolViolation(let violation): [violation.connection ?? "", violation.kind, violation.detail].filter { !$0.isEmpty }
        case .incidentOpened(let figures), .incidentUpdated(let figures), .incidentClosed(let figures):
            [
                "#\(figures.incident)", figures.cause, "lost \(figures.dropped.map(String.init) ?? "?")", "back \(figures.roomsBack)",
                "missing \(figures.missing.map(String.init) ?? "?")",
            ]
        case .lintRaised(let lint), .lintCleared(let lint): [lint.lint, lint.detail]
        case .operatorAction(let action): [action.action, "by \(action.by)", "on \(action.target)", "count \(action.count)", action.result]
        case .sample(let sample):
            [
                "connections \(sample.connections)", "in \(Int(sample.messagesInPerSecond.rounded()))/s",
                "out \(Int(sample.messagesOutPerSecond.rounded()))/s",
            ]
        case .feedGap(let gap): ["missed \(gap.missed)"]
        case .snapshot(let snapshot): ["connections \(snapshot.connections.count)"]
        }
    }

    private static func named(_ name: String, _ value: String?) -> String { value.map { "\(name) \($0)" } ?? "" }
}
