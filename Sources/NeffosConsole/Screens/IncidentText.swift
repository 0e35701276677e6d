import NeffosFeed
import NeffosObservatory
import Terminal

/// How an incident is told, wherever it is.
enum IncidentText {
    /// `#7`, `#7 of the run before`, `#7 of 2 runs before`.
    static func number(_ incident: Incident) -> String {
        switch incident.runsBefore {
        case 0: "#\(incident.number)"
        case 1: "#\(incident.number) of the run before"
        default: "#\(incident.number) of \(incident.runsBefore) runs before"
        }
    }

    /// The same in a list, where a star says that it was an earlier run of the server.
    static func shortNumber(_ incident: Incident) -> String { "#\(incident.number)\(incident.runsBefore == 0 ? "" : "*")" }

    /// `Incident #7  12:01:09  server restart`
    static func title(_ incident: Incident, _ input: ScreenInput) -> String {
        "Incident \(number(incident))  \(input.clock(incident.openedAt))  \(cause(incident.cause))"
    }

    static func cause(_ cause: Incident.Cause) -> String {
        switch cause {
        case .restart: "server restart"
        case .listenerAway: "listener away"
        case .drill: "drill"
        case .network: "network"
        case .kick: "kicked"
        case .server: "closed by server"
        }
    }

    /// `● open 00:00:31`, `✓ closed after 12 s`, `✗ closed after 30 s`.
    static func state(_ incident: Incident, _ input: ScreenInput) -> [Span] {
        let (sign, role) = mark(incident, input.theme)
        guard let closedAt = incident.closedAt else {
            return [Span("\(sign) open \(ConsoleFormat.elapsed(input.age(since: incident.openedAt)))", input.theme[role])]
        }
        return [Span("\(sign) closed after \(ConsoleFormat.age(closedAt - incident.openedAt))", input.theme[role])]
    }

    /// Open, all back, or closed with some missing.
    static func mark(_ incident: Incident, _ theme: Theme) -> (String, Theme.Role) {
        if incident.isOpen { return (theme.glyphs.open, .warn) }
        return (incident.missing ?? 0) == 0 ? (theme.glyphs.good, .good) : (theme.glyphs.bad, .bad)
    }

    /// The steps of the funnel with the numbers that reached them; nil: not known.
    static func steps(_ incident: Incident) -> [(name: String, count: Int?)] {
        [
            ("dropped", incident.dropped), ("probed", incident.probed), ("upgraded", incident.upgraded),
            ("namespaces", incident.namespacesBack), ("rooms", incident.roomsBack),
        ]
    }

    /// What a full bar stands for.
    static func whole(_ incident: Incident) -> Int { max(1, incident.dropped ?? 0, steps(incident).compactMap(\.count).max() ?? 0) }

    /// The funnel as one line: `dropped 1 190 ─► probed 1 190 ─► … missing 11`, with shorter words where it is narrow.
    static func funnelLine(_ incident: Incident, theme: Theme, columns: Int) -> [Span] {
        let missing = missing(incident, theme)
        let long = line(incident, theme, names: ["dropped", "probed", "upgraded", "namespaces", "rooms"], flow: " \(theme.signs.flow) ")
        let short = line(incident, theme, names: ["lost", "probed", "up", "ns", "rooms"], flow: " \(theme.glyphs.flow) ")
        let shortest = line(incident, theme, names: ["lost", "", "", "ns", "rooms"], flow: theme.glyphs.flow)
        for steps in [long, short, shortest] {
            let all = steps + [Span("   ")] + missing
            if all.width(ascii: theme.glyphs.isASCII) <= columns { return all }
        }
        return missing + [Span("   ")] + shortest
    }

    private static func line(_ incident: Incident, _ theme: Theme, names: [String], flow: String) -> [Span] {
        var spans: [Span] = []
        for (step, name) in zip(steps(incident), names) {
            if !spans.isEmpty { spans.append(Span(flow, theme[.dim])) }
            if !name.isEmpty { spans.append(Span(name + " ", theme[.dim])) }
            spans.append(Span(step.count.map(ConsoleFormat.count) ?? "?", theme[.strong]))
        }
        return spans
    }

    static func missing(_ incident: Incident, _ theme: Theme) -> [Span] {
        guard let missing = incident.missing else { return [Span("missing ?", theme[.dim])] }
        return [Span("missing ", theme[.dim]), Span(ConsoleFormat.count(missing), theme[missing == 0 ? .good : .bad])]
    }

    /// `50 % 2.1 s   95 % 4.8 s   99 % 9.0 s`: when so many of those who came back were whole again.
    static func restored(_ incident: Incident, theme: Theme) -> [Span] {
        let figures = [("50 %", incident.p50), ("95 %", incident.p95), ("99 %", incident.p99)]
        guard figures.contains(where: { $0.1 != nil }) else { return [] }
        return .joined(
            figures.map { [Span($0.0 + " ", theme[.dim]), Span($0.1.map(ConsoleFormat.duration) ?? "?", theme[.strong])] }, gap: 3)
    }

    /// `clients saw 4.0–6.0 s (tries 1–3)`
    static func seen(_ incident: Incident, theme: Theme) -> [Span] {
        let tries = incident.tries.keys.sorted()
        var text = ""
        if let first = tries.first, let last = tries.last {
            text = first == last ? "tries \(first)" : "tries \(first)\(theme.signs.to)\(last)"
        }
        guard let saw = incident.clientsSaw else { return text.isEmpty ? [] : [Span("clients told of ", theme[.dim]), Span(text)] }
        let range =
            saw.lowerBound == saw.upperBound
            ? ConsoleFormat.duration(saw.lowerBound)
            : ConsoleFormat.durations(saw, to: theme.signs.to)
        return [Span("clients saw ", theme[.dim]), Span(range, theme[.strong]), Span(text.isEmpty ? "" : " (\(text))", theme[.dim])]
    }

    /// One sentence: how it stands, and what to do.
    static func verdict(_ incident: Incident, _ input: ScreenInput) -> [Span] {
        let (sign, role, text) = IncidentVerdict.of(incident, input)
        return [Span(sign + " ", input.theme[role]), Span(text, input.theme[role == .good ? .plain : role])]
    }
}
