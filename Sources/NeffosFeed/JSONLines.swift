/// The feed as lines of JSON, version 1.
///
/// The fields of a type stand in the order of the feed's documentation; a field that does not apply is null. What a client named stands
/// in them as it was, with everything escaped that could disturb a terminal.
public enum JSONLines {
    /// The version of the feed that is written, and the newest that is read.
    public static let version = 1
    /// How many missing keys a closed incident names.
    static let mostMissingKeys = 1000

    /// Appends the line of one entry, with its newline.
    public static func append(_ entry: FeedEntry, to bytes: inout [UInt8]) {
        var writer = JSONWriter(taking: &bytes)
        writer.raw("{\"v\":")
        writer.number(version)
        writer.field("seq", entry.seq)
        writer.field("time", entry.event.time)
        writer.field("node", entry.node)
        writer.field("type", entry.event.kind.typeName)
        append(entry.event.kind, to: &writer)
        writer.raw("}\n")
        writer.giveBack(to: &bytes)
    }

    private static func append(_ kind: FeedEvent.Kind, to writer: inout JSONWriter) {
        switch kind {
        case .serverStarted(let state), .serverDraining(let state), .serverStopped(let state): append(state, to: &writer)
        case .probe(let probe): append(probe, to: &writer)
        case .connectionOpened(let opened): append(opened, to: &writer)
        case .connectionRejected(let rejected): append(rejected, to: &writer)
        case .connectionAcknowledged(let connection, let after):
            writer.field("connection", connection)
            writer.field("after", after)
        case .connectionClosed(let closed): append(closed, to: &writer)
        case .namespaceConnected(let change), .namespaceDenied(let change), .namespaceDisconnected(let change): append(change, to: &writer)
        case .roomJoined(let change), .roomDenied(let change), .roomLeft(let change): append(change, to: &writer)
        case .message(let message): append(message, to: &writer)
        case .protocolViolation(let violation):
            writer.field("connection", violation.connection)
            writer.field("kind", violation.kind)
            writer.field("detail", violation.detail)
        case .incidentOpened(let figures), .incidentUpdated(let figures): append(figures, missingKeys: nil, to: &writer)
        case .incidentClosed(let figures): append(figures, missingKeys: figures.missingKeys, to: &writer)
        case .lintRaised(let lint), .lintCleared(let lint): append(lint, to: &writer)
        case .operatorAction(let action): append(action, to: &writer)
        case .sample(let sample): append(sample, to: &writer)
        case .feedGap(let gap):
            writer.field("missed", gap.missed)
            writer.field("kinds", gap.kinds)
        case .snapshot(let snapshot): append(snapshot, to: &writer)
        }
    }

    private static func append(_ state: FeedEvent.ServerState, to writer: inout JSONWriter) {
        writer.field("url", state.url)
        writer.field("version", state.version)
        writer.field("reason", state.reason)
    }

    private static func append(_ probe: FeedEvent.Probe, to writer: inout JSONWriter) {
        writer.field("remote", probe.remote)
        writer.field("userAgent", probe.userAgent)
        writer.field("admitted", probe.admitted)
        writer.field("held", probe.held)
    }

    private static func append(_ opened: FeedEvent.ConnectionOpened, to writer: inout JSONWriter) {
        writer.field("connection", opened.connection)
        writer.field("key", opened.key)
        writer.field("previous", opened.previous)
        writer.field("remote", opened.remote)
        writer.field("userAgent", opened.userAgent)
        writer.field("tries", opened.tries)
        writer.field("tls", opened.tls)
    }

    private static func append(_ rejected: FeedEvent.ConnectionRejected, to writer: inout JSONWriter) {
        writer.field("remote", rejected.remote)
        writer.field("status", rejected.status)
        writer.field("reason", rejected.reason)
        writer.field("tries", rejected.tries)
    }

    private static func append(_ closed: FeedEvent.ConnectionClosed, to writer: inout JSONWriter) {
        writer.field("connection", closed.connection)
        writer.field("code", closed.code)
        writer.field("reason", closed.reason)
        writer.field("by", closed.by.rawValue)
        writer.field("lived", closed.lived)
        writer.field("messagesIn", closed.messagesIn)
        writer.field("messagesOut", closed.messagesOut)
        writer.field("bytesIn", closed.bytesIn)
        writer.field("bytesOut", closed.bytesOut)
    }

    private static func append(_ change: FeedEvent.NamespaceChange, to writer: inout JSONWriter) {
        writer.field("connection", change.connection)
        writer.field("namespace", change.namespace)
        writer.field("error", change.error)
        writer.field("forced", change.forced)
    }

    private static func append(_ change: FeedEvent.RoomChange, to writer: inout JSONWriter) {
        writer.field("connection", change.connection)
        writer.field("namespace", change.namespace)
        writer.field("room", change.room)
        writer.field("error", change.error)
        writer.field("forced", change.forced)
    }

    private static func append(_ message: FeedEvent.TappedMessage, to writer: inout JSONWriter) {
        writer.field("connection", message.connection)
        writer.field("direction", message.direction.rawValue)
        writer.field("namespace", message.namespace)
        writer.field("room", message.room)
        writer.field("event", message.event)
        writer.field("bytes", message.bytes)
        writer.field("body", message.body)
        writer.field("skipped", message.skipped)
    }

    private static func append(_ figures: FeedEvent.IncidentFigures, missingKeys: [FeedEvent.MissingKey]?, to writer: inout JSONWriter) {
        writer.field("incident", figures.incident)
        writer.field("cause", figures.cause)
        writer.field("dropped", figures.dropped)
        writer.field("probes", figures.probes)
        writer.field("probed", figures.probed)
        writer.field("upgraded", figures.upgraded)
        writer.field("namespacesBack", figures.namespacesBack)
        writer.field("roomsBack", figures.roomsBack)
        writer.field("missing", figures.missing)
        writer.field("p50", figures.p50)
        writer.field("p95", figures.p95)
        writer.field("p99", figures.p99)
        writer.name("missingKeys")
        guard let missingKeys else { return writer.raw("null") }
        writer.array(missingKeys.prefix(mostMissingKeys)) { writer, missing in
            writer.raw("{\"key\":")
            if let key = missing.key { writer.string(key) } else { writer.raw("null") }
            writer.field("count", missing.count)
            writer.name("connections")
            writer.array(missing.connections) { $0.string($1) }
            writer.raw("}")
        }
    }

    private static func append(_ lint: FeedEvent.Lint, to writer: inout JSONWriter) {
        writer.field("lint", lint.lint)
        writer.field("subject", lint.subject)
        writer.field("detail", lint.detail)
        writer.field("remedy", lint.remedy)
    }

    private static func append(_ action: FeedEvent.OperatorAction, to writer: inout JSONWriter) {
        writer.field("action", action.action)
        writer.field("by", action.by)
        writer.field("target", action.target)
        writer.field("count", action.count)
        writer.field("result", action.result)
        writer.field("away", action.away)
    }

    private static func append(_ sample: FeedEvent.Sample, to writer: inout JSONWriter) {
        writer.field("connections", sample.connections)
        writer.field("namespaces", sample.namespaces)
        writer.field("rooms", sample.rooms)
        writer.field("messagesInPerSecond", sample.messagesInPerSecond)
        writer.field("messagesOutPerSecond", sample.messagesOutPerSecond)
        writer.field("bytesInPerSecond", sample.bytesInPerSecond)
        writer.field("bytesOutPerSecond", sample.bytesOutPerSecond)
        writer.field("probesPerSecond", sample.probesPerSecond)
        writer.field("openedPerSecond", sample.openedPerSecond)
        writer.field("closedPerSecond", sample.closedPerSecond)
        writer.field("cpuPercent", sample.cpuPercent)
        writer.field("memoryBytes", sample.memoryBytes)
        writer.field("loopLag", sample.loopLag)
        writer.field("slowestHandler", sample.slowestHandler)
    }

    private static func append(_ snapshot: FeedEvent.FeedSnapshot, to writer: inout JSONWriter) {
        writer.name("connections")
        writer.array(snapshot.connections) { writer, present in
            writer.raw("{\"connection\":")
            writer.string(present.connection)
            writer.field("key", present.key)
            writer.field("remote", present.remote)
            writer.field("userAgent", present.userAgent)
            writer.field("tries", present.tries)
            writer.name("opened")
            if let opened = present.opened { writer.time(opened) } else { writer.raw("null") }
            writer.field("acknowledged", present.acknowledged)
            writer.field("tls", present.tls)
            writer.field("previous", present.previous)
            writer.name("namespaces")
            writer.raw("{")
            var isFirst = true
            for (namespace, rooms) in present.namespaces.sorted(by: { $0.key < $1.key }) {
                if !isFirst { writer.raw(",") }
                isFirst = false
                writer.string(namespace)
                writer.raw(":")
                writer.array(rooms) { $0.string($1) }
            }
            writer.raw("}}")
        }
        writer.field("counters", snapshot.counters)
    }
}
