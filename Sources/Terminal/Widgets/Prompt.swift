/// A line that the operator types into.
public struct Prompt: Hashable, Sendable {
    /// What `update` did with a key.
    public enum Outcome: Hashable, Sendable {
        case editing, submitted, cancelled
        /// Not a key of the prompt.
        case ignored
    }

    public var label: String
    public private(set) var text: String
    /// The characters before the cursor.
    public private(set) var position: Int
    /// The most characters that can be typed.
    public let maximum: Int
    /// Shown in place of the text's end, under the eyes of whoever typed it.
    public var error: String?

    public init(label: String, text: String = "", maximum: Int = 256) {
        self.label = label
        self.maximum = max(0, maximum)
        self.text = String(text.prefix(self.maximum))
        position = self.text.count
    }

    public mutating func update(_ key: Key) -> Outcome {
        switch key {
        case .character(let character): insert(character)
        case .backspace, .control("h"): remove(at: position - 1)
        case .delete, .control("d"): remove(at: position)
        case .left, .control("b"): position = max(0, position - 1)
        case .right, .control("f"): position = min(text.count, position + 1)
        case .home, .control("a"): position = 0
        case .end, .control("e"): position = text.count
        case .control("u"):
            text = String(text.dropFirst(position))
            position = 0
        case .enter: return .submitted
        case .escape, .control("c"), .control("g"): return .cancelled
        default: return .ignored
        }
        error = nil
        return .editing
    }

    /// Draws label and text into the first row of the rectangle, the part around the cursor where not all fits, and places the
    /// frame's cursor.
    public func draw(in rect: Rect, into frame: inout Frame, style: Style = .plain, errorStyle: Style? = nil) {
        guard !rect.isEmpty else { return }
        let line = rect.line(0)
        frame.fill(line, style: style)
        let used = frame.put(label, at: line.origin, columns: line.columns / 2, style: style.adding(.bold))
        let start = line.column + used
        let room = line.endColumn - start
        guard room > 1 else { return }
        var before = text.prefix(position)
        while TextWidth.of(String(before), ascii: frame.ascii) >= room { before = before.dropFirst() }
        let shown = String(before) + text.dropFirst(position)
        let end = frame.put(shown, at: Position(row: line.row, column: start), columns: room, style: style)
        frame.cursor = Position(row: line.row, column: start + min(room - 1, TextWidth.of(String(before), ascii: frame.ascii)))
        if let error, room - end > 2 {
            frame.put(
                error, at: Position(row: line.row, column: start + end + 2), columns: room - end - 2,
                style: errorStyle ?? style.adding(.bold))
        }
    }

    private mutating func insert(_ character: Character) {
        guard text.count < maximum, text.unicodeScalars.count < 4 * maximum else { return }
        text.insert(character, at: text.index(text.startIndex, offsetBy: position))
        // A combining mark joins the character before it and does not lengthen the text.
        position = min(text.count, position + 1)
    }

    private mutating func remove(at offset: Int) {
        guard offset >= 0, offset < text.count else { return }
        text.remove(at: text.index(text.startIndex, offsetBy: offset))
        position = min(position, offset)
    }
}
