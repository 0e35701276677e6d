/// Figures over time as columns of dots: two figures a cell in braille, one a cell in ASCII.
public struct Sparkline: Sendable {
    /// Oldest first; the newest stand at the right edge. What is not finite or below 0 counts as 0.
    public var values: [Double]
    /// The figure that fills the height; the largest one in view where nil.
    public var ceiling: Double?

    public init(_ values: [Double], ceiling: Double? = nil) {
        self.values = values
        self.ceiling = ceiling
    }

    /// The figures that a width shows.
    public static func capacity(columns: Int, glyphs: Glyphs) -> Int {
        max(0, columns) * (glyphs.isASCII ? 1 : 2)
    }

    /// - Parameter idle: the style of a base line, which is then drawn where nothing happened; all else stands at least one step above it.
    public func draw(in rect: Rect, into frame: inout Frame, glyphs: Glyphs, style: Style = .plain, idle: Style? = nil) {
        if let idle {
            drawOverBase(in: rect, into: &frame, glyphs: glyphs, style: style, idle: idle)
            return
        }
        for (index, line) in lines(rows: rect.rows, columns: rect.columns, glyphs: glyphs).enumerated() {
            frame.put(line, at: Position(row: rect.row + index, column: rect.column), columns: rect.columns, style: style)
        }
    }

    /// The rows as text, each `columns` cells wide, top first.
    public func lines(rows: Int, columns: Int, glyphs: Glyphs) -> [String] {
        guard rows > 0, columns > 0 else { return [] }
        let capacity = Self.capacity(columns: columns, glyphs: glyphs)
        let shown = values.suffix(capacity).map { $0.isFinite ? max(0, $0) : 0 }
        let top = ceiling ?? shown.max() ?? 0
        let steps = rows * (glyphs.isASCII ? glyphs.levels.count - 1 : 4)
        let heights =
            Array(repeating: 0, count: capacity - shown.count)
            + shown.map { value -> Int in
                guard value > 0, top > 0 else { return 0 }
                // A figure above nothing is never shown as nothing.
                return max(1, min(steps, Int((min(1, value / top) * Double(steps)) + 0.5)))
            }
        return (0..<rows).map { row in
            let below = rows - 1 - row
            return glyphs.isASCII
                ? Self.asciiLine(heights, below: below, glyphs: glyphs) : Self.brailleLine(heights, below: below)
        }
    }

    /// Cells that hold no figure yet stay as they are.
    private func drawOverBase(in rect: Rect, into frame: inout Frame, glyphs: Glyphs, style: Style, idle: Style) {
        guard !rect.isEmpty else { return }
        let perCell = glyphs.isASCII ? 1 : 2
        let shown = values.suffix(Self.capacity(columns: rect.columns, glyphs: glyphs)).map { $0.isFinite ? max(0, $0) : 0 }
        let top = ceiling ?? shown.max() ?? 0
        let steps = rect.rows * (glyphs.isASCII ? glyphs.levels.count - 1 : 4)
        let heights = shown.map { value -> Int in
            guard value > 0, top > 0 else { return 1 }
            return min(steps, 2 + Int((min(1, value / top) * Double(max(0, steps - 2))) + 0.5))
        }
        // An odd count leaves the left half of the first cell empty: the newest figure always ends the line.
        let padded = Array(repeating: 0, count: heights.count % perCell) + heights
        let first = rect.endColumn - padded.count / perCell
        for row in 0..<rect.rows {
            let below = rect.rows - 1 - row
            let line = glyphs.isASCII ? Self.asciiLine(padded, below: below, glyphs: glyphs) : Self.brailleLine(padded, below: below)
            for (cell, character) in line.enumerated() where character != " " && character != "\u{2800}" {
                let isIdle = padded[(cell * perCell)..<((cell + 1) * perCell)].allSatisfy { $0 <= 1 }
                frame[rect.row + row, first + cell] = Cell(String(character), style: isIdle ? idle : style)
            }
        }
    }

    private static func asciiLine(_ heights: [Int], below: Int, glyphs: Glyphs) -> String {
        let steps = glyphs.levels.count - 1
        return heights.map { glyphs.levels[min(steps, max(0, $0 - below * steps))] }.joined()
    }

    private static func brailleLine(_ heights: [Int], below: Int) -> String {
        /// Dots of the left and the right column, from the bottom.
        let left: [UInt32] = [0, 0x40, 0x44, 0x46, 0x47]
        let right: [UInt32] = [0, 0x80, 0xA0, 0xB0, 0xB8]
        var line = ""
        for index in stride(from: 0, to: heights.count - 1, by: 2) {
            let first = min(4, max(0, heights[index] - below * 4))
            let second = min(4, max(0, heights[index + 1] - below * 4))
            let dots = left[first] | right[second]
            // A blank, not the braille without dots: that one is drawn as circles by some fonts.
            line.unicodeScalars.append(dots == 0 ? " " : Unicode.Scalar(0x2800 | dots) ?? " ")
        }
        return line
    }
}
