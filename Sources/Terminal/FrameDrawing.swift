/// Lines and boxes.
extension Frame {
    /// Draws a border on the edge of the rectangle, with the title in its top line; nothing where it is smaller than 2×2.
    public mutating func box(_ rect: Rect, title: String = "", glyphs: Glyphs, style: Style = .plain, titleStyle: Style? = nil) {
        guard rect.rows >= 2, rect.columns >= 2 else { return }
        let right = rect.endColumn - 1
        let bottom = rect.endRow - 1
        horizontalLine(row: rect.row, column: rect.column, columns: rect.columns, glyphs: glyphs, style: style)
        horizontalLine(row: bottom, column: rect.column, columns: rect.columns, glyphs: glyphs, style: style)
        verticalLine(row: rect.row, column: rect.column, rows: rect.rows, glyphs: glyphs, style: style)
        verticalLine(row: rect.row, column: right, rows: rect.rows, glyphs: glyphs, style: style)
        put(glyphs.topLeft, at: Position(row: rect.row, column: rect.column), style: style)
        put(glyphs.topRight, at: Position(row: rect.row, column: right), style: style)
        put(glyphs.bottomLeft, at: Position(row: bottom, column: rect.column), style: style)
        put(glyphs.bottomRight, at: Position(row: bottom, column: right), style: style)
        guard !title.isEmpty, rect.columns >= 5 else { return }
        let start = Position(row: rect.row, column: rect.column + 2)
        let used = put(title, at: start, columns: rect.columns - 4, style: titleStyle ?? style)
        put(" ", at: Position(row: rect.row, column: rect.column + 1), style: style)
        put(" ", at: Position(row: rect.row, column: start.column + used), style: style)
    }

    /// Draws a line to the right.
    public mutating func horizontalLine(row: Int, column: Int, columns: Int, glyphs: Glyphs, style: Style = .plain) {
        guard columns > 0 else { return }
        let cell = Cell(glyphs.horizontal, style: style)
        for offset in 0..<min(columns, size.columns) { self[row, column + offset] = cell }
    }

    /// Draws a line downwards.
    public mutating func verticalLine(row: Int, column: Int, rows: Int, glyphs: Glyphs, style: Style = .plain) {
        guard rows > 0 else { return }
        let cell = Cell(glyphs.vertical, style: style)
        for offset in 0..<min(rows, size.rows) { self[row + offset, column] = cell }
    }
}
