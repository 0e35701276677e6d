import Terminal

/// The Connections screen: the table, and the detail beside or below it.
struct ConnectionsLayout {
    /// From here on the detail has its place beside the table.
    static let wide = 150

    let size: Size
    let isDetailOpen: Bool
    /// Messages need more room than fields.
    var isTapped = false

    private var parts: (list: Rect, detail: Rect?) {
        let body = ConsoleLayout(size: size).body
        guard isDetailOpen else { return (body, nil) }
        if size.columns >= Self.wide {
            let parts = body.splitColumns([.fill, .fixed(min(90, body.columns * 2 / 5))], gap: 1)
            return (parts[0], parts[1])
        }
        let detail = isTapped ? max(14, body.rows * 2 / 3) : max(11, body.rows / 2)
        let parts = body.splitRows([.fill, .fixed(detail)])
        return (parts[0], parts[1])
    }

    /// The line above the table: how many, how sorted, what is filtered.
    var title: Rect { parts.list.line(0) }
    /// The table with its header.
    var table: Rect {
        let list = parts.list
        return Rect(row: list.row + 1, column: list.column, rows: list.rows - 1, columns: list.columns)
    }
    var detail: Rect? { parts.detail }
    var visibleRows: Int { max(1, table.rows - 1) }
}
