/// How many cells text takes, counted as terminals count.
public enum TextWidth {
    /// The cells of one character by the tables that terminals use: 0 for controls and what has no width, 1, or 2.
    public static func of(_ character: Character) -> Int {
        var width = 0
        for scalar in character.unicodeScalars { width = max(width, of(scalar)) }
        return width
    }

    /// The cells that `Frame.put` uses for the text where there is room: those of its safe form.
    public static func of(_ text: String, ascii: Bool = false) -> Int {
        if SafeText.isPlain(text) { return text.utf8.count }
        var width = 0
        for unit in SafeUnits(text, ascii: ascii) { width += Int(unit.width) }
        return width
    }

    private static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value >= 0x20 && value < 0x7F { return 1 }
        if value < 0xA0 { return 0 }
        // The second and third parts of put-together Hangul stand in the cells of the first.
        if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return 0 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .control, .format, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator: return 0
        default: return WidthTable.isWide(scalar) ? 2 : 1
        }
    }
}
