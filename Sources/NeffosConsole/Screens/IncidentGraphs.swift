import NeffosObservatory
import Terminal

/// Closes, probes, upgrades and refusals per second since the incident opened, on one time axis.
enum IncidentGraphs {
    private static func lanes(_ incident: Incident) -> [(name: String, values: [Int], peak: Int, role: Theme.Role)] {
        [
            ("closes/s", incident.series.closes, incident.peaks.closes, .bad),
            ("probes/s", incident.series.probes, incident.peaks.probes, .warn),
            ("upgrades/s", incident.series.upgrades, incident.peaks.upgrades, .good),
            ("refused/s", incident.series.rejected, incident.peaks.rejected, .bad),
        ]
    }

    static func drawUnderRule(_ incident: Incident, _ input: ScreenInput, _ frame: inout Frame, _ rect: Rect, rows: Int) {
        let theme = input.theme
        let seconds = lanes(incident).map(\.values.count).max() ?? 0
        let span = seconds == 0 ? "" : "its first \(ConsoleFormat.plural(seconds, "second"))"
        frame.rule("What happened", trailing: span.isEmpty ? [] : [Span(span, theme[.dim])], in: rect.line(0), theme: theme)
        draw(
            incident, input, &frame, Rect(row: rect.row + 1, column: rect.column + 1, rows: rect.rows - 1, columns: rect.columns - 2),
            rows: rows)
    }

    static func draw(_ incident: Incident, _ input: ScreenInput, _ frame: inout Frame, _ rect: Rect, rows: Int) {
        let theme = input.theme
        let parts = rect.splitColumns([.fixed(10), .fill, .fixed(10)], gap: 1)
        let lanes = lanes(incident)
        let seconds = lanes.map(\.values.count).max() ?? 0
        for (index, lane) in lanes.enumerated() {
            let place = Rect(row: rect.row + index * rows, column: parts[1].column, rows: rows, columns: parts[1].columns)
            guard place.endRow <= rect.endRow else { break }
            let bottom = place.endRow - 1
            frame.put(lane.name, at: Position(row: bottom, column: parts[0].column), columns: parts[0].columns, style: theme[.dim])
            let room = Timeline.steps(in: place.columns)
            // Time goes from the opening on the left: a short series leaves the right empty.
            let width = widening(seconds: seconds, room: room)
            let shown = lane.values.prefix(room / width).flatMap { Array(repeating: Double($0), count: width) }
            let cells = Rect(row: place.row, column: place.column, rows: rows, columns: min(place.columns, (shown.count + 1) / 2))
            let even = shown.count.isMultiple(of: 2) ? shown : shown + [0]
            Timeline.draw(even, ceiling: Double(lane.peak), into: &frame, in: cells, theme: theme, role: lane.role)
            frame.putRight(
                [Span("peak ", theme[.dim]), Span(short(lane.peak), lane.peak > 0 ? theme[.strong] : theme[.dim])], row: bottom,
                column: parts[2].column, columns: parts[2].columns)
        }
    }

    /// How many dots a second is wide: a short incident is drawn large, but not so large that it jumps while it begins.
    private static func widening(seconds: Int, room: Int) -> Int { min(4, max(1, room / max(seconds, 20))) }

    private static func short(_ value: Int) -> String { value < 10_000 ? ConsoleFormat.count(value) : ConsoleFormat.compact(Double(value)) }
}
