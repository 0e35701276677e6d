import NeffosFeed
import NeffosObservatory
import Terminal

/// The incidents, newest first.
enum IncidentList {
    static func draw(_ incidents: [Incident], selected: Int, _ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) {
        let theme = input.theme
        let offset = input.model.returns.offset
        let rows = rect.rows - 1
        let place = incidents.count > rows ? "\(selected + 1) of \(incidents.count)" : ""
        frame.rule("Incidents", trailing: place.isEmpty ? [] : [Span(place, theme[.dim])], in: rect.line(0), theme: theme)
        for (index, incident) in incidents.enumerated().dropFirst(offset).prefix(rows) {
            let isSelected = index == selected
            let line = rect.line(1 + index - offset)
            if isSelected { frame.fill(line, style: theme[.selected]) }
            let style: Style? = isSelected ? theme[.selected] : nil
            let (sign, role) = IncidentText.mark(incident, theme)
            var column = line.column
            func put(_ text: String, _ columns: Int, _ own: Style, _ align: Alignment = .left) {
                guard column < line.endColumn else { return }
                frame.put(
                    text, at: Position(row: line.row, column: column), columns: min(columns, line.endColumn - column), style: style ?? own,
                    align: align)
                column += columns + 1
            }
            put(isSelected ? theme.glyphs.selection : " ", 1, theme[.accent])
            put(IncidentText.shortNumber(incident), 4, theme[.strong])
            put(input.clock(incident.openedAt), 8, theme[.dim])
            put(IncidentText.cause(incident.cause), 14, theme[.plain])
            put(incident.dropped.map { ConsoleFormat.count($0) + " lost" } ?? "? lost", 11, theme[.plain], .right)
            let missing = incident.missing ?? 0
            put(
                incident.missing.map { ConsoleFormat.count($0) + " missing" } ?? "? missing", 13, theme[missing > 0 ? .bad : .plain], .right
            )
            put(sign, 1, theme[role])
            let left = line.endColumn - column
            if left >= 12 {
                put(state(incident, input, columns: left), left, theme[role])
            }
        }
    }

    private static func state(_ incident: Incident, _ input: ScreenInput, columns: Int) -> String {
        guard let closedAt = incident.closedAt else { return "open " + ConsoleFormat.age(input.age(since: incident.openedAt)) }
        return "closed after " + ConsoleFormat.age(closedAt - incident.openedAt)
    }
}
