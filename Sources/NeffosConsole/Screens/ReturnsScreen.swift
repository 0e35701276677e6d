import NeffosObservatory
import Terminal

/// What dropped, who came back and how fast, who is missing, and who knocks without getting in.
enum ReturnsScreen {
    static func draw(_ input: ScreenInput, into frame: inout Frame) {
        let incidents = input.incidents
        let layout = ReturnsLayout(size: input.model.size, incidentCount: incidents.count)
        let current = input.model.returns.current(in: incidents)
        switch input.model.returns.mode {
        case .missing:
            if let current { return MissingList.drawWhole(current.incident, input, &frame, layout.body) }
        case .probes: return ProbeTable.drawWhole(input, &frame, layout.body)
        case .incidents: break
        }
        guard let current else { return drawEmpty(input, &frame, layout) }
        IncidentList.draw(incidents, selected: current.index, input, &frame, layout.incidents)
        if layout.isWide {
            IncidentGraphs.drawUnderRule(current.incident, input, &frame, layout.graphs, rows: layout.graphRows)
            ProbeTable.drawShort(input, &frame, layout.sources)
            IncidentPanel.drawWide(current.incident, input, &frame, layout.incident)
            drawDivider(column: layout.leftColumns, layout.body, input.theme, &frame)
        } else {
            IncidentPanel.drawNarrow(current.incident, input, &frame, layout.incident)
        }
    }

    /// The line between the columns, joined with the rules that meet it.
    private static func drawDivider(column: Int, _ body: Rect, _ theme: Theme, _ frame: inout Frame) {
        let glyphs = theme.glyphs
        for row in body.row..<body.endRow {
            let left = frame[row, column - 1].text == glyphs.horizontal
            let right = frame[row, column + 1].text == glyphs.horizontal
            let isTop = row == body.row
            let sign =
                left && right ? (isTop ? glyphs.teeTop : glyphs.cross) : left ? glyphs.teeRight : right ? glyphs.teeLeft : glyphs.vertical
            frame[row, column] = Cell(sign, style: theme[.border])
        }
    }

    private static func drawEmpty(_ input: ScreenInput, _ frame: inout Frame, _ layout: ReturnsLayout) {
        let theme = input.theme
        let body = layout.body
        frame.rule("Incidents", in: body.line(0), theme: theme)
        frame.put(
            [
                Span("\(theme.glyphs.good) ", theme[.good]),
                Span("no incident yet: when clients drop at once, this tells who is back and who not"),
            ], row: body.row + 1, column: 1, columns: body.columns - 2)
        ProbeTable.drawShort(
            input, &frame, Rect(row: body.row + 3, column: body.column, rows: body.rows - 3, columns: body.columns))
    }
}
