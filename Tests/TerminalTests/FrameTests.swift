import Terminal
import Testing

@Suite struct FrameTests {
    private func frame(_ columns: Int = 10, _ rows: Int = 1) -> Frame { Frame(size: Size(columns: columns, rows: rows)) }

    @Test func `Put never writes beyond its cells, nor half of a wide character`() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<2000 {
            var frame = Frame(size: Size(columns: 12, rows: 3), ascii: Bool.random(using: &generator))
            frame.fill(frame.rect, character: "x")
            let column = Int.random(in: -2...13, using: &generator)
            let columns = Int.random(in: -1...14, using: &generator)
            let align = [Alignment.left, .center, .right].randomElement(using: &generator) ?? .left
            let used = frame.put(
                generator.text(Int.random(in: 0...12, using: &generator)), at: Position(row: 1, column: column), columns: columns,
                align: align)
            #expect(used >= 0 && used <= max(0, columns))
            for row in 0..<3 {
                for index in 0..<12 where row != 1 || index < column || index >= column + columns {
                    #expect(frame[row, index].text == "x")
                }
                #expect((0..<12).reduce(0) { $0 + frame[row, $1].width } == 12)
            }
        }
    }

    @Test func `Overwriting half of a wide character blanks the other half`() {
        var left = frame(4)
        left.put("漢字", at: Position(row: 0, column: 0))
        left.put("a", at: Position(row: 0, column: 1))
        #expect(left.text == " a字")
        var right = frame(4)
        right.put("漢字", at: Position(row: 0, column: 0))
        right.put("語", at: Position(row: 0, column: 1))
        #expect(right.text == " 語")
        #expect((0..<4).map { right[0, $0].width } == [1, 2, 0, 1])
    }

    @Test func `Text that does not fit is cut with an ellipsis, or without one`() {
        var frame = frame(5, 3)
        frame.put("abcdefgh", at: Position(row: 0, column: 0))
        frame.put("abcdefgh", at: Position(row: 1, column: 0), ellipsis: false)
        frame.put("漢字漢", at: Position(row: 2, column: 1), columns: 4)
        #expect(frame.text == "abcd…\nabcde\n 漢…")
        var ascii = Frame(size: Size(columns: 5, rows: 1), ascii: true)
        ascii.put("abcdefgh", at: Position(row: 0, column: 0))
        #expect(ascii.text == "abcd~")
    }

    @Test func `Text stands left, in the middle or right`() {
        var frame = frame(7, 3)
        for (row, align) in [Alignment.left, .center, .right].enumerated() {
            frame.put("abc", at: Position(row: row, column: 0), columns: 7, align: align)
        }
        #expect(frame.text == "abc\n  abc\n    abc")
    }

    @Test func `Places beyond the edges are ignored`() {
        var frame = frame(3, 2)
        frame[5, 0] = Cell("x")
        frame[0, -1] = Cell("x")
        frame[0, 2] = Cell("漢")
        #expect(frame.put("x", at: Position(row: -1, column: 0)) == 0)
        #expect(frame.put("x", at: Position(row: 0, column: 3)) == 0)
        frame.fill(Rect(row: -5, column: -5, rows: 6, columns: 6), character: "y")
        #expect(frame.text == "y\n")
        #expect(frame[9, 9] == Cell())
        #expect(Frame(size: Size(columns: -1, rows: 4)).text == "\n\n\n")
    }

    @Test func `A hostile name cannot leave its cells`() {
        var frame = Frame(size: Size(columns: 60, rows: 1))
        frame.put("\u{1B}]0;owned\u{7}\u{202E}evil\r\n", at: Position(row: 0, column: 0))
        #expect(frame.text == "␛]0;owned␇\\u{202E}evil␍␊")
    }

    @Test func `A cell holds one character and nothing that acts`() {
        #expect(Cell("e\u{301}").text == "e\u{301}")
        #expect(Cell("\u{1B}").text == "␛")
        #expect(Cell("\u{202E}").text == "\u{FFFD}")
        #expect(Cell("ab").text == "\u{FFFD}")
        #expect(Cell("").text == " ")
        #expect(Cell("漢").width == 2)
    }

    @Test func `A box has its title in its top line`() {
        var frame = frame(10, 3)
        frame.box(frame.rect, title: "ab", glyphs: .unicode)
        #expect(frame.text == "┌ ab ────┐\n│        │\n└────────┘")
        var small = Frame(size: Size(columns: 10, rows: 3), ascii: true)
        small.box(small.rect, title: "a very long one", glyphs: .ascii)
        #expect(small.text == "+ a ver~ +\n|        |\n+--------+")
    }

    @Test func `An ASCII frame holds ASCII only`() {
        var frame = Frame(size: Size(columns: 40, rows: 2), ascii: true)
        frame.box(frame.rect, title: "é漢", glyphs: .unicode)
        frame[1, 5] = Cell("漢")
        frame.fill(Rect(row: 0, column: 0, rows: 1, columns: 2), character: "█")
        #expect(frame.text.utf8.allSatisfy { $0 < 0x80 })
    }
}
