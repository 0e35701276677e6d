import Terminal

/// The tables of the console: all of one look, and with columns that stay where they are.
enum ScreenTable {
    static func draw(
        _ columns: [Table.Column], _ rows: [Table.Row], offset: Int = 0, selected: Int? = nil,
        sorted: (column: Int, descending: Bool)? = nil, showsHeader: Bool = true,
        into frame: inout Frame, in rect: Rect, theme: Theme
    ) {
        Table(
            columns: columns, rows: rows, offset: offset, selected: selected, sorted: sorted, showsHeader: showsHeader,
            theme: Table.Theme(
                header: theme[.heading], selected: theme[.selected],
                sorted: theme[.heading].adding(theme.depth == .mono ? .bold : .underline)),
            isSettled: true, gap: 2
        ).draw(in: rect, into: &frame, glyphs: theme.glyphs)
    }
}

extension Table.Row {
    /// A row of texts, some with a style of their own.
    init(_ entries: [(text: String, style: Style?)]) {
        self.init(entries.map(\.text))
        for (index, entry) in entries.enumerated() {
            if let style = entry.style { cellStyles[index] = style }
        }
    }
}
