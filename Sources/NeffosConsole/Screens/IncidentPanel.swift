import NeffosFeed
import NeffosObservatory
import Terminal

/// One incident in full: how it stands, the funnel, how fast they came back, who is missing.
enum IncidentPanel {
    static func drawWide(_ incident: Incident, _ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) {
        let theme = input.theme
        head(incident, input, &frame, rect.line(0))
        let inner = Rect(row: rect.row + 1, column: rect.column + 1, rows: rect.rows - 1, columns: rect.columns - 2)
        frame.put(IncidentText.verdict(incident, input), row: inner.row, column: inner.column, columns: inner.columns)
        frame.put(times(incident, theme), row: inner.row + 1, column: inner.column, columns: inner.columns)
        drawFunnel(incident, theme, &frame, Rect(row: inner.row + 3, column: inner.column, rows: 5, columns: inner.columns))
        let figures = Rect(row: inner.row + 9, column: inner.column, rows: 2, columns: inner.columns)
        drawRestored(incident, theme, &frame, figures.line(0))
        drawTries(incident, theme, &frame, figures.line(1))
        MissingList.drawShort(
            incident, input, &frame,
            Rect(row: inner.row + 12, column: rect.column, rows: rect.endRow - inner.row - 12, columns: rect.columns))
    }

    /// The same where there is one column of 80 cells and 16 rows.
    static func drawNarrow(_ incident: Incident, _ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) {
        let theme = input.theme
        head(incident, input, &frame, rect.line(0))
        let inner = Rect(row: rect.row + 1, column: rect.column + 1, rows: rect.rows - 1, columns: rect.columns - 2)
        frame.put(IncidentText.verdict(incident, input), row: inner.row, column: inner.column, columns: inner.columns)
        frame.put(times(incident, theme), row: inner.row + 1, column: inner.column, columns: inner.columns)
        let halves = Rect(row: inner.row + 2, column: inner.column, rows: 5, columns: inner.columns).splitColumns([.fill, .fill], gap: 2)
        drawFunnel(incident, theme, &frame, halves[0])
        IncidentGraphs.draw(incident, input, &frame, halves[1], rows: 1)
        let figures = Rect(row: inner.row + 7, column: inner.column, rows: 2, columns: inner.columns)
        drawRestored(incident, theme, &frame, figures.line(0))
        drawTries(incident, theme, &frame, figures.line(1))
        let rest = Rect(row: figures.endRow, column: rect.column, rows: rect.endRow - figures.endRow, columns: rect.columns)
        if (incident.missing ?? 0) == 0, !input.observatory.probeSources.isEmpty {
            ProbeTable.drawShort(input, &frame, rest)
        } else {
            MissingList.drawShort(incident, input, &frame, rest)
        }
    }

    private static func head(_ incident: Incident, _ input: ScreenInput, _ frame: inout Frame, _ line: Rect) {
        let until = incident.closedAt.map { " \(input.isASCII ? "->" : "→") \(input.clock($0))" } ?? ""
        frame.rule(
            "#\(incident.number)  \(IncidentText.cause(incident.cause))  \(input.clock(incident.openedAt))\(until)",
            trailing: IncidentText.state(incident, input), in: line, theme: input.theme)
    }

    /// The measured outage beside what the clients saw.
    private static func times(_ incident: Incident, _ theme: Theme) -> [Span] {
        let away: [Span]
        if let time = incident.away {
            away = [Span("server away ", theme[.dim]), Span(ConsoleFormat.duration(time), theme[.strong])]
        } else {
            away = [Span(stayed(incident.cause) ? "server stayed" : "time away not known", theme[.dim])]
        }
        return .joined([away, IncidentText.seen(incident, theme: theme)], gap: 3)
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
