import NeffosObservatory
import Terminal

/// How many are here, how busy they are, and whether something dropped: the screen one leaves open.
enum OverviewScreen {
    /// From here on the graphs stand side by side in boxes.
    static let wide = 100

    static func draw(_ input: ScreenInput, into frame: inout Frame) {
        let body = ConsoleLayout(size: input.model.size).body
        let isWide = body.columns >= wide
        let isTall = body.rows >= 44
        // Two strips of boxes where there is room, else one; lines where boxes do not fit.
        let strip = isTall ? 12 : 6
        let second = isTall ? 8 : body.rows >= 30 ? 5 : 0
        let graphs = isWide ? strip + second : 7
        let incident = isWide ? 4 : 3
        let log = isTall ? min(12, body.rows - graphs - incident - 16) : 0
        let parts = body.splitRows([.fixed(graphs), .fixed(incident), .fill, .fixed(log)])
        if isWide {
            let strips = parts[0].splitRows([.fixed(strip), .fill])
            drawBoxes(GraphFigure.main(input), input, &frame, strips[0])
            if second > 0 { drawBoxes(GraphFigure.more(input), input, &frame, strips[1]) }
        } else {
            drawLanes(GraphFigure.lanes(input), input, &frame, parts[0])
        }
        drawIncident(input, &frame, parts[1], isBoxed: isWide)
        drawLists(input, &frame, parts[2], isWide: isWide)
        if log > 0 { LogPane.draw(input, into: &frame, in: parts[3], pager: nil) }
    }

    /// Four boxes side by side. They are equally wide, so that one column is the same second in all of them.
    private static func drawBoxes(_ figures: [GraphFigure], _ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) {
        let theme = input.theme
        let width = rect.columns / figures.count
        for (index, figure) in figures.enumerated() {
            let isLast = index == figures.count - 1
            let box = Rect(
                row: rect.row, column: rect.column + index * width, rows: rect.rows,
                columns: isLast ? rect.columns - index * width : width)
            frame.box(box, title: figure.title, glyphs: theme.glyphs, style: theme[.border], titleStyle: theme[.title])
            let inner = box.inset(rows: 1, columns: 2)
            frame.put(figure.now, row: inner.row, column: inner.column, columns: inner.columns)
            if figure.now.width(ascii: frame.ascii) + figure.past.width(ascii: frame.ascii) < inner.columns {
                frame.putRight(figure.past, row: inner.row, column: inner.column, columns: inner.columns)
            }
            // The last box may be some cells wider; its graph is not.
            let columns = width - 4
            let graph = Rect(
                row: inner.row + 1, column: inner.endColumn - columns, rows: inner.rows - 1, columns: columns)
            figure.draw(input, into: &frame, in: graph)
            guard graph.rows >= 2 else { continue }
            let span = " \(ConsoleFormat.age(span(columns, input))) "
            frame.putRight([Span(span, theme[.dim])], row: box.endRow - 1, column: box.column, columns: box.columns - 1)
        }
    }

    /// Lines with their names and figures, one above the other on one time axis.
    private static func drawLanes(_ figures: [GraphFigure], _ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) {
        let theme = input.theme
        let parts = rect.splitColumns([.fixed(13), .fixed(8), .fill, .fixed(15)], gap: 1)
        for (index, figure) in figures.enumerated() where index < rect.rows - 1 {
            let row = rect.row + index
            frame.put(figure.lane, at: Position(row: row, column: parts[0].column), columns: parts[0].columns, style: theme[.title])
            frame.putRight(Array(figure.now.prefix(1)), row: row, column: parts[1].column, columns: parts[1].columns)
            figure.draw(input, into: &frame, in: Rect(row: row, column: parts[2].column, rows: 1, columns: parts[2].columns))
            frame.put(figure.past, row: row, column: parts[3].column, columns: parts[3].columns)
        }
        let axis = Rect(row: rect.endRow - 1, column: parts[2].column, rows: 1, columns: parts[2].columns)
        frame.put("\(ConsoleFormat.age(span(axis.columns, input))) ago", at: axis.origin, columns: axis.columns, style: theme[.dim])
        frame.putRight([Span("now", theme[.dim])], row: axis.row, column: axis.column, columns: axis.columns)
    }

    /// How much time so many cells are.
    private static func span(_ columns: Int, _ input: ScreenInput) -> Int {
        min(input.model.zoom.capacity, Timeline.steps(in: columns)) * input.model.zoom.seconds * 1000
    }

    private static func drawIncident(_ input: ScreenInput, _ frame: inout Frame, _ rect: Rect, isBoxed: Bool) {
        let theme = input.theme
        let incident = input.incidents.first
        let title = incident.map { IncidentText.title($0, input) } ?? "Incidents"
        let state = incident.map { IncidentText.state($0, input) } ?? []
        let inner: Rect
        if isBoxed {
            frame.box(rect, title: title, glyphs: theme.glyphs, style: theme[.border], titleStyle: theme[.title])
            if !state.isEmpty {
                frame.putRight([Span(" ")] + state + [Span(" ")], row: rect.row, column: rect.column, columns: rect.columns - 2)
            }
            inner = rect.inset(rows: 1, columns: 2)
        } else {
            frame.rule(title, trailing: state, in: rect.line(0), theme: theme)
            inner = Rect(row: rect.row + 1, column: rect.column + 1, rows: rect.rows - 1, columns: rect.columns - 2)
        }
        guard let incident else {
            frame.put(
                [
                    Span("\(theme.glyphs.good) ", theme[.good]),
                    Span("none so far: when clients drop at once, their return is followed here"),
                ],
                row: inner.row, column: inner.column, columns: inner.columns)
            return
        }
        let figures = IncidentText.restored(incident, theme: theme)
        let funnel = IncidentText.funnelLine(incident, theme: theme, columns: inner.columns)
        frame.put(funnel, row: inner.row, column: inner.column, columns: inner.columns)
        let verdict = IncidentText.verdict(incident, input)
        let used = frame.put(verdict, row: inner.row + 1, column: inner.column, columns: inner.columns)
        if used + 3 + figures.width(ascii: frame.ascii) <= inner.columns {
            frame.putRight(figures, row: inner.row + 1, column: inner.column, columns: inner.columns)
        }
    }

    private static func drawLists(_ input: ScreenInput, _ frame: inout Frame, _ rect: Rect, isWide: Bool) {
        let theme = input.theme
        if isWide {
            let parts = rect.splitColumns([.fill(4), .fill(5), .fill(6)], gap: 1)
            OverviewLists.namespaces(input, &frame, parts[0])
            OverviewLists.rooms(input, &frame, parts[1])
            OverviewLists.alerts(input, &frame, parts[2])
        } else {
            let parts = rect.splitRows([.fill(7), .fill(5)])
            let halves = parts[0].splitColumns([.fill(3), .fill(4)], gap: 1)
            OverviewLists.namespaces(input, &frame, halves[0])
            OverviewLists.rooms(input, &frame, halves[1])
            OverviewLists.alerts(input, &frame, parts[1])
        }
        guard input.observatory.connectionCount == 0 else { return }
        let place = input.vitals.url.isEmpty ? "not listening yet" : "listening on \(input.vitals.url)"
        let text = (input.vitals.opened == 0 ? "no clients yet: " : "no clients now: ") + place
        let line = Rect(row: rect.row + 1, column: rect.column, rows: 1, columns: rect.columns)
        frame.fill(line)
        frame.put(text, at: Position(row: line.row, column: line.column + 1), columns: line.columns - 2, style: theme[.accent])
    }
}
