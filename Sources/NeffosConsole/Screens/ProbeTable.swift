import NeffosFeed
import NeffosObservatory
import Terminal

/// Who knocks with HEAD, and what became of them. Those that are not in come first.
enum ProbeTable {
    /// Those of one network that fared alike as one row, as many rows as fit.
    static func drawShort(_ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) {
        let groups = ProbeGroup.of(input.observatory.probeSources, together: true, now: input.now)
        guard let inner = drawHead(groups, input, &frame, rect) else { return }
        let theme = input.theme
        let hasHeader = inner.rows >= 5
        let room = inner.rows - (hasHeader ? 1 : 0)
        let shown = groups.count > room ? max(0, room - 1) : groups.count
        ScreenTable.draw(
            columns(address: 18), groups.prefix(shown).map { row($0, input) }, showsHeader: hasHeader, into: &frame, in: inner, theme: theme
        )
        if shown < groups.count {
            frame.put(
                " \(frame.ascii ? "..." : "…") \(ConsoleFormat.count(groups.count - shown)) more, p lists them",
                at: inner.line(inner.rows - 1).origin, columns: inner.columns, style: theme[.accent])
        }
    }

    /// Each by itself, over the whole screen.
    static func drawWhole(_ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) {
        let groups = ProbeGroup.of(input.observatory.probeSources, together: false, now: input.now)
        guard let inner = drawHead(groups, input, &frame, rect) else { return }
        let rows = ReturnsLayout(size: input.model.size).listRows
        ScreenTable.draw(
            columns(address: 13), groups.dropFirst(input.model.returns.probes.offset).prefix(rows).map { row($0, input) }, into: &frame,
            in: inner,
            theme: input.theme)
    }

    /// The title; where the rows go, nil where there are none.
    private static func drawHead(_ groups: [ProbeGroup], _ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) -> Rect? {
        let theme = input.theme
        let all = groups.reduce(0) { $0 + $1.sources.count }
        let out = groups.reduce(0) { $0 + ($1.fate == .upgraded ? 0 : $1.sources.count) }
        let last = input.observatory.forgottenProbeSources > 0 ? "the last " : ""
        let summary = [
            Span(ConsoleFormat.count(out), out > 0 ? theme[.warn] : theme[.dim]),
            Span(" of \(last)\(ConsoleFormat.count(all)) not in", theme[.dim]),
        ]
        frame.rule("Probe sources", trailing: all == 0 ? [] : summary, in: rect.line(0), theme: theme)
        let inner = Rect(row: rect.row + 1, column: rect.column, rows: rect.rows - 1, columns: rect.columns - 1)
        guard all > 0 else {
            frame.put(" nobody has knocked with HEAD yet", at: inner.origin, columns: inner.columns, style: theme[.dim])
            return nil
        }
        return inner
    }

    private static func columns(address: Int) -> [Table.Column] {
        [
            .init("address", minimum: address, maximum: 24, priority: 9), .init("probes", minimum: 6, align: .right, priority: 9),
            .init("last", minimum: 5, align: .right, priority: 9), .init("became of them", minimum: 23, maximum: 60, priority: 9),
            .init("first", minimum: 6, align: .right, priority: 8), .init("deferred", minimum: 8, align: .right, priority: 5),
            .init("in", minimum: 6, align: .right, priority: 6), .init("refused", minimum: 7, align: .right, priority: 7),
            .init("agent", minimum: 12, maximum: 40, priority: 4),
        ]
    }

    private static func row(_ group: ProbeGroup, _ input: ScreenInput) -> Table.Row {
        let theme = input.theme
        let (text, role) = fate(group.fate, theme)
        return Table.Row([
            (group.address, nil), (ConsoleFormat.short(group.probes), nil),
            (ConsoleFormat.age(input.age(since: group.last)), nil), (text, theme[role]),
            (ConsoleFormat.age(input.age(since: group.first)), nil), (ConsoleFormat.short(group.deferred), nil),
            (ConsoleFormat.short(group.upgrades), nil), (ConsoleFormat.short(group.rejected), nil),
            (group.agent ?? (group.sources.count > 1 ? "several" : "none told"), theme[.dim]),
        ])
    }

    private static func fate(_ fate: ProbeGroup.Fate, _ theme: Theme) -> (String, Theme.Role) {
        let glyphs = theme.glyphs
        switch fate {
        case .refused(let reason): return ("\(glyphs.bad) refused: \(reason)", .bad)
        case .knocking: return ("\(glyphs.open) knocking, never in", .warn)
        case .knockingAgain: return ("\(glyphs.open) knocking again", .warn)
        case .putOff: return ("\(glyphs.open) put off, never answered", .warn)
        case .gaveUp: return ("\(glyphs.bad) answered, never in", .bad)
        case .upgraded: return ("\(glyphs.good) upgraded", .good)
        }
    }
}
