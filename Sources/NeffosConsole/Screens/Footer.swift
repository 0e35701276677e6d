import NeffosObservatory
import Terminal

/// The last two lines: the newest alert, or what was just answered to a key; and the keys that work here.
enum Footer {
    static func draw(_ input: ScreenInput, into frame: inout Frame) {
        let layout = ConsoleLayout(size: input.model.size)
        if let prompt = input.model.viewPrompt {
            prompt.draw(in: layout.alert, into: &frame, theme: input.theme)
        } else if input.model.connections.isEditingFilter, input.model.context == .filter {
            drawPrompt(input, into: &frame, in: layout.alert)
        } else {
            drawAlert(input, into: &frame, in: layout.alert)
        }
        frame.put(keyLine(input, columns: layout.keys.columns), row: layout.keys.row, column: 0, columns: layout.keys.columns)
    }

    private static func drawPrompt(_ input: ScreenInput, into frame: inout Frame, in rect: Rect) {
        let theme = input.theme
        Prompt(label: "filter / ", text: input.model.connections.filter).draw(in: rect, into: &frame, style: theme[.strong])
    }

    private static func drawAlert(_ input: ScreenInput, into frame: inout Frame, in rect: Rect) {
        let theme = input.theme
        if let notice = input.model.notice {
            frame.put("\(theme.glyphs.warning) \(notice.text)", at: rect.origin, columns: rect.columns, style: theme[.warn])
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
        let bindings = KeyTable.bindings(in: input.model.context).filter { $0.hint != nil }
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
