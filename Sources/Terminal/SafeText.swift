/// Text that cannot disturb a terminal.
///
/// What a peer can name is shown, never obeyed: controls become their pictures (`␛`, `␊`), and everything invisible, direction-changing,
/// unassigned, or of a width on which terminals differ becomes `\u{…}`. What is left are characters of one or two certain cells, each
/// with at most two combining marks. Backslashes stay as they are, so that a second pass changes nothing; the result is for
/// eyes, not to be parsed.
public enum SafeText {
    /// What becomes of one scalar.
    enum Kind: Equatable {
        /// Stands for itself, in so many cells.
        case base(width: UInt8)
        /// Joins the base before it.
        case mark
        /// Shown as another character, one cell wide.
        case picture(Unicode.Scalar)
        /// Shown as `\u{…}`.
        case escape
    }

    /// The newest version of Unicode whose characters are let through; terminals and C libraries lag behind.
    private static let newestVersion: Unicode.Version = (major: 13, minor: 0)

    /// Returns `text` without anything that could act on a terminal.
    /// - Parameters:
    ///   - text: anything, of any length.
    ///   - maximum: the most cells that the result may take; a longer one is cut and ends with `…` (`~` in ASCII).
    ///   - ascii: whether characters beyond ASCII are escaped too, and controls are shown as `\u{…}`.
    public static func escaped(_ text: String, maximum: Int? = nil, ascii: Bool = false) -> String {
        let limit = max(0, maximum ?? .max)
        if text.utf8.count <= limit, isPlain(text) { return text }
        var result = ""
        var width = 0
        /// Where to cut so that the ellipsis still fits.
        var cut = result.endIndex
        var units = SafeUnits(text, ascii: ascii)
        while let unit = units.next() {
            let next = width + Int(unit.width)
            if next > limit {
                result.removeSubrange(cut...)
                return limit == 0 ? "" : result + (ascii ? "~" : "…")
            }
            result.unicodeScalars.append(contentsOf: unit.text.unicodeScalars)
            width = next
            if width < limit { cut = result.endIndex }
        }
        return result
    }

    /// Whether the text is printable ASCII only, and so needs no work.
    static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }

    static func kind(of scalar: Unicode.Scalar, ascii: Bool) -> Kind {
        let value = scalar.value
        if value >= 0x20 && value < 0x7F { return .base(width: 1) }
        if ascii { return .escape }
        if value < 0x20 { return Unicode.Scalar(0x2400 + value).map(Kind.picture) ?? .escape }
        if value == 0x7F { return .picture("\u{2421}") }
        switch value {
        case 0xA1...0xAC, 0xAE...0x2FF, 0x2500...0x259F, 0x2800...0x28FF: return .base(width: 1)
        case 0x4E00...0x9FA5, 0xAC00...0xD7A3: return .base(width: 2)
        case 0x3000: return .base(width: 2)
        default: return isRisky(value) ? .escape : kindByProperties(of: scalar)
        }
    }

    /// Characters that terminals join with their neighbours, draw as nothing, or measure differently.
    private static func isRisky(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x11FF, 0xA960...0xA97F, 0xD7B0...0xD7FF: true  // Hangul that is put together
        case 0x3248...0x324F: true  // numbers in circles, in tables wide or not
        case 0x1F1E6...0x1F1FF, 0x1F3FB...0x1F3FF: true  // flags, skin tones
        case 0x4DC0...0x4DFF, 0x2630...0x2637, 0x268A...0x268F, 0x1D300...0x1D376: true  // became wide with Unicode 16
        default: false
        }
    }

    private static func kindByProperties(of scalar: Unicode.Scalar) -> Kind {
        let properties = scalar.properties
        guard let age = properties.age, age <= newestVersion, !properties.isDefaultIgnorableCodePoint else { return .escape }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber,
            .otherNumber, .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            return .base(width: WidthTable.isWide(scalar) ? 2 : 1)
        case .nonspacingMark:
            // A virama joins letters into one shape, whose width is anyone's guess.
            return properties.canonicalCombiningClass == .virama ? .escape : .mark
        default:
            return .escape
        }
    }
}
