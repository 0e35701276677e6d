/// Rows under a header, one of them selected.
public struct Table: Sendable {
    public struct Column: Sendable {
        public var title: String
        /// The width in cells to which the column shrinks where room is short; the title's where 0.
        public var minimum: Int
        /// The greatest width in cells; none where nil.
        public var maximum: Int?
        public var align: Alignment
        /// Whether it takes a share of the width that is left over.
        public var grows: Bool
        /// Where room is short, columns with the lowest priority go first, among equals the right one.
        public var priority: Int

        public init(
            _ title: String, minimum: Int = 0, maximum: Int? = nil, align: Alignment = .left, grows: Bool = false, priority: Int = 0
        ) {
            self.title = title
            self.minimum = minimum
            self.maximum = maximum
            self.align = align
            self.grows = grows
            self.priority = priority
        }
    }

    public struct Row: Sendable {
        /// The texts, by column; made safe when they are drawn.
        public var cells: [String]
        public var style: Style
        /// Styles of single cells, by column, in place of the row's.
        public var cellStyles: [Int: Style]
        public var isMarked: Bool
        /// A sign of one cell on its left, where neither selection nor mark stands.
        public var sign = " "

        public init(_ cells: [String], style: Style = .plain, cellStyles: [Int: Style] = [:], isMarked: Bool = false) {
            self.cells = cells
            self.style = style
            self.cellStyles = cellStyles
            self.isMarked = isMarked
        }
    }

    /// The styles of what is not a plain row.
    public struct Theme: Sendable {
        public var header: Style
        public var selection: Attributes
        /// The style of the whole selected row, in place of its own with ``selection`` added.
        public var selected: Style?
        /// The style of the sorted column's title, in place of ``header``.
        public var sorted: Style?

        public init(
            header: Style = Style(attributes: .bold), selection: Attributes = .reverse, selected: Style? = nil, sorted: Style? = nil
        ) {
            self.header = header
            self.selection = selection
            self.selected = selected
            self.sorted = sorted
        }
    }

    public var columns: [Column]
    /// The rows in view only, the first of them being number `offset` of all.
    public var rows: [Row]
    /// The number, among all rows, of the first one in `rows`.
    public var offset: Int
    /// The number, among all rows, of the selected one.
    public var selected: Int?
    /// The column by which the rows are sorted, and whether downwards.
    public var sorted: (column: Int, descending: Bool)?
    public var showsHeader: Bool
    public var theme: Theme
    /// Whether the widths come from the columns alone, so that nothing moves sideways when other rows are in view.
    public var isSettled: Bool
    /// Cells between columns.
    public var gap: Int

    public init(
        columns: [Column], rows: [Row], offset: Int = 0, selected: Int? = nil, sorted: (column: Int, descending: Bool)? = nil,
        showsHeader: Bool = true, theme: Theme = Theme(), isSettled: Bool = false, gap: Int = 1
    ) {
        self.isSettled = isSettled
        self.gap = max(0, gap)
        self.columns = columns
        self.rows = rows
        self.offset = offset
        self.selected = selected
        self.sorted = sorted
        self.showsHeader = showsHeader
        self.theme = theme
    }

    /// The rows that a height shows.
    public static func capacity(rows: Int, showsHeader: Bool = true) -> Int {
        max(0, rows - (showsHeader ? 1 : 0))
    }

    /// Draws header and rows; a cell wide on the left is kept for the signs of selection and mark.
    public func draw(in rect: Rect, into frame: inout Frame, glyphs: Glyphs) {
        guard rect.rows > 0, rect.columns > 1 else { return }
        let room = Rect(row: rect.row, column: rect.column + 1, rows: rect.rows, columns: rect.columns - 1)
        let places =
            isSettled
            ? TableColumns.settled(columns, room: room.columns, gap: gap)
            : TableColumns.places(columns, widths: naturalWidths(rows: room.rows, ascii: frame.ascii), room: room.columns, gap: gap)
        var top = rect.row
        if showsHeader {
            for place in places {
                let column = columns[place.index]
                frame.put(
                    title(place.index, glyphs: glyphs), at: Position(row: top, column: room.column + place.start), columns: place.width,
                    style: sorted?.column == place.index ? theme.sorted ?? theme.header : theme.header, align: column.align)
            }
            top += 1
        }
        for (index, row) in rows.prefix(rect.endRow - top).enumerated() {
            draw(row, isSelected: selected == offset + index, at: top + index, places: places, rect: rect, into: &frame, glyphs: glyphs)
        }
    }

    private func draw(
        _ row: Row, isSelected: Bool, at line: Int, places: [TableColumns.Place], rect: Rect, into frame: inout Frame, glyphs: Glyphs
    ) {
        for place in places where place.index < row.cells.count {
            frame.put(
                row.cells[place.index], at: Position(row: line, column: rect.column + 1 + place.start), columns: place.width,
                style: row.cellStyles[place.index] ?? row.style, align: columns[place.index].align)
        }
        let sign = isSelected ? (row.isMarked ? glyphs.selectedMark : glyphs.selection) : row.isMarked ? glyphs.mark : row.sign
        frame.put(sign, at: Position(row: line, column: rect.column), style: row.style)
        if isSelected {
            frame.restyle(Rect(row: line, column: rect.column, rows: 1, columns: rect.columns)) { style in
                if let selected = theme.selected { style = selected } else { style.attributes.formUnion(theme.selection) }
            }
        }
    }

    private func title(_ index: Int, glyphs: Glyphs) -> String {
        guard let sorted, sorted.column == index else { return columns[index].title }
        return columns[index].title + (sorted.descending ? glyphs.sortDown : glyphs.sortUp)
    }

    /// The widths that header and visible rows ask for, within each column's bounds.
    private func naturalWidths(rows height: Int, ascii: Bool) -> [Int] {
        columns.enumerated().map { index, column in
            // One cell more, so that the sign of the order does not move the columns.
            var width = max(column.minimum, showsHeader ? TextWidth.of(column.title) + (sorted == nil ? 0 : 1) : 0)
            for row in rows.prefix(height) where index < row.cells.count {
                width = max(width, TextWidth.of(row.cells[index], ascii: ascii))
            }
            return min(width, column.maximum ?? .max)
        }
    }
}
