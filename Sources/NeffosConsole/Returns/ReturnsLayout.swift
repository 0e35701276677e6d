import Terminal

/// The Returns screen: two columns where there is room, else one above the other.
struct ReturnsLayout {
    /// From here on there are two columns.
    static let wide = 110

    let size: Size
    /// How many there are: a short list leaves its room to the others.
    var incidentCount = Int.max

    var body: Rect { ConsoleLayout(size: size).body }
    var isWide: Bool { size.columns >= Self.wide }
    /// Rows of one of the four graphs.
    var graphRows: Int { isWide ? min(4, max(1, body.rows / 14)) : 1 }

    /// Incidents in view.
    var incidentRows: Int { min(isWide ? max(4, body.rows / 4) : max(2, body.rows / 8), max(isWide ? 3 : 1, incidentCount)) }

    /// The left column, or the upper part.
    var incidents: Rect {
        Rect(row: body.row, column: 0, rows: incidentRows + 1, columns: isWide ? leftColumns : body.columns)
    }
    var leftColumns: Int { isWide ? max(60, body.columns * 49 / 100) : body.columns }
    var graphs: Rect {
        Rect(row: incidents.endRow, column: 0, rows: graphRows * 4 + 1, columns: leftColumns)
    }
    var sources: Rect {
        Rect(row: graphs.endRow, column: 0, rows: body.endRow - graphs.endRow, columns: leftColumns)
    }
    /// The incident in view: the right column, or the lower part.
    var incident: Rect {
        isWide
            ? Rect(row: body.row, column: leftColumns + 1, rows: body.rows, columns: body.columns - leftColumns - 1)
            : Rect(row: incidents.endRow, column: 0, rows: body.endRow - incidents.endRow, columns: body.columns)
    }

    /// Rows of the missing list and of the probe sources where they fill the screen, under a title and a header.
    var listRows: Int { max(1, body.rows - 2) }
}
