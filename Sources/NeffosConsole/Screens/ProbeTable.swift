import NeffosFeed
import NeffosObservatory
import Terminal

/// Who knocks with HEAD, and what became of them. Those that are not in come first.
enum ProbeTable {
    static func drawShort(_ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) {
        let theme = input.theme
        let sources = sorted(input.observatory.probeSources)
        frame.rule("Probe sources", trailing: summary(sources, theme), in: rect.line(0), theme: theme)
        let inner = Rect(row: rect.row + 1, column: rect.column, rows: rect.rows - 1, columns: rect.columns - 1)
        guard !sources.isEmpty else {
            frame.put(" nobody has knocked with HEAD yet", at: inner.origin, columns: inner.columns, style: theme[.dim])
            return
        }
        let room = inner.rows - 1
        let shown = sources.count > room ? max(0, room - 1) : sources.count
        ScreenTable.draw(columns, sources.prefix(shown).map { row($0, input) }, into: &frame, in: inner, theme: theme)
        if shown < sources.count {
            frame.put(
                " \(frame.ascii ? "..." : "…") \(ConsoleFormat.count(sources.count - shown)) more, p lists them",
                at: inner.line(inner.rows - 1).origin, columns: inner.columns, style: theme[.accent])
        }
    }

    static func drawWhole(_ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) {
        let theme = input.theme
        let sources = sorted(input.observatory.probeSources)
        let offset = input.model.returns.probes.offset
        let rows = ReturnsLayout(size: input.model.size).listRows
        frame.rule("Probe sources", trailing: summary(sources, theme), in: rect.line(0), theme: theme)
        let inner = Rect(row: rect.row + 1, column: rect.column, rows: rect.rows - 1, columns: rect.columns - 1)
        guard !sources.isEmpty else {
            frame.put(" nobody has knocked with HEAD yet", at: inner.origin, columns: inner.columns, style: theme[.dim])
            return
        }
        ScreenTable.draw(columns, sources.dropFirst(offset).prefix(rows).map { row($0, input) }, into: &frame, in: inner, theme: theme)
    }

    private static func sorted(_ sources: [ProbeSource]) -> [ProbeSource] {
        sources.filter { $0.outcome != .upgraded } + sources.filter { $0.outcome == .upgraded }
    }

    private static func summary(_ sources: [ProbeSource], _ theme: Theme) -> [Span] {
        let waiting = sources.count { $0.outcome != .upgraded }
        guard !sources.isEmpty else { return [] }
        return [
            Span(ConsoleFormat.count(waiting), waiting > 0 ? theme[.warn] : theme[.dim]),
            Span(" of \(ConsoleFormat.count(sources.count)) not in", theme[.dim]),
        ]
    }

    private static let columns: [Table.Column] = [
        .init("address", minimum: 13, maximum: 24, priority: 9), .init("probes", minimum: 7, align: .right, priority: 9),
        .init("last", minimum: 6, align: .right, priority: 9), .init("became of them", minimum: 22, maximum: 60, priority: 9),
        .init("first", minimum: 6, align: .right, priority: 8), .init("deferred", minimum: 8, align: .right, priority: 5),
        .init("in", minimum: 6, align: .right, priority: 6), .init("refused", minimum: 7, align: .right, priority: 7),
        .init("agent", minimum: 12, maximum: 40, priority: 4),
    ]

    private static func row(_ source: ProbeSource, _ input: ScreenInput) -> Table.Row {
        let theme = input.theme
        let (text, role) = outcome(source, theme)
        return Table.Row([
            (source.address, nil), (ConsoleFormat.short(source.probes), nil),
            (ConsoleFormat.age(input.age(since: source.last)), nil), (text, theme[role]),
            (ConsoleFormat.age(input.age(since: source.first)), nil), (ConsoleFormat.short(source.deferred), nil),
            (ConsoleFormat.short(source.upgrades), nil), (ConsoleFormat.short(source.rejected), nil),
            (source.userAgent ?? "none told", theme[.dim]),
        ])
    }

    private static func outcome(_ source: ProbeSource, _ theme: Theme) -> (String, Theme.Role) {
        switch source.outcome {
        case .gone: ("\(theme.glyphs.middleDot) gone, never upgraded", .dim)
        case .knocking:
            source.upgrades == 0
                ? ("\(theme.glyphs.open) knocking, never upgraded", .warn) : ("\(theme.glyphs.open) knocking again", .warn)
        case .upgraded: ("\(theme.glyphs.good) upgraded", .good)
        case .rejected: ("\(theme.glyphs.bad) refused: \(source.lastRejection ?? "no reason given")", .bad)
        }
    }
}
