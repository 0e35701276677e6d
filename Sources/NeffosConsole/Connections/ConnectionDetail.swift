import NeffosObservatory
import Terminal

/// All that is known of one connection.
enum ConnectionDetail {
    static func draw(_ input: ScreenInput, into frame: inout Frame, in rect: Rect) {
        let theme = input.theme
        let state = input.model.connections
        frame.box(
            rect, title: "Connection \(state.selected ?? "")", glyphs: theme.glyphs, style: theme[.border], titleStyle: theme[.title])
        let layout = DetailLayout(rect, isTapped: state.tap != nil)
        let place = layout.fields
        let lines = DetailLines(input.observatory, input.model).lines(columns: place.columns)
        for (index, line) in lines.dropFirst(state.detail.offset).prefix(place.rows).enumerated() {
            let padding = String(repeating: " ", count: max(1, DetailLines.labelColumns - TextWidth.of(line.label)))
            let label = line.label.isEmpty && lines.count == 1 ? "\(theme.glyphs.bad) " : line.label + padding
            frame.put(
                [Span(label, theme[.dim]), Span(line.text, theme[line.role])], row: place.row + index, column: place.column,
                columns: place.columns)
        }
        let left = lines.count - state.detail.offset - place.rows
        if let tap = state.tap {
            TapPane.draw(tap, fieldsBelow: max(0, left), input, into: &frame, layout: layout)
        } else if left > 0 || state.detail.offset > 0 {
            let text = left > 0 ? " \(left) more below, PgDn " : " end, PgUp "
            frame.putRight([Span(text, theme[.accent])], row: rect.endRow - 1, column: rect.column, columns: rect.columns - 2)
        }
    }

    /// The state as a sign and a word.
    static func state(_ row: ConnectionRow, _ theme: Theme) -> (String, Theme.Role) {
        if row.violations > 0 { return ("\(theme.glyphs.warning) bad \(ConsoleFormat.compact(Double(row.violations)))", .bad) }
        switch row.state {
        case .unacknowledged: return ("\(theme.glyphs.middleDot) no ack", .warn)
        case .slow: return ("\(theme.glyphs.warning) slow", .bad)
        case .silent: return ("\(theme.glyphs.warning) silent", .bad)
        case .flapping: return ("\(theme.glyphs.warning) flaps", .warn)
        case .lost: return ("\(theme.glyphs.bad) lost", .warn)
        case .idle: return ("\(theme.glyphs.middleDot) idle", .dim)
        case .active, .violating:
            return row.returns > 0 || row.tries > 0 ? ("\(theme.glyphs.good) back", .good) : ("\(theme.glyphs.good) here", .good)
        }
    }
}
