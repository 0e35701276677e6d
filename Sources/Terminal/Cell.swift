/// One character cell: what stands in it, always safe to write to a terminal, and its style.
public struct Cell: Hashable, Sendable {
    var content: CellText
    public var style: Style

    /// A cell with one character. Text that is more than one cell's worth, or would be escaped, becomes `U+FFFD`; empty text becomes
    /// a blank.
    public init(_ text: String = " ", style: Style = .plain) {
        var units = SafeUnits(text)
        if let first = units.next() {
            content = units.next() == nil ? first : .replacement
        } else {
            content = .blank
        }
        self.style = style
    }

    init(content: CellText, style: Style) {
        self.content = content
        self.style = style
    }

    /// A plain blank.
    public static let blank = Cell(content: .blank, style: .plain)

    /// The right half of a wide character.
    static func rightHalf(style: Style) -> Cell {
        Cell(content: .rightHalf, style: style)
    }

    /// One base character and its combining marks; empty for the right half of a wide character.
    public var text: String { content.text }

    /// The cells that the character takes: 1 or 2; 0 for the right half of a wide one.
    public var width: Int { Int(content.width) }
}
