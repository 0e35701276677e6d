import Terminal

/// The question before something is done to more than one, or to the server.
enum ConfirmationBox {
    static func draw(_ confirmation: Confirmation, _ input: ScreenInput, into frame: inout Frame) {
        let theme = input.theme
        let count = ConsoleFormat.count(confirmation.count)
        let sentences = confirmation.sentences
        let asked: [Span] = [
            Span("Type "), Span(confirmation.word, theme[.key]), Span(" or "), Span(String(confirmation.count), theme[.key]),
            Span(" to do it:"),
        ]
        let widest = max(asked.width(ascii: frame.ascii) + 24, sentences.map { TextWidth.of($0, ascii: frame.ascii) }.max() ?? 0)
        let title = "\(confirmation.kind.title.prefix(1).uppercased())\(confirmation.kind.title.dropFirst()) \(count)?"
        let box = DialogBox(title: title, columns: widest + 2, rows: sentences.count + 5, role: .warn)
        let place = box.draw(input, into: &frame)
        for (index, sentence) in sentences.enumerated() {
            let sign = index == 0 ? "\(theme.glyphs.warning) " : "  "
            frame.put(
                [Span(sign, theme[.bad]), Span(sentence, theme[index == 0 ? .strong : .plain])], row: place.row + 1 + index,
                column: place.column, columns: place.columns)
        }
        let row = place.row + 2 + sentences.count
        let used = frame.put(asked, row: row, column: place.column + 2, columns: place.columns)
        let line = Rect(row: row, column: place.column + 2 + used + 1, rows: 1, columns: place.columns - used - 3)
        confirmation.prompt.draw(in: line, into: &frame, style: theme[.selected])
        if confirmation.isWrong {
            frame.put(
                "\(theme.glyphs.bad) this is neither", at: Position(row: row + 1, column: line.column), columns: line.columns,
                style: theme[.bad])
        }
    }
}
