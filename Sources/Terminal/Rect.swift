/// A rectangle of cells, counted from zero at the top left.
public struct Rect: Hashable, Sendable {
    public var row: Int
    public var column: Int
    /// The height in cells, never negative.
    public var rows: Int
    /// The width in cells, never negative.
    public var columns: Int

    public init(row: Int, column: Int, rows: Int, columns: Int) {
        self.row = row
        self.column = column
        self.rows = max(0, rows)
        self.columns = max(0, columns)
    }

    /// The rectangle that covers a whole grid.
    public init(_ size: Size) {
        self.init(row: 0, column: 0, rows: size.rows, columns: size.columns)
    }

    public var isEmpty: Bool { rows == 0 || columns == 0 }
    public var size: Size { Size(columns: columns, rows: rows) }
    public var origin: Position { Position(row: row, column: column) }
    /// The row after the last one.
    public var endRow: Int { row + rows }
    /// The column after the last one.
    public var endColumn: Int { column + columns }

    public func contains(_ position: Position) -> Bool {
        position.row >= row && position.row < endRow && position.column >= column && position.column < endColumn
    }

    /// The rectangle without a border of `by` cells on each side; empty where there is not so much.
    public func inset(by: Int) -> Rect {
        inset(rows: by, columns: by)
    }

    /// The rectangle without `rows` cells above and below and `columns` cells on the left and right.
    public func inset(rows rowInset: Int, columns columnInset: Int) -> Rect {
        Rect(row: row + rowInset, column: column + columnInset, rows: rows - 2 * rowInset, columns: columns - 2 * columnInset)
    }

    /// One row of the rectangle, counted from zero; empty where it has no such row.
    public func line(_ index: Int) -> Rect {
        Rect(row: row + index, column: column, rows: index >= 0 && index < rows ? 1 : 0, columns: columns)
    }

    /// The common part of two rectangles.
    public func intersection(_ other: Rect) -> Rect {
        let top = max(row, other.row)
        let left = max(column, other.column)
        return Rect(
            row: top, column: left, rows: min(endRow, other.endRow) - top, columns: min(endColumn, other.endColumn) - left)
    }

    /// Splits the rectangle from top to bottom.
    public func splitRows(_ lengths: [Layout.Length]) -> [Rect] {
        var start = row
        return Layout.sizes(lengths, total: rows).map { length in
            defer { start += length }
            return Rect(row: start, column: column, rows: length, columns: columns)
        }
    }

    /// Splits the rectangle from left to right, with `gap` cells left free between the parts.
    public func splitColumns(_ lengths: [Layout.Length], gap: Int = 0) -> [Rect] {
        var start = column
        let gaps = gap * max(0, lengths.count - 1)
        return Layout.sizes(lengths, total: columns - gaps).map { length in
            defer { start += length + gap }
            return Rect(row: row, column: start, rows: rows, columns: length)
        }
    }
}
