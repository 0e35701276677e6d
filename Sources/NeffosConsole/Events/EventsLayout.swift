import Terminal

/// The Events screen: the lines, and the fields of the selected one beside or below them.
struct EventsLayout {
    let size: Size
    let isDetailOpen: Bool

    private var body: Rect { ConsoleLayout(size: size).body }
    private var isWide: Bool { size.columns >= 150 }
    private var parts: [Rect] {
        guard isDetailOpen else { return [body, Rect(row: body.endRow, column: 0, rows: 0, columns: 0)] }
        return isWide
            ? body.splitColumns([.fill, .fixed(body.columns * 2 / 5)], gap: 1) : body.splitRows([.fill, .fixed(max(9, body.rows / 2))])
    }

    var title: Rect { parts[0].line(0) }
    /// The lines with their header.
    var table: Rect { Rect(row: parts[0].row + 1, column: parts[0].column, rows: parts[0].rows - 1, columns: parts[0].columns) }
    var visibleRows: Int { max(1, table.rows - 1) }
    var detail: Rect { parts[1] }
}
