import Terminal
import Testing

/// What the console asks of the widgets beyond their first duty.
@Suite struct WidgetTests {
    private func text(_ values: [Double], rows: Int, columns: Int, glyphs: Glyphs) -> String {
        var frame = Frame(size: Size(columns: columns, rows: rows), ascii: glyphs.isASCII)
        Sparkline(values).draw(in: frame.rect, into: &frame, glyphs: glyphs, idle: .plain)
        return frame.text
    }

    @Test func `Over a base line nothing looks like little`() {
        #expect(text([0, 0, 0.001, 1000], rows: 1, columns: 2, glyphs: .unicode) == "⣀⣼")
        #expect(text([0, 0.001, 1000], rows: 1, columns: 3, glyphs: .ascii) == ".:#")
        #expect(text([0, 0, 0, 0], rows: 2, columns: 2, glyphs: .unicode) == "\n⣀⣀")
        #expect(text([.nan, -1, .infinity, 0], rows: 1, columns: 2, glyphs: .unicode) == "⣀⣀")
    }

    @Test func `The newest figure ends the line and what is not known stays empty`() {
        #expect(text([5], rows: 1, columns: 3, glyphs: .unicode) == "  ⢸")
        #expect(text([9, 9, 0, 0], rows: 1, columns: 1, glyphs: .unicode) == "⣀")
        #expect(text([], rows: 1, columns: 3, glyphs: .unicode) == "")
    }

    @Test func `A settled table keeps its columns whatever stands in them`() {
        func header(_ cell: String, columns: Int) -> String {
            var frame = Frame(size: Size(columns: columns, rows: 2))
            Table(
                columns: [
                    .init("name", minimum: 6, maximum: 12, priority: 2), .init("n", minimum: 4, align: .right, priority: 2),
                    .init("agent", minimum: 8, grows: true, priority: 1),
                ], rows: [.init([cell, "1", cell])], isSettled: true, gap: 2
            ).draw(in: frame.rect, into: &frame, glyphs: .unicode)
            return frame.lineText(0)
        }
        for columns in 5...60 {
            #expect(header("a", columns: columns) == header(String(repeating: "x", count: 90), columns: columns))
        }
        #expect(header("a", columns: 40) == " name             n  agent")
        #expect(header("a", columns: 20) == " name             n")
    }
}
