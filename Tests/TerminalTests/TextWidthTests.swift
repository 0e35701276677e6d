import Terminal
import Testing

@Suite struct TextWidthTests {
    @Test(
        arguments: [
            ("a", 1), (" ", 1), ("é", 1), ("e\u{301}", 1), ("漢", 2), ("ｶ", 1), ("Ａ", 2), ("한", 2), ("😀", 2), ("\u{301}", 0),
            ("\u{200B}", 0),
            ("\u{7}", 0), ("│", 1), ("⣿", 1), ("ש", 1), ("ก", 1), ("🇩🇪", 1),
        ] as [(Character, Int)])
    func `A character takes the cells that terminals give it`(character: Character, width: Int) {
        #expect(TextWidth.of(character) == width)
    }

    @Test func `Text is as wide as its safe form, which put uses`() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<1000 {
            let text = generator.text(Int.random(in: 0...20, using: &generator))
            var frame = Frame(size: Size(columns: 400, rows: 1))
            #expect(frame.put(text, at: Position(row: 0, column: 0)) == TextWidth.of(text))
            #expect(TextWidth.of(text) == TextWidth.of(SafeText.escaped(text)))
        }
    }
}
