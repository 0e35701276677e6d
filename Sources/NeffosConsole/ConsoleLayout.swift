import Terminal

/// Where the parts are that every screen has.
struct ConsoleLayout {
    let size: Size

    var header: Rect { Rect(row: 0, column: 0, rows: 1, columns: size.columns) }
    var vitals: Rect { Rect(row: 1, column: 0, rows: 1, columns: size.columns) }
    var body: Rect { Rect(row: 2, column: 0, rows: size.rows - 4, columns: size.columns) }
    var alert: Rect { Rect(row: size.rows - 2, column: 0, rows: 1, columns: size.columns) }
    var keys: Rect { Rect(row: size.rows - 1, column: 0, rows: 1, columns: size.columns) }

    /// Log lines that fit where the log fills the screen, under its title.
    var logRows: Int { max(1, body.rows - 1) }
    /// Lines of the help that fit within its box.
    var helpRows: Int { max(1, body.rows - 2) }
}
