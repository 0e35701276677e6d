import Terminal

/// A box in the middle of the screen, over what is there.
struct DialogBox {
    let title: String
    /// The widest line, and how many there are.
    let columns: Int
    let rows: Int
    var role = Theme.Role.accent

    /// Draws the border and returns the place within.
    func draw(_ input: ScreenInput, into frame: inout Frame) -> Rect {
        let theme = input.theme
        let body = ConsoleLayout(size: input.model.size).body
        let width = min(body.columns, max(columns, TextWidth.of(title, ascii: frame.ascii) + 2) + 6)
        let height = min(body.rows, rows + 2)
        let box = Rect(
            row: body.row + (body.rows - height) / 2, column: body.column + (body.columns - width) / 2, rows: height, columns: width)
        frame.fill(box)
        frame.box(box, title: title, glyphs: theme.glyphs, style: theme[role], titleStyle: theme[.title])
        return box.inset(rows: 1, columns: 3)
    }
}
