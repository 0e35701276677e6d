import Terminal

/// The menu of what can be done, and on whom.
enum ActionMenuBox {
    static func draw(_ menu: ActionMenu, _ input: ScreenInput, live: any ObservatoryReading, into frame: inout Frame) {
        let theme = input.theme
        let kinds = menu.kinds
        let rest = kinds.firstIndex { $0.isOfServer } ?? 0
        let titles = kinds.map(\.title.count).max() ?? 0
        let columns = kinds.map { $0.meaning.count + titles + 6 }.max() ?? 0
        let box = DialogBox(title: "Actions", columns: columns, rows: kinds.count + 4)
        let place = box.draw(input, into: &frame)
        let whom =
            menu.targets.map { TargetText.words($0, input.model, live) }
            ?? "the server; on connections from screen \(ConsoleScreen.connections.rawValue)"
        var head = [Span("on ", theme[.dim]), Span(whom, theme[.strong])]
        if menu.choices.count > 1 { head.append(Span("  Tab: \(menu.choice + 1) of \(menu.choices.count)", theme[.dim])) }
        frame.put(head, row: place.row, column: place.column, columns: place.columns)
        // A blank line, and one more before what is about the server.
        for (index, kind) in kinds.enumerated() {
            let row = place.row + 2 + index + (rest > 0 && index >= rest ? 1 : 0)
            guard row < place.endRow else { break }
            let isSelected = kind == menu.kind
            let padding = String(repeating: " ", count: titles - kind.title.count + 2)
            frame.put(
                [
                    Span(isSelected ? theme.glyphs.selection : " ", theme[.key]), Span(" "), Span(String(kind.key), theme[.key]),
                    Span("  " + kind.title, theme[.strong]), Span(padding + kind.meaning),
                ], row: row, column: place.column - 1, columns: place.columns + 2)
            if isSelected {
                frame.restyle(Rect(row: row, column: place.column - 1, rows: 1, columns: place.columns + 2)) { $0 = theme[.selected] }
            }
        }
    }
}
