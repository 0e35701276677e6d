import NeffosFeed
import NeffosObservatory
import Terminal

/// The last two lines: the newest alert, or what was just answered to a key; and the keys that work here.
enum Footer {
    static func draw(_ input: ScreenInput, into frame: inout Frame) {
        let layout = ConsoleLayout(size: input.model.size)
        if let prompt = input.model.viewPrompt {
            prompt.prompt.draw(in: layout.alert, into: &frame, style: input.theme[.strong])
            if let error = prompt.error { return drawError(error, of: prompt.prompt, input, into: &frame, in: layout) }
        } else if input.model.context == .filter, let editor = input.model.connections.editor {
            let theme = input.theme
            editor.prompt.draw(in: layout.alert, into: &frame, style: theme[.strong])
            if let error = editor.error { return drawError(error, of: editor.prompt, input, into: &frame, in: layout) }
        } else {
            drawAlert(input, into: &frame, in: layout.alert)
        }
        frame.put(keyLine(input, columns: layout.keys.columns), row: layout.keys.row, column: 0, columns: layout.keys.columns)
    }

    /// What is wrong with a filter, under the place where it is; where that is too far to the right, the caret ends the sentence.
    private static func drawError(
        _ error: QueryError, of prompt: Prompt, _ input: ScreenInput, into frame: inout Frame, in layout: ConsoleLayout
    ) {
        let theme = input.theme
        let line = layout.keys
        let before = TextWidth.of(String(prompt.text.prefix(error.position)), ascii: frame.ascii)
        let caret = min(line.columns - 1, TextWidth.of(prompt.label) + before)
        let sentence = "\(error.problem); \(error.advice)"
        let width = TextWidth.of(sentence, ascii: frame.ascii)
        let isAfter = caret + 2 + width <= line.columns || caret < line.columns / 2
        frame.put("^", at: Position(row: line.row, column: caret), style: theme[.bad])
        if isAfter {
            frame.put(
                sentence, at: Position(row: line.row, column: caret + 2), columns: line.columns - caret - 2, style: theme[.bad])
        } else {
            frame.putRight([Span(sentence, theme[.bad])], row: line.row, column: 0, columns: caret - 1)
        }
    }

    private static func drawAlert(_ input: ScreenInput, into frame: inout Frame, in rect: Rect) {
        let theme = input.theme
        if let notice = input.model.notice {
            let sign = notice.role == .good ? theme.glyphs.good : theme.glyphs.warning
            frame.put("\(sign) \(notice.text)", at: rect.origin, columns: rect.columns, style: theme[notice.role])
            return
        }
        if let command = input.model.underway.last {
            let name = command.action.name
            frame.put(
                "\(theme.glyphs.ellipsis) \(name) is under way", at: rect.origin, columns: rect.columns, style: theme[.accent])
            return
        }
        guard let alert = input.observatory.alerts.first else {
            frame.put("\(theme.glyphs.good) no alerts", at: rect.origin, columns: rect.columns, style: theme[.dim])
            return
        }
        let age = ConsoleFormat.age(input.age(since: alert.time)) + " ago"
        frame.putRight([Span(age, theme[.dim])], row: rect.row, column: rect.column, columns: rect.columns)
        frame.put(
            AlertLine.spans(alert, theme: theme), row: rect.row, column: rect.column,
            columns: rect.columns - TextWidth.of(age, ascii: frame.ascii) - 2)
    }

    /// As many keys as fit; help and quit always do.
    static func keyLine(_ input: ScreenInput, columns: Int) -> [Span] {
        let theme = input.theme
        let bindings = KeyTable.bindings(in: input.model.context, input.model.abilities).filter { $0.hint != nil }
        func spans(_ binding: KeyBinding) -> [Span] {
            [
                Span(input.isASCII ? binding.asciiShort : binding.short, theme[.key]),
                Span(" " + (binding.hint ?? ""), theme[.dim]),
            ]
        }
        let vital = bindings.filter(\.isVital)
        var others = bindings.filter { !$0.isVital }
        while true {
            let line = [Span].joined((others + vital).map(spans), gap: 2)
            if others.isEmpty || line.width(ascii: input.isASCII) <= columns { return line }
            others.removeLast()
        }
    }
}
