import Terminal

/// Text over as many lines as it needs.
enum WrappedText {
    /// The lines, already safe to show: at least one.
    /// - Parameters:
    ///   - columns: how wide a line may be; at least eight are taken.
    ///   - maximum: the cells of the whole text, after which it is cut.
    static func lines(_ text: String, columns: Int, maximum: Int, ascii: Bool) -> [String] {
        let columns = max(8, columns)
        var lines: [String] = []
        var line = ""
        var width = 0
        for character in SafeText.escaped(text, maximum: maximum, ascii: ascii) {
            let next = TextWidth.of(character)
            if width + next > columns {
                lines.append(line)
                line = ""
                width = 0
            }
            line.append(character)
            width += next
        }
        lines.append(line)
        return lines
    }
}
