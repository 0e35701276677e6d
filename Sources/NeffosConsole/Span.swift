import Terminal

/// A piece of a line in one style.
struct Span: Sendable, Hashable {
    var text: String
    var style: Style

    init(_ text: String, _ style: Style = .plain) {
        self.text = text
        self.style = style
    }
}

extension Frame {
    /// Writes pieces one after the other within `columns` cells and returns the cells used.
    @discardableResult
    mutating func put(_ spans: [Span], row: Int, column: Int, columns: Int) -> Int {
        var used = 0
        for span in spans where !span.text.isEmpty {
            guard used < columns else { break }
            used += put(span.text, at: Position(row: row, column: column + used), columns: columns - used, style: span.style)
        }
        return used
    }

    /// Writes pieces so that they end at the right edge of the place; too long, they begin at its left.
    mutating func putRight(_ spans: [Span], row: Int, column: Int, columns: Int) {
        let width = spans.width(ascii: ascii)
        put(spans, row: row, column: column + max(0, columns - width), columns: min(columns, width))
    }

    /// A line across with a title in it, and something to say at its right end: the head of a part of a screen.
    mutating func rule(_ title: String, trailing: [Span] = [], in rect: Rect, theme: Theme) {
        guard !rect.isEmpty else { return }
        horizontalLine(row: rect.row, column: rect.column, columns: rect.columns, glyphs: theme.glyphs, style: theme[.border])
        put(
            [Span(theme.glyphs.horizontal, theme[.border]), Span(" \(title) ", theme[.title])], row: rect.row, column: rect.column,
            columns: rect.columns)
        let taken = TextWidth.of(title, ascii: ascii) + 5
        let width = trailing.width(ascii: ascii)
        guard width > 0, width + 3 <= rect.columns - taken else { return }
        put(
            [Span(" ")] + trailing + [Span(" ")], row: rect.row, column: rect.endColumn - width - 3, columns: width + 2)
    }
}

extension [Span] {
    /// The cells that all pieces take.
    func width(ascii: Bool) -> Int { reduce(0) { $0 + TextWidth.of($1.text, ascii: ascii) } }

    /// The groups on one line with the same gap between them.
    static func joined(_ groups: [[Span]], gap: Int) -> [Span] {
        var line: [Span] = []
        for group in groups where !group.isEmpty {
            if !line.isEmpty { line.append(Span(String(repeating: " ", count: gap))) }
            line += group
        }
        return line
    }
}
