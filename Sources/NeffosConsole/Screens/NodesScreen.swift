import NeffosFeed
import NeffosObservatory
import Terminal

/// The Nodes screen: how each of several servers fares, and which of them the other screens show.
enum NodesScreen {
    static func draw(_ input: ScreenInput, into frame: inout Frame) {
        let theme = input.theme
        let rect = ConsoleLayout(size: input.model.size).body
        let nodes = input.model.nodes
        frame.rule("Nodes", trailing: summary(nodes.all, theme), in: rect.line(0), theme: theme)
        let inner = Rect(row: rect.row + 1, column: rect.column, rows: rect.rows - 1, columns: rect.columns)
        let rows = nodes.all.dropFirst(nodes.offset).prefix(input.model.nodeRows).map { row($0, theme) }
        ScreenTable.draw(columns, Array(rows), offset: nodes.offset, selected: nodes.selectedIndex, into: &frame, in: inner, theme: theme)
    }

    /// `3 nodes  2 live  1 204 connections  11 missing`
    private static func summary(_ nodes: [NodeSummary], _ theme: Theme) -> [Span] {
        let live = nodes.count { $0.isLive }
        let missing = nodes.reduce(0) { $0 + ($1.missing ?? 0) }
        let connections = nodes.reduce(0) { $0 + ($1.isLive ? $1.connections : 0) }
        var parts = [
            [
                Span(ConsoleFormat.count(live), live == nodes.count ? theme[.good] : theme[.bad]),
                Span(" of \(nodes.count) live", theme[.dim]),
            ],
            [Span(ConsoleFormat.plural(connections, "connection"), theme[.dim])],
        ]
        if missing > 0 { parts.append([Span("\(ConsoleFormat.count(missing)) missing", theme[.bad])]) }
        return .joined(parts, gap: 3)
    }

    private static let columns: [Table.Column] = [
        .init("", minimum: 1, maximum: 1, priority: 20),
        .init("node", minimum: 12, maximum: 28, grows: true, priority: 20),
        .init("state", minimum: 16, maximum: 16, priority: 19),
        .init("conns", minimum: 7, align: .right, priority: 18),
        .init("returned", minimum: 8, align: .right, priority: 14),
        .init("missing", minimum: 7, align: .right, priority: 17),
        .init("open incident", minimum: 19, maximum: 24, priority: 16),
        .init("up", minimum: 12, align: .right, priority: 11),
        .init("ns", minimum: 4, align: .right, priority: 8),
        .init("rooms", minimum: 6, align: .right, priority: 9),
        .init("in", minimum: 6, align: .right, priority: 13),
        .init("out", minimum: 6, align: .right, priority: 12),
        .init("missed", minimum: 6, align: .right, priority: 10),
        .init("cpu", minimum: 5, align: .right, priority: 7),
        .init("mem", minimum: 5, align: .right, priority: 6),
        .init("url", minimum: 24, maximum: 60, grows: true, priority: 5),
    ]

    private static func row(_ node: NodeSummary, _ theme: Theme) -> Table.Row {
        let (state, role) = state(node, theme)
        let unknown = theme.glyphs.isASCII ? "-" : "–"
        // What was told last is not what is now.
        let figures: Style? = node.isLive ? nil : theme[.dim]
        func sample(_ text: (FeedEvent.Sample) -> String) -> String { node.sample.map(text) ?? unknown }
        return Table.Row([
            (node.isChosen ? "*" : "", theme[.accent]),
            (node.name, node.isChosen ? theme[.strong] : nil),
            (state, theme[role]),
            (ConsoleFormat.short(node.connections), figures),
            (ConsoleFormat.short(node.returned), figures),
            (node.missing.map(ConsoleFormat.short) ?? unknown, (node.missing ?? 0) > 0 ? theme[.bad] : figures),
            (
                node.incident.map { "\(theme.glyphs.open) #\($0.number) \(IncidentText.cause($0.cause))" } ?? "",
                node.isLive ? theme[.warn] : theme[.dim]
            ),
            (node.uptime.map(ConsoleFormat.elapsed) ?? unknown, figures),
            (ConsoleFormat.short(node.namespaces), figures), (ConsoleFormat.short(node.rooms), figures),
            (sample { ConsoleFormat.rate($0.messagesInPerSecond) }, figures),
            (sample { ConsoleFormat.rate($0.messagesOutPerSecond) }, figures),
            (ConsoleFormat.short(node.missed), node.missed > 0 ? theme[.bad] : figures),
            (sample { ConsoleFormat.percent($0.cpuPercent) }, figures),
            (sample { ConsoleFormat.bytes($0.memoryBytes) }, figures),
            (node.url, figures),
        ])
    }

    private static func state(_ node: NodeSummary, _ theme: Theme) -> (String, Theme.Role) {
        let glyphs = theme.glyphs
        if let ending = node.ending { return ("\(glyphs.bad) \(ending)", .bad) }
        if case .offline(let tries, _) = node.status {
            return ("\(glyphs.bad) offline\(tries > 0 ? ", try \(ConsoleFormat.compact(Double(tries)))" : "")", .bad)
        }
        switch node.phase {
        case .starting: return ("\(glyphs.open) starting", .warn)
        case .running: return ("\(glyphs.good) live", .good)
        case .draining: return ("\(glyphs.warning) draining", .warn)
        case .stopped: return ("\(glyphs.bad) stopped", .bad)
        }
    }
}
