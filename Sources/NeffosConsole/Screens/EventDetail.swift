import NeffosFeed
import NeffosObservatory
import Terminal

/// All that an event says.
enum EventDetail {
    /// Cells of a value that are shown; a message may be long, a snapshot longer.
    private static let longest = 20_000
    private static let labelColumns = 16

    static func visibleRows(in rect: Rect) -> Int { max(1, rect.rows - 2) }

    static func draw(_ entry: FeedEntry?, pager: Pager, theme: Theme, into frame: inout Frame, in rect: Rect) {
        frame.box(rect, title: "Event", glyphs: theme.glyphs, style: theme[.border], titleStyle: theme[.title])
        let inner = rect.inset(rows: 1, columns: 2)
        guard let entry else {
            frame.put("this event is not kept any more", at: inner.origin, columns: inner.columns, style: theme[.dim])
            return
        }
        let lines = lines(entry, columns: rect.columns, ascii: frame.ascii)
        for (index, line) in lines.dropFirst(pager.offset).prefix(inner.rows).enumerated() {
            frame.put(
                [
                    Span(line.label + String(repeating: " ", count: max(1, labelColumns - TextWidth.of(line.label))), theme[.dim]),
                    Span(line.text),
                ], row: inner.row + index, column: inner.column, columns: inner.columns)
        }
        let left = lines.count - pager.offset - inner.rows
        if left > 0 || pager.offset > 0 {
            let text = left > 0 ? " \(left) more below, PgDn " : " end, PgUp "
            frame.putRight([Span(text, theme[.accent])], row: rect.endRow - 1, column: rect.column, columns: rect.columns - 2)
        }
    }

    /// The lines in a box of so many columns.
    static func lines(_ entry: FeedEntry, columns: Int, ascii: Bool) -> [(label: String, text: String)] {
        EventFields.of(entry).flatMap { field in
            WrappedText.lines(field.value, columns: columns - 4 - labelColumns, maximum: longest, ascii: ascii).enumerated().map {
                (label: $0.offset == 0 ? field.name : "", text: $0.element)
            }
        }
    }
}
