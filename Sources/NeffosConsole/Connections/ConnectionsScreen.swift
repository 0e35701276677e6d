import NeffosObservatory
import Terminal

/// Every connection, one row each, in rows that keep still.
enum ConnectionsScreen {
    static func draw(_ input: ScreenInput, into frame: inout Frame) {
        let theme = input.theme
        let state = input.model.connections
        let layout = input.model.connectionsLayout
        drawTitle(input, into: &frame, in: layout.title)
        if state.order.isEmpty {
            drawEmpty(input, into: &frame, in: layout.table)
        } else {
            let ids = state.order.dropFirst(state.offset).prefix(layout.visibleRows)
            let lints = LintCounts(state.columns.contains(.lints) ? input.observatory.lints : [])
            let sorted = state.columns.firstIndex { $0.sort == state.sort }.map { (column: $0, descending: state.descending) }
            ScreenTable.draw(
                state.columns.map { $0.column(isExact: state.isExact) }, ids.map { ConnectionCells.row($0, state, input, lints) },
                offset: state.offset,
                selected: state.selectedIndex, sorted: sorted,
                into: &frame, in: layout.table, theme: theme)
        }
        if let rect = layout.detail { ConnectionDetail.draw(input, into: &frame, in: rect) }
    }

    private static func drawTitle(_ input: ScreenInput, into frame: inout Frame, in rect: Rect) {
        let theme = input.theme
        let state = input.model.connections
        let all = input.observatory.connectionCount
        let known = ConsoleFormat.count(max(0, state.order.count - state.gone.count))
        var title = ConsoleFormat.plural(all, "connection")
        var total = state.isPartial ? ConsoleFormat.count(all) : known
        if !state.filter.isEmpty {
            let filter = SafeText.escaped(state.filter, maximum: 24, ascii: frame.ascii)
            title = "\(known)\(state.isPartial ? " or more" : "") of \(title) with \"\(filter)\""
            total = known
        }
        let name = ConnectionField(sort: state.sort)?.title ?? state.sort.rawValue
        var trailing = [Span("by \(name) \(state.descending ? theme.glyphs.sortDown : theme.glyphs.sortUp)", theme[.accent])]
        if !state.marks.isEmpty {
            trailing.insert(Span("\(theme.glyphs.mark) \(ConsoleFormat.count(state.marks.count)) marked  ", theme[.warn]), at: 0)
        }
        if !state.order.isEmpty {
            trailing.append(Span("  \(ConsoleFormat.count(state.selectedIndex + 1)) of \(total)", theme[.dim]))
        }
        frame.rule(title, trailing: trailing, in: rect, theme: theme)
    }

    private static func drawEmpty(_ input: ScreenInput, into frame: inout Frame, in rect: Rect) {
        let theme = input.theme
        let text: String
        if !input.model.connections.filter.isEmpty {
            text = "no connection passes this filter: Esc clears it"
        } else if input.vitals.url.isEmpty {
            text = "no clients yet: not listening yet"
        } else {
            text = "no clients \(input.vitals.opened == 0 ? "yet" : "now"): listening on \(input.vitals.url)"
        }
        frame.put(
            text, at: Position(row: rect.row + 1, column: rect.column + 2), columns: rect.columns - 4, style: theme[.accent])
    }
}
