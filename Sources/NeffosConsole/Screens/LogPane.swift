import Terminal

/// The log lines of this process.
enum LogPane {
    /// - Parameter pager: how far it is scrolled; nil shows the newest lines.
    static func draw(_ input: ScreenInput, into frame: inout Frame, in rect: Rect, pager: Pager?) {
        let theme = input.theme
        let log = input.model.shownLog
        let rows = max(0, rect.rows - 1)
        let lines = log.lines
        let first = min(pager?.offset ?? .max, max(0, lines.count - rows))
        let place =
            lines.isEmpty || rows >= lines.count
            ? "" : "\(ConsoleFormat.count(min(lines.count, first + rows))) of \(ConsoleFormat.count(lines.count))"
        frame.rule("Log", trailing: place.isEmpty ? [] : [Span(place, theme[.dim])], in: rect.line(0), theme: theme)
        if lines.isEmpty {
            frame.put(" nothing logged yet", at: rect.line(1).origin, columns: rect.columns, style: theme[.dim])
        }
        for (index, line) in lines.dropFirst(first).prefix(rows).enumerated() {
            let (word, role) = level(line.level)
            frame.put(
                [
                    Span(input.clock(line.time) + " ", theme[.dim]), Span(word + " ", theme[role]), Span(line.text),
                ], row: rect.row + 1 + index, column: rect.column + 1, columns: rect.columns - 1)
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
