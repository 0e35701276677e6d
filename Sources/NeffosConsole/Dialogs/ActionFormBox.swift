import Terminal

/// The fields of an action; what is wrong with one stands under it.
enum ActionFormBox {
    private static let labelColumns = 12

    static func draw(_ form: ActionForm, _ input: ScreenInput, live: any ObservatoryReading, into frame: inout Frame) {
        let theme = input.theme
        let title = form.kind.title
        let box = DialogBox(
            title: "\(title.prefix(1).uppercased())\(title.dropFirst())", columns: 70, rows: 3 + form.fields.count * 2)
        let place = box.draw(input, into: &frame)
        let isForAll = form.kind.isOfServer && form.kind != .drill
        let whom = isForAll ? form.kind.meaning : "on \(TargetText.words(form.targets, input.model, live))"
        frame.put(whom, at: place.origin, columns: place.columns, style: theme[.dim])
        for (index, field) in form.fields.enumerated() {
            let row = place.row + 2 + index * 2
            guard row < place.endRow else { break }
            let isFocused = index == form.focus
            frame.put(
                field.label, at: Position(row: row, column: place.column), columns: labelColumns - 1,
                style: isFocused ? theme[.key] : theme[.strong])
            let line = Rect(row: row, column: place.column + labelColumns, rows: 1, columns: place.columns - labelColumns)
            form.prompts[index].draw(in: line, into: &frame, style: isFocused ? theme[.selected] : theme[.heading])
            let below = Position(row: row + 1, column: line.column)
            if let error = form.errors[index] {
                frame.put("\(theme.glyphs.bad) \(error)", at: below, columns: line.columns, style: theme[.bad])
            } else if isFocused {
                frame.put(field.hint, at: below, columns: line.columns, style: theme[.dim])
            }
        }
        placeCursor(form, place, into: &frame)
    }

    /// Each prompt places the cursor; the one that is typed into has it.
    private static func placeCursor(_ form: ActionForm, _ place: Rect, into frame: inout Frame) {
        guard form.prompts.indices.contains(form.focus) else { return }
        let line = Rect(
            row: place.row + 2 + form.focus * 2, column: place.column + labelColumns, rows: 1, columns: place.columns - labelColumns)
        var scratch = Frame(size: frame.size, ascii: frame.ascii)
        form.prompts[form.focus].draw(in: line, into: &scratch)
        frame.cursor = scratch.cursor
    }
}
