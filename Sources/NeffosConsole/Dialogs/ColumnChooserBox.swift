import Terminal

/// The columns of the Connections screen: which, and in which order.
enum ColumnChooserBox {
    static func draw(_ chooser: ColumnChooser, _ input: ScreenInput, into frame: inout Frame) {
        let theme = input.theme
        let state = input.model.connections
        let box = DialogBox(title: "Columns", columns: 50, rows: chooser.fields.count)
        let place = box.draw(input, into: &frame)
        let offset = Scroll.offset(0, selected: chooser.selected, count: chooser.fields.count, height: place.rows)
        for (index, field) in chooser.fields.dropFirst(offset).prefix(place.rows).enumerated() {
            let row = place.row + index
            let isShown = chooser.shown.contains(field)
            let isSelected = offset + index == chooser.selected
            let sign = field.sort == state.sort ? (state.descending ? theme.glyphs.sortDown : theme.glyphs.sortUp) : " "
            let name = field.title + String(repeating: " ", count: max(0, 10 - field.title.count))
            frame.put(
                [
                    Span(isSelected ? theme.glyphs.selection : " ", theme[.key]), Span(isShown ? " [x] " : " [ ] ", theme[.key]),
                    Span(name, theme[isShown ? .strong : .dim]), Span("\(sign) ", theme[.accent]), Span(field.meaning, theme[.dim]),
                ], row: row, column: place.column - 1, columns: place.columns + 2)
            if isSelected {
                frame.restyle(Rect(row: row, column: place.column - 1, rows: 1, columns: place.columns + 2)) { $0 = theme[.selected] }
            }
        }
    }
}
