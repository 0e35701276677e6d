import Terminal

/// The log lines of this process, each in full.
enum LogPane {
    /// Cells of a line that are shown.
    private static let longest = 2_000
    /// What stands before the text: time and level.
    private static let headColumns = 17

    /// - Parameter pager: how far it is scrolled; nil shows the newest lines.
    static func draw(_ input: ScreenInput, into frame: inout Frame, in rect: Rect, pager: Pager?) {
        let theme = input.theme
        let log = input.model.shownLog
        let room = max(0, rect.rows - 1)
        let rows = rows(log, columns: rect.columns, ascii: input.isASCII)
        let first = min(pager?.offset ?? .max, max(0, rows.count - room))
        let place =
            rows.isEmpty || room >= rows.count
            ? "" : "\(ConsoleFormat.count(min(rows.count, first + room))) of \(ConsoleFormat.count(rows.count))"
        frame.rule("Log", trailing: [Span(place, theme[.dim])], in: rect.line(0), theme: theme)
        if rows.isEmpty {
            frame.put(" nothing logged yet", at: rect.line(1).origin, columns: rect.columns, style: theme[.dim])
        }
        for (index, row) in rows.dropFirst(first).prefix(room).enumerated() {
            let place = Rect(row: rect.row + 1 + index, column: rect.column + 1, rows: 1, columns: rect.columns - 1)
            if let line = row.head {
                let (word, role) = level(line.level)
                frame.put(
                    [Span(input.clock(line.time) + " ", theme[.dim]), Span(word + " ", theme[role])], row: place.row, column: place.column,
                    columns: place.columns)
            }
            frame.put(
                [Span(row.text)], row: place.row, column: place.column + headColumns, columns: place.columns - headColumns)
        }
    }

    /// How many rows all lines take.
    static func rowCount(_ log: ConsoleLog, columns: Int, ascii: Bool) -> Int { rows(log, columns: columns, ascii: ascii).count }

    /// The lines over as many rows as they need; the first of each has its time and level.
    private static func rows(_ log: ConsoleLog, columns: Int, ascii: Bool) -> [(head: ConsoleLog.Line?, text: String)] {
        log.lines.flatMap { line in
            WrappedText.lines(line.text, columns: columns - 1 - headColumns, maximum: longest, ascii: ascii).enumerated().map {
                ($0 == 0 ? line : nil, $1)
            }
        }
    }

    private static func level(_ level: ConsoleLog.Level) -> (String, Theme.Role) {
        switch level {
        case .debug: ("debug  ", .dim)
        case .info: ("info   ", .plain)
        case .warning: ("warning", .warn)
        case .error: ("error  ", .bad)
        }
    }
}
