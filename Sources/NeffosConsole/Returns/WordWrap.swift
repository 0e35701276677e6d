import Terminal

/// Text over several lines, broken between words.
enum WordWrap {
    /// - Parameters:
    ///   - columns: how wide a line may be; at least eight are taken. A longer word is cut.
    ///   - most: lines; the last one ends with an ellipsis where there is more.
    static func lines(_ text: String, columns: Int, most: Int = .max, ascii: Bool) -> [String] {
        let columns = max(8, columns)
        var lines: [String] = []
        var line = ""
        var width = 0
        for word in words(SafeText.escaped(text, maximum: 4_000, ascii: ascii)) {
            let word = SafeText.escaped(word, maximum: columns, ascii: ascii)
            let next = TextWidth.of(word, ascii: ascii)
            if width > 0, width + 1 + next > columns {
                lines.append(line)
                line = ""
                width = 0
            }
            line += (width > 0 ? " " : "") + word
            width += next + (width > 0 ? 1 : 0)
        }
        if width > 0 || lines.isEmpty { lines.append(line) }
        guard lines.count > most else { return lines }
        let last = lines[max(0, most - 1)] + " " + lines[most...].joined(separator: " ")
        return Array(lines.prefix(max(0, most - 1))) + (most > 0 ? [SafeText.escaped(last, maximum: columns, ascii: ascii)] : [])
    }

    /// What is not to be parted: a figure stays with its unit, and with the rest of its digits.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        for word in text.split(separator: " ") {
            let bare = word.prefix { $0.isLetter || $0 == "%" }
            let isUnit = ["s", "ms", "min", "h", "d", "%"].contains(String(bare))
            let isRest = word.prefix(3).count == 3 && word.prefix(3).allSatisfy(\.isNumber)
            if let last = words.last, last.last?.isNumber == true, isUnit || isRest {
                words[words.count - 1] = last + " " + word
            } else {
                words.append(String(word))
            }
        }
        return words
    }
}
