import NeffosFeed
import NeffosObservatory

/// An event in words, as one line: what it is, whom it is about, and what happened. To be made safe before it is shown.
struct EventText: Sendable, Hashable {
    /// What an event means to whoever looks at it; a sign and a colour say it together.
    enum Mark: Sendable, Hashable { case comes, goes, lost, knocks, refused, fine, message, broken, note, figures, server }

    var mark: Mark
    var type: String
    var who: String
    var what: String

    /// Cells' worth of what a peer named that go into a line.
    private static let longest = 300

    /// - Parameter name: what a connection is called, where that is known; else its id stands for it.
    static func line(_ event: FeedEvent, name: (String) -> String? = { _ in nil }) -> EventText {
        let (mark, who, what) = parts(event.kind) { name($0) ?? $0 }
        return EventText(mark: mark, type: event.kind.typeName, who: cut(who), what: what)
    }

    /// The connection that an event is about.
    static func connection(of event: FeedEvent) -> String? {
        switch event.kind {
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

    private static func parts(_ kind: FeedEvent.Kind, _ name: (String) -> String) -> (Mark, String, String) {
        switch kind {
        case .serverStarted(let state): return (.server, "server", "listens on \(cut(state.url)), version \(cut(state.version))")
        case .serverDraining(let state): return (.server, "server", "sends everybody away\(reason(state.reason))")
        case .serverStopped(let state): return (.server, "server", "has stopped\(reason(state.reason))")
        case .probe(let probe): return (.knocks, AddressText.withoutPort(probe.remote), Self.probe(probe))
        case .connectionOpened(let opened): return (.comes, opened.key ?? opened.connection, Self.opened(opened))
        case .connectionRejected(let rejected):
            let tries = rejected.tries > 0 ? ", try \(rejected.tries)" : ""
            return (.refused, AddressText.withoutPort(rejected.remote), "refused with \(rejected.status): \(cut(rejected.reason))\(tries)")
        case .connectionAcknowledged(let connection, let after):
            return (.fine, name(connection), "acknowledged after \(ConsoleFormat.duration(after))")
        case .connectionClosed(let closed): return (closed.isLoss ? .lost : .goes, name(closed.connection), Self.closed(closed))
        case .namespaceConnected(let change): return (.comes, name(change.connection), "in \(place(change.namespace))")
        case .namespaceDenied(let change):
            return (.refused, name(change.connection), "not let into \(place(change.namespace))\(reason(change.error))")
        case .namespaceDisconnected(let change):
            return (.goes, name(change.connection), "out of \(place(change.namespace))\(forced(change.forced))")
        case .roomJoined(let change): return (.comes, name(change.connection), "in \(place(change.namespace, change.room))")
        case .roomDenied(let change):
            return (.refused, name(change.connection), "not let into \(place(change.namespace, change.room))\(reason(change.error))")
        case .roomLeft(let change):
            return (.goes, name(change.connection), "out of \(place(change.namespace, change.room))\(forced(change.forced))")
        case .message(let message): return (.message, name(message.connection), Self.message(message))
        case .protocolViolation(let violation):
            return (.broken, violation.connection.map(name) ?? "nobody yet", "\(cut(violation.kind)): \(cut(violation.detail))")
        default: return about(kind)
        }
    }

    /// What is about no connection.
    private static func about(_ kind: FeedEvent.Kind) -> (Mark, String, String) {
        switch kind {
        case .incidentOpened(let figures): return (.broken, "#\(figures.incident)", incident(figures, "opened"))
        case .incidentUpdated(let figures): return (.note, "#\(figures.incident)", incident(figures, "goes on"))
        case .incidentClosed(let figures):
            return ((figures.missing ?? 0) > 0 ? .broken : .fine, "#\(figures.incident)", incident(figures, "over"))
        case .lintRaised(let lint): return (.note, cut(lint.subject), "\(cut(lint.lint)): \(cut(lint.detail)); \(cut(lint.remedy))")
        case .lintCleared(let lint): return (.fine, cut(lint.subject), "\(cut(lint.lint)) no more")
        case .operatorAction(let action):
            return (
                .note, cut(action.by),
                "\(cut(action.action)) of \(cut(action.target)) (\(ConsoleFormat.count(action.count))): \(cut(action.result))"
            )
        case .sample(let sample): return (.figures, "", figures(sample))
        case .feedGap(let gap):
            let kinds = gap.kinds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(6).map { "\(cut($0.key)) \($0.value)" }
            return (
                .broken, "feed",
                "\(ConsoleFormat.plural(gap.missed, "event")) lost here\(kinds.isEmpty ? "" : ": " + kinds.joined(separator: ", "))"
            )
        case .snapshot(let snapshot):
            return (.figures, "feed", "who is here: \(ConsoleFormat.plural(snapshot.connections.count, "connection"))")
        default: return (.note, "", "")
        }
    }

    private static func probe(_ probe: FeedEvent.Probe) -> String {
        let held = probe.held > 0 ? ", held back \(ConsoleFormat.duration(probe.held))" : ""
        return (probe.admitted ? "HEAD answered" : "HEAD not answered, it is put off") + held + agent(probe.userAgent)
    }

    private static func opened(_ opened: FeedEvent.ConnectionOpened) -> String {
        let back = opened.tries > 0 ? ", back after \(ConsoleFormat.plural(opened.tries, "try", "tries"))" : ""
        let previous = opened.previous.map { ", was \(cut($0))" } ?? ""
        return "from \(cut(opened.remote))\(back)\(previous)\(opened.tls ? ", TLS" : "")\(agent(opened.userAgent))"
    }

    private static func closed(_ closed: FeedEvent.ConnectionClosed) -> String {
        "\(closed.code) by \(closed.by.rawValue)\(reason(closed.reason)), after \(ConsoleFormat.duration(closed.lived)); in "
            + "\(ConsoleFormat.short(closed.messagesIn)), out \(ConsoleFormat.short(closed.messagesOut))"
    }

    private static func message(_ message: FeedEvent.TappedMessage) -> String {
        let direction = message.direction == .in ? "sent" : "got"
        return "\(direction) \(cut(message.event)) in \(place(message.namespace, message.room)), \(message.bytes) B: \(cut(message.body))"
    }

    private static func incident(_ figures: FeedEvent.IncidentFigures, _ word: String) -> String {
        let lost = figures.dropped.map { ConsoleFormat.count($0) } ?? "?"
        let missing = figures.missing.map { ConsoleFormat.count($0) } ?? "?"
        return "\(cut(figures.cause)), \(word): \(lost) lost, \(ConsoleFormat.count(figures.upgraded)) back, \(missing) missing"
    }

    private static func figures(_ sample: FeedEvent.Sample) -> String {
        "\(ConsoleFormat.plural(sample.connections, "connection")), in \(ConsoleFormat.rate(sample.messagesInPerSecond)), out "
            + "\(ConsoleFormat.rate(sample.messagesOutPerSecond)), cpu \(ConsoleFormat.percent(sample.cpuPercent)), mem "
            + "\(ConsoleFormat.bytes(sample.memoryBytes)), lag \(ConsoleFormat.lag(sample.loopLag))"
    }

    private static func place(_ namespace: String, _ room: String = "") -> String {
        let namespace = namespace.isEmpty ? "\"\"" : cut(namespace)
        return room.isEmpty ? namespace : "\(namespace): \(cut(room))"
    }

    private static func reason(_ text: String?) -> String { text.map { $0.isEmpty ? "" : ": \(cut($0))" } ?? "" }
    private static func agent(_ text: String?) -> String { text.map { $0.isEmpty ? "" : ", \(cut($0))" } ?? "" }
    private static func forced(_ isForced: Bool) -> String { isForced ? ", not by its own will" : "" }
    private static func cut(_ text: String) -> String { text.utf8.count <= longest ? text : String(text.prefix(longest)) }
}

extension FeedEvent.ConnectionClosed {
    /// Whether the client did not go by its own will.
    fileprivate var isLoss: Bool { by == .network || code == 1006 || (by == .server && code != 1000) }
}
