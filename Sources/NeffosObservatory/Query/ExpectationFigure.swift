/// A figure of a run that an expectation is about.
enum ExpectationFigure: Sendable, Hashable {
    case plain(Plain)
    /// A percentile of the time to be whole again, the worst of all incidents; with none back there is no figure.
    case restore(percent: Int)
    /// How often a lint was raised.
    case lint(String)
    /// Events that pass a filter.
    case count(Query)
    /// Connections that pass a filter now.
    case connections(Query)

    /// Those that need nothing in parentheses.
    enum Plain: String, Sendable, Hashable, CaseIterable {
        case connections
        case connectionsPeak = "connections.peak"
        case namespaces, rooms
        case opened, closed, returned, probes, rejected, violations
        case triesMax = "tries.max"
        case messagesIn = "messages.in"
        case messagesOut = "messages.out"
        case bytesIn = "bytes.in"
        case bytesOut = "bytes.out"
        case probesPeak = "probes.rate.peak"
        case openedPeak = "opened.rate.peak"
        case closedPeak = "closed.rate.peak"
        case messagesInPeak = "messages.in.rate.peak"
        case messagesOutPeak = "messages.out.rate.peak"
        case incidents
        case incidentsOpen = "incidents.open"
        case dropped, upgraded, missing
        case lints
        case feedEvents = "feed.events"
        case feedMissed = "feed.missed"
        case cpuPeak = "cpu.peak"
        case memoryPeak = "memory.peak"
        case lagPeak = "lag.peak"
    }

    /// Those that do: `p95(restore)`.
    static let functions = ["p50", "p95", "p99", "lints", "count", "connections"]

    var unit: QueryUnit {
        switch self {
        case .restore, .plain(.lagPeak): .duration
        case .plain(.bytesIn), .plain(.bytesOut), .plain(.memoryPeak): .size
        case .plain(.probesPeak), .plain(.openedPeak), .plain(.closedPeak), .plain(.messagesInPeak), .plain(.messagesOutPeak): .rate
        default: .count
        }
    }

    /// Whether the stop of the server makes it exact, where it would distort the others: what open connections sent is told when they close.
    var isKnownAfterStop: Bool {
        switch self {
        case .plain(.messagesIn), .plain(.messagesOut), .plain(.bytesIn), .plain(.bytesOut), .plain(.feedEvents), .plain(.feedMissed): true
        default: false
        }
    }

    /// Whether it says who is missing where it fails.
    var namesMissing: Bool {
        switch self {
        case .plain(.missing), .plain(.returned), .plain(.upgraded), .restore: true
        default: false
        }
    }

    /// As it is written.
    var text: String {
        switch self {
        case .plain(let plain): plain.rawValue
        case .restore(let percent): "p\(percent)(restore)"
        case .lint(let id): "lints(\(id))"
        case .count(let query): "count(\(query.text))"
        case .connections(let query): "connections(\(query.text))"
        }
    }
}

extension ExpectationFigure.Plain {
    /// What it is, in a few words, for the help.
    var meaning: String {
        switch self {
        case .connections: "connections that are open"
        case .connectionsPeak: "the most that were open at once"
        case .namespaces: "namespaces with a member"
        case .rooms: "rooms with a member"
        case .opened: "connections that came"
        case .closed: "connections that ended"
        case .returned: "connections that came back"
        case .probes: "HEAD probes"
        case .rejected: "upgrades that were refused"
        case .violations: "breaches of the protocol"
        case .triesMax: "the most tries of one return"
        case .messagesIn: "messages that came"
        case .messagesOut: "messages that went"
        case .bytesIn: "bytes that came"
        case .bytesOut: "bytes that went"
        case .probesPeak: "the most probes in a second"
        case .openedPeak: "the most connections that came in a second"
        case .closedPeak: "the most connections that ended in a second"
        case .messagesInPeak: "the most messages that came in a second"
        case .messagesOutPeak: "the most messages that went in a second"
        case .incidents: "incidents"
        case .incidentsOpen: "incidents that are not over"
        case .dropped: "clients that were lost, over all incidents whose losses are known"
        case .upgraded: "of those, who upgraded again"
        case .missing: "of those, who did not upgrade again before the incident was over"
        case .lints: "lints that were raised"
        case .feedEvents: "events of the feed"
        case .feedMissed: "events that the feed had to drop"
        case .cpuPeak: "the most of a core that was used in a second, in percent"
        case .memoryPeak: "the most memory"
        case .lagPeak: "the longest that an event loop was late"
        }
    }
}
