/// A grid of cells: what a screen shows. Everything put into it is made safe on the way.
///
/// A wide character takes two cells, whose right one is empty; whatever overwrites one half blanks the other.
public struct Frame: Hashable, Sendable {
    public let size: Size
    /// Whether only ASCII may be shown; everything else is then escaped.
    public let ascii: Bool
    /// Where the terminal's cursor is shown, if at all.
    public var cursor: Position?
    private(set) var cells: [Cell]

    /// A blank frame. Negative sizes count as 0.
    public init(size: Size, ascii: Bool = false) {
        self.size = Size(columns: max(0, size.columns), rows: max(0, size.rows))
        self.ascii = ascii
        cells = Array(repeating: .blank, count: self.size.columns * self.size.rows)
    }

    /// The whole frame.
    public var rect: Rect { Rect(size) }

    /// The cell at a place; a blank one beyond the edges. Setting beyond the edges does nothing, setting a right half means a blank,
    /// and a wide character that does not fit into the row is a blank too.
    public subscript(row: Int, column: Int) -> Cell {
        get { contains(row, column) ? cells[row * size.columns + column] : .blank }
        set { set(newValue.content.width == 0 ? .blank : newValue.content, style: newValue.style, row: row, column: column) }
    }

    /// Writes text, made safe, within `columns` cells from `position`, and never beyond the edge of the frame.
    /// - Parameters:
    ///   - columns: the room there is; to the right edge where nil. What the text does not need stays as it is.
    ///   - ellipsis: whether text that is cut ends with `…` (`~` in ASCII).
    /// - Returns: the cells used.
    @discardableResult
    public mutating func put(
        _ text: String, at position: Position, columns: Int? = nil, style: Style = .plain, align: Alignment = .left,
        ellipsis: Bool = true
    ) -> Int {
        guard contains(position.row, position.column) else { return 0 }
        let room = min(columns ?? .max, size.columns - position.column)
        guard room > 0 else { return 0 }
        var units: [CellText] = []
        units.reserveCapacity(min(room, 256))
        var width = 0
        var isCut = false
        var source = SafeUnits(text, ascii: ascii)
        while let unit = source.next() {
            if width + Int(unit.width) > room {
                isCut = true
                break
            }
            units.append(unit)
            width += Int(unit.width)
        }
        if isCut && ellipsis {
            while width >= room, let last = units.popLast() { width -= Int(last.width) }
            units.append(ascii ? CellText(ascii: 0x7E) : CellText("…", width: 1))
            width += 1
        }
        var column = position.column
        switch align {
        case .left: break
        case .center: column += (room - width) / 2
        case .right: column += room - width
        }
        for unit in units {
            set(unit, style: style, row: position.row, column: column)
            column += Int(unit.width)
        }
        return width
    }

    /// Fills a rectangle with one character of one cell; one that is not becomes a blank.
    public mutating func fill(_ rect: Rect, style: Style = .plain, character: Character = " ") {
        var content = Cell(String(character)).content
        if content.width != 1 || (ascii && !content.isASCII) { content = .blank }
        let area = rect.intersection(self.rect)
        for row in area.row..<area.row + area.rows {
            for column in area.column..<area.column + area.columns {
                set(content, style: style, row: row, column: column)
            }
        }
    }

    /// Gives the cells of a rectangle another style and leaves their characters.
    public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
        let area = rect.intersection(self.rect)
        for row in area.row..<area.row + area.rows {
            for column in area.column..<area.column + area.columns { change(&cells[row * size.columns + column].style) }
        }
    }

    /// Puts cells as a diff has them; with `FrameDiff.changes(from: self, to: other)` this becomes `other`, but for the cursor.
    public mutating func apply(_ runs: [FrameDiff.Run]) {
        for run in runs where run.row >= 0 && run.row < size.rows {
            for (offset, cell) in run.cells.enumerated() {
                let column = run.column + offset
                if contains(run.row, column) { cells[run.row * size.columns + column] = cell }
            }
        }
    }

    /// The rows as text, without the blanks at their ends, joined by newlines.
    public var text: String {
        (0..<size.rows).map { lineText($0) }.joined(separator: "\n")
    }

    /// One row as text, without the blanks at its end; empty beyond the edges.
    public func lineText(_ row: Int) -> String {
        guard row >= 0, row < size.rows else { return "" }
        var line = ""
        for cell in cells(row: row) { line.unicodeScalars.append(contentsOf: cell.text.unicodeScalars) }
        while line.unicodeScalars.last == " " { line.unicodeScalars.removeLast() }
        return line
    }

    func cells(row: Int) -> ArraySlice<Cell> {
        cells[row * size.columns..<(row + 1) * size.columns]
    }

    private func contains(_ row: Int, _ column: Int) -> Bool {
        row >= 0 && row < size.rows && column >= 0 && column < size.columns
    }

    /// The only way by which a cell gets its text.
    private mutating func set(_ content: CellText, style: Style, row: Int, column: Int) {
        guard contains(row, column) else { return }
        let index = row * size.columns + column
        guard content.width < 2 || column + 1 < size.columns else {
            set(.blank, style: style, row: row, column: column)
            return
        }
        if cells[index].width == 0 { cells[index - 1].content = .blank }
        let last = index + Int(content.width) - 1
        if cells[last].width == 2 { cells[last + 1].content = .blank }
        cells[index] = Cell(content: ascii && !content.isASCII ? .question : content, style: style)
        if content.width == 2 { cells[index + 1] = Cell(content: ascii ? .question : .rightHalf, style: style) }
    }
}
