import NeffosFeed
import NeffosObservatory
import Terminal

/// One incident in full: how it stands, the funnel, how fast they came back, who is missing.
enum IncidentPanel {
    /// Room that the missing list keeps, its rule included.
    private static let missingRows = 5

    static func drawWide(_ incident: Incident, _ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) {
        let theme = input.theme
        let facts = IncidentFacts(incident, sources: input.observatory.probeSources, now: input.now)
        head(incident, input, &frame, rect.line(0))
        let inner = Rect(row: rect.row + 1, column: rect.column + 1, rows: rect.rows - 1, columns: rect.columns - 2)
        let story = Rect(row: inner.row, column: inner.column, rows: inner.rows - 11 - missingRows, columns: inner.columns)
        let told = drawStory(incident, facts, input, &frame, story)
        let gap = inner.rows - 9 - told >= missingRows + 6 ? 1 : 0
        var row = inner.row + told + gap
        func line() -> Rect {
            defer { row += 1 }
            return Rect(row: row, column: inner.column, rows: 1, columns: inner.columns)
        }
        let measured = line()
        frame.put(times(incident, theme), row: measured.row, column: measured.column, columns: measured.columns)
        row += gap
        drawFunnel(incident, theme, &frame, Rect(row: row, column: inner.column, rows: 5, columns: inner.columns))
        row += 5 + gap
        drawRestored(incident, theme, &frame, line())
        drawTries(incident, theme, &frame, line())
        let lints = lints(incident, input)
        if !lints.isEmpty {
            let place = line()
            frame.put([Span("lints      ", theme[.dim])] + lints, row: place.row, column: place.column, columns: place.columns)
        }
        row += gap
        MissingList.drawShort(
            incident, facts, input, &frame, Rect(row: row, column: rect.column, rows: rect.endRow - row, columns: rect.columns))
    }

    /// The same where there is one column of 80 cells and 16 rows.
    static func drawNarrow(_ incident: Incident, _ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) {
        let theme = input.theme
        let facts = IncidentFacts(incident, sources: input.observatory.probeSources, now: input.now)
        head(incident, input, &frame, rect.line(0))
        let inner = Rect(row: rect.row + 1, column: rect.column + 1, rows: rect.rows - 1, columns: rect.columns - 2)
        let told = drawStory(
            incident, facts, input, &frame, Rect(row: inner.row, column: inner.column, rows: inner.rows - 10, columns: inner.columns))
        let row = inner.row + told
        frame.put(figures(incident, theme, columns: inner.columns), row: row, column: inner.column, columns: inner.columns)
        let halves = Rect(row: row + 1, column: inner.column, rows: 5, columns: inner.columns).splitColumns([.fill, .fill], gap: 2)
        drawFunnel(incident, theme, &frame, halves[0])
        IncidentGraphs.draw(incident, input, &frame, halves[1], rows: 1)
        // Beside the funnel's last step there is room under the four graphs.
        drawTries(incident, theme, &frame, Rect(row: row + 5, column: halves[1].column, rows: 1, columns: halves[1].columns))
        let rest = Rect(row: row + 6, column: rect.column, rows: rect.endRow - row - 6, columns: rect.columns)
        if (incident.missing ?? 0) == 0, !input.observatory.probeSources.isEmpty {
            ProbeTable.drawShort(input, &frame, rest)
        } else {
            MissingList.drawShort(incident, facts, input, &frame, rest)
        }
    }

    /// What happened, who is missing, what to do: as many lines as there is room for, the last part cut first. Returns the lines used.
    private static func drawStory(
        _ incident: Incident, _ facts: IncidentFacts, _ input: ScreenInput, _ frame: inout Frame, _ rect: Rect
    ) -> Int {
        let theme = input.theme
        let labelColumns = 10
        var used = 0
        let parts = IncidentStory(incident, facts: facts, now: input.now).parts
        for (index, part) in parts.enumerated() {
            let room = max(1, rect.rows - used - (parts.count - index - 1))
            for (number, line) in WordWrap.lines(part.text, columns: rect.columns - labelColumns, most: room, ascii: frame.ascii)
                .enumerated()
            {
                let row = rect.row + used
                if number == 0 {
                    frame.put(part.label, at: Position(row: row, column: rect.column), columns: labelColumns, style: theme[.dim])
                }
                frame.put(
                    line, at: Position(row: row, column: rect.column + labelColumns), columns: rect.columns - labelColumns,
                    style: theme[part.role])
                used += 1
            }
        }
        return used
    }

    /// `! herd   ! orphan-probe ×3`
    private static func lints(_ incident: Incident, _ input: ScreenInput) -> [Span] {
        let theme = input.theme
        return .joined(
            IncidentLints.of(incident, among: input.observatory.lints).map { lint in
                let count = lint.count > 1 ? " \(theme.signs.times)\(ConsoleFormat.count(lint.count))" : ""
                return [Span("\(theme.glyphs.warning) \(lint.lint)\(count)", theme[.warn])]
            }, gap: 3)
    }

    private static func head(_ incident: Incident, _ input: ScreenInput, _ frame: inout Frame, _ line: Rect) {
        let until = incident.closedAt.map { " \(input.isASCII ? "->" : "→") \(input.clock($0))" } ?? ""
        frame.rule(
            "\(IncidentText.number(incident))  \(IncidentText.cause(incident.cause))  \(input.clock(incident.openedAt))\(until)",
            trailing: IncidentText.state(incident, input), in: line, theme: input.theme)
    }

    /// The measured outage beside what the clients saw.
    private static func times(_ incident: Incident, _ theme: Theme) -> [Span] {
        .joined([away(incident, theme), IncidentText.seen(incident, theme: theme)], gap: 3)
    }

    private static func away(_ incident: Incident, _ theme: Theme) -> [Span] {
        if let time = incident.away { return [Span("server away ", theme[.dim]), Span(ConsoleFormat.duration(time), theme[.strong])] }
        if incident.cause == .drill { return [Span("away as the drill asked", theme[.dim])] }
        return [Span(stayed(incident.cause) ? "server stayed" : "time away not known", theme[.dim])]
    }

    /// The same and how fast they were restored, as much of it as a line has room for.
    private static func figures(_ incident: Incident, _ theme: Theme, columns: Int) -> [Span] {
        let restored = IncidentText.restored(incident, theme: theme)
        let spans = restored.isEmpty ? [] : [Span("restored ", theme[.dim])] + restored
        let all = [Span].joined([times(incident, theme), spans], gap: 3)
        if all.width(ascii: theme.glyphs.isASCII) <= columns || spans.isEmpty { return all }
        return .joined([away(incident, theme), spans], gap: 3)
    }

    /// Whether only the clients' connections went, not the server.
    private static func stayed(_ cause: Incident.Cause) -> Bool {
        switch cause {
        case .network, .kick, .server: true
        case .restart, .listenerAway, .drill: false
        }
    }

    private static func drawFunnel(_ incident: Incident, _ theme: Theme, _ frame: inout Frame, _ rect: Rect) {
        let whole = IncidentText.whole(incident)
        let steps = IncidentText.steps(incident)
        let countColumns = max(7, steps.compactMap { $0.count }.map { ConsoleFormat.count($0).count }.max() ?? 0)
        let barColumn = rect.column + 11 + countColumns + 1
        let hasPercent = rect.columns >= 50
        let barColumns = rect.endColumn - barColumn - (hasPercent ? 6 : 0)
        for (index, step) in steps.enumerated() where index < rect.rows {
            let row = rect.row + index
            frame.put(step.name, at: Position(row: row, column: rect.column), columns: 10, style: theme[.dim])
            frame.put(
                step.count.map(ConsoleFormat.count) ?? "?", at: Position(row: row, column: rect.column + 11), columns: countColumns,
                style: theme[.strong], align: .right)
            guard let count = step.count else { continue }
            let role: Theme.Role = index == 0 ? .accent : count >= whole ? .good : incident.isOpen ? .warn : .bad
            Gauge(count, of: whole).draw(
                in: Rect(row: row, column: barColumn, rows: 1, columns: barColumns), into: &frame, glyphs: theme.glyphs, style: theme[role])
            guard hasPercent, incident.dropped != nil else { continue }
            // Rounded down: all but one of a thousand are not 100 %.
            let percent = Int(Double(count) / Double(whole) * 100)
            frame.putRight([Span("\(percent) %", theme[.dim])], row: row, column: rect.endColumn - 5, columns: 5)
        }
    }

    private static func drawRestored(_ incident: Incident, _ theme: Theme, _ frame: inout Frame, _ line: Rect) {
        let figures = IncidentText.restored(incident, theme: theme)
        frame.put(
            [Span("restored   ", theme[.dim])] + (figures.isEmpty ? [Span("nobody yet", theme[.dim])] : figures), row: line.row,
            column: line.column, columns: line.columns)
    }

    /// How many came back with how many tries: as many bars as fit, the rest in one.
    private static func drawTries(_ incident: Incident, _ theme: Theme, _ frame: inout Frame, _ line: Rect) {
        var column = line.column + frame.put("tries      ", at: line.origin, columns: line.columns, style: theme[.dim])
        let (bars, barColumns) = tries(incident, columns: line.endColumn - column)
        if bars.isEmpty {
            frame.put("nobody told of any yet", at: Position(row: line.row, column: column), style: theme[.dim])
        }
        let most = max(1, bars.map(\.count).max() ?? 1)
        for bar in bars where column < line.endColumn {
            let gauge = Gauge(bar.count, of: most).text(columns: barColumns, glyphs: theme.glyphs)
            column += frame.put(
                [Span(bar.label + " ", theme[.strong]), Span(gauge, theme[.accent]), Span(" " + ConsoleFormat.count(bar.count))],
                row: line.row, column: column, columns: line.endColumn - column)
            column += 3
        }
    }

    private static func tries(_ incident: Incident, columns: Int) -> (bars: [(label: String, count: Int)], barColumns: Int) {
        let all = incident.tries.sorted { $0.key < $1.key }
        for groups in stride(from: min(all.count, 12), to: 0, by: -1) {
            let isCut = all.count > groups
            var bars = all.prefix(isCut ? groups - 1 : groups).map { (label: "\($0.key)", count: $0.value) }
            if isCut {
                let rest = all.dropFirst(groups - 1)
                bars.append(("\(rest.first?.key ?? 0)+", rest.reduce(0) { $0 + $1.value }))
            }
            let words = bars.reduce(0) { $0 + $1.label.count + ConsoleFormat.count($1.count).count + 5 }
            let barColumns = (columns - words) / groups
            if barColumns >= 4 || groups == 1 { return (bars, min(12, max(1, barColumns))) }
        }
        return ([], 0)
    }
}
