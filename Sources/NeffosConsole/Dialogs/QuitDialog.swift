import Terminal

/// The question before a server with clients is stopped.
enum QuitDialog {
    static func draw(_ input: ScreenInput, live: any ObservatoryReading, into frame: inout Frame) {
        let theme = input.theme
        let count = live.connectionCount
        let lines: [[Span]] = [
            [Span("Leaving stops the server.", theme[.strong])],
            count == 0
                ? [Span("\(theme.glyphs.good) ", theme[.good]), Span("Nobody is connected any more.")]
                : [
                    Span("\(theme.glyphs.warning) \(ConsoleFormat.plural(count, "client"))", theme[.bad]),
                    Span(count == 1 ? " would lose its server." : " would lose their server."),
                ],
            [],
            [
                Span("y", theme[.key]), Span(" or "), Span("Enter", theme[.key]), Span(": stop it and leave     "), Span("n", theme[.key]),
                Span(" or "), Span("Esc", theme[.key]), Span(": stay"),
            ],
        ]
        let width = min(frame.size.columns, (lines.map { $0.width(ascii: frame.ascii) }.max() ?? 0) + 6)
        let height = min(frame.size.rows, lines.count + 4)
        let box = Rect(
            row: max(0, (frame.size.rows - height) / 2), column: max(0, (frame.size.columns - width) / 2), rows: height, columns: width)
        frame.fill(box)
        frame.box(box, title: "Quit?", glyphs: theme.glyphs, style: theme[.warn], titleStyle: theme[.title])
        let inner = box.inset(rows: 2, columns: 3)
        for (index, line) in lines.enumerated() where index < inner.rows {
            frame.put(line, row: inner.row + index, column: inner.column, columns: inner.columns)
        }
    }
}
