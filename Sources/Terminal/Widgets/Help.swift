/// Keys and what they do, in a box or on one line.
public struct Help: Sendable {
    public struct Entry: Hashable, Sendable {
        /// The key as it is named to the operator, such as `q` or `Ctrl-L`.
        public var key: String
        public var meaning: String

        public init(_ key: String, _ meaning: String) {
            self.key = key
            self.meaning = meaning
        }
    }

    public var title: String
    public var entries: [Entry]

    public init(title: String = "", entries: [Entry]) {
        self.title = title
        self.entries = entries
    }

    /// Draws a box in the middle of the rectangle, over what is there, in two columns where one does not hold all.
    public func draw(in rect: Rect, into frame: inout Frame, glyphs: Glyphs, style: Style = .plain, keyStyle: Style? = nil) {
        guard rect.rows >= 3, rect.columns >= 10 else { return }
        let keys = min(20, entries.map { TextWidth.of($0.key, ascii: frame.ascii) }.max() ?? 0)
        let meanings = entries.map { TextWidth.of($0.meaning, ascii: frame.ascii) }.max() ?? 0
        let width = keys + 2 + meanings
        let perColumn = max(1, rect.rows - 2)
        let columnCount = max(1, min((entries.count + perColumn - 1) / perColumn, (rect.columns - 4) / max(1, width + 2)))
        let rows = min(perColumn, (entries.count + columnCount - 1) / columnCount)
        let columns = min(rect.columns, max(columnCount * (width + 2) + 2, TextWidth.of(title) + 6))
        let area = Rect(
            row: rect.row + (rect.rows - rows - 2) / 2, column: rect.column + (rect.columns - columns) / 2, rows: rows + 2, columns: columns
        )
        frame.fill(area, style: style)
        frame.box(area, title: title, glyphs: glyphs, style: style)
        for (index, entry) in entries.prefix(rows * columnCount).enumerated() {
            let column = area.column + 2 + (index / rows) * (width + 2)
            let row = area.row + 1 + index % rows
            let room = area.endColumn - 1 - column
            frame.put(entry.key, at: Position(row: row, column: column), columns: min(keys, room), style: keyStyle ?? style.adding(.bold))
            frame.put(entry.meaning, at: Position(row: row, column: column + keys + 2), columns: max(0, room - keys - 2), style: style)
        }
    }

    /// Draws as many entries as there is room for, in the first row of the rectangle; the later ones fall off.
    public func drawLine(in rect: Rect, into frame: inout Frame, style: Style = .plain, keyStyle: Style? = nil) {
        guard !rect.isEmpty else { return }
        var column = rect.column
        for entry in entries {
            let needed =
                TextWidth.of(entry.key, ascii: frame.ascii) + 1 + TextWidth.of(entry.meaning, ascii: frame.ascii)
            guard column + needed <= rect.endColumn else { return }
            column += frame.put(entry.key, at: Position(row: rect.row, column: column), style: keyStyle ?? style.adding(.bold)) + 1
            column += frame.put(entry.meaning, at: Position(row: rect.row, column: column), style: style) + 2
        }
    }
}
