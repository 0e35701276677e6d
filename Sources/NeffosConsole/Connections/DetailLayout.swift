import Terminal

/// The detail of a connection: its fields, and below them its messages while they are shown.
struct DetailLayout {
    let fields: Rect
    /// The line between the two; empty where there are no messages.
    let rule: Rect
    let messages: Rect

    /// - Parameter rect: with the border.
    init(_ rect: Rect, isTapped: Bool) {
        let inner = rect.inset(rows: 1, columns: 2)
        let upper = isTapped ? min(inner.rows, max(3, inner.rows * 2 / 5)) : inner.rows
        fields = Rect(row: inner.row, column: inner.column, rows: upper, columns: inner.columns)
        rule = isTapped ? inner.line(upper) : Rect(row: inner.endRow, column: inner.column, rows: 0, columns: 0)
        let first = upper + rule.rows
        messages = Rect(row: inner.row + first, column: inner.column, rows: isTapped ? inner.rows - first : 0, columns: inner.columns)
    }
}
