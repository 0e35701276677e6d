import Terminal
import Testing

@Suite struct WidgetTests {
    private func drawn(_ columns: Int, _ rows: Int, ascii: Bool = false, _ body: (inout Frame) -> Void) -> String {
        var frame = Frame(size: Size(columns: columns, rows: rows), ascii: ascii)
        body(&frame)
        return frame.text
    }

    @Test func `A sparkline shows the newest figures at the right`() {
        #expect(Sparkline([0, 1, 2, 3, 4, 4]).lines(rows: 1, columns: 4, glyphs: .unicode) == [" ⢀⣴⣿"])
        #expect(Sparkline([0, 2, 7]).lines(rows: 1, columns: 5, glyphs: .ascii) == ["   :#"])
        #expect(Sparkline([0, 8]).lines(rows: 2, columns: 1, glyphs: .unicode) == ["⢸", "⢸"])
        #expect(Sparkline([.nan, -1, .infinity]).lines(rows: 1, columns: 3, glyphs: .ascii) == ["   "])
        #expect(Sparkline([]).lines(rows: 1, columns: 2, glyphs: .unicode) == ["  "])
    }

    @Test func `A small figure is never shown as nothing`() {
        #expect(Sparkline([1, 1000]).lines(rows: 1, columns: 2, glyphs: .ascii) == [".#"])
        #expect(Gauge(1, of: 10_000).text(columns: 10, glyphs: .unicode) == "▏")
        #expect(Gauge(9_999, of: 10_000).text(columns: 4, glyphs: .unicode) == "███▉")
        #expect(Gauge(4, of: 4).text(columns: 4, glyphs: .unicode) == "████")
        #expect(Gauge(1, of: 2).text(columns: 4, glyphs: .ascii) == "##")
        #expect(Gauge(3, of: 0).text(columns: 4, glyphs: .ascii) == "")
    }

    @Test func `A sparkline with a base line tells no figure yet from nothing and nothing from little`() {
        var frame = Frame(size: Size(columns: 4, rows: 1))
        Sparkline([0, 0, 1, 100]).draw(in: frame.rect, into: &frame, glyphs: .unicode, style: .plain, idle: Style(foreground: .blue))
        #expect(frame.text == "  ⣀⣼")
        #expect(frame[0, 2].style.foreground == .blue)
        #expect(frame[0, 3].style == .plain)
    }

    private static let table = Table(
        columns: [
            .init("id", minimum: 2, grows: true, priority: 9), .init("age", align: .right, priority: 1),
            .init("tries", align: .right, priority: 5),
        ],
        rows: [.init(["alice", "12s", "3"]), .init(["漢字", "1m", "0"], isMarked: true)], selected: 0)

    @Test func `A table aligns its columns and marks the selected row`() {
        #expect(
            drawn(20, 4) { Self.table.draw(in: $0.rect, into: &$0, glyphs: .unicode) }
                == " id        age tries\n▸alice     12s     3\n*漢字       1m     0\n")
    }

    @Test func `A narrow table loses the least important columns`() {
        #expect(drawn(11, 2, ascii: true) { Self.table.draw(in: $0.rect, into: &$0, glyphs: .ascii) } == " id   tries\n>ali~     3")
    }

    @Test func `A hostile cell stays in its column`() {
        var table = Self.table
        table.rows = [.init(["\u{1B}[2J\u{202E}" + String(repeating: "x", count: 300), "1s", "2"])]
        let text = drawn(30, 2) { table.draw(in: $0.rect, into: &$0, glyphs: .unicode) }
        #expect(text.hasSuffix("  1s     2"))
    }

    @Test func `A tree shows its branches`() {
        let tree = Tree([
            .init("default", detail: "3", isExpanded: true), .init("lobby", detail: "2", depth: 1), .init("hall", depth: 1),
            .init("chat", isExpanded: false),
        ])
        #expect(drawn(12, 4) { tree.draw(in: $0.rect, into: &$0, glyphs: .unicode) } == "▾ default  3\n├ lobby    2\n└ hall\n▸ chat")
    }

    @Test func `Help names every key, and its line as many as fit`() {
        let help = Help(title: "Help", entries: [.init("q", "quit"), .init("Ctrl-L", "repaint")])
        let text = drawn(30, 6) { help.draw(in: $0.rect, into: &$0, glyphs: .ascii) }
        #expect(text.contains("| q       quit    |"))
        #expect(text.contains("| Ctrl-L  repaint |"))
        #expect(drawn(20, 1) { help.drawLine(in: $0.rect, into: &$0) } == "q quit")
    }

    @Test func `A prompt edits a line`() {
        var prompt = Prompt(label: "/", maximum: 5)
        for character in "abcdefg" { #expect(prompt.update(.character(character)) == .editing) }
        #expect(prompt.text == "abcde")
        _ = prompt.update(.left)
        _ = prompt.update(.backspace)
        #expect(prompt.text == "abce")
        _ = prompt.update(.home)
        _ = prompt.update(.delete)
        #expect(prompt.text == "bce")
        #expect(prompt.update(.up) == .ignored)
        #expect(prompt.update(.enter) == .submitted)
        #expect(prompt.update(.escape) == .cancelled)
        var frame = Frame(size: Size(columns: 20, rows: 1))
        prompt.draw(in: frame.rect, into: &frame)
        #expect(frame.text == "/bce")
        #expect(frame.cursor == Position(row: 0, column: 1))
    }

    @Test func `A prompt shows the part around its cursor`() {
        let prompt = Prompt(label: "> ", text: String(repeating: "a", count: 50) + "z")
        var frame = Frame(size: Size(columns: 10, rows: 1))
        prompt.draw(in: frame.rect, into: &frame)
        #expect(frame.text == "> aaaaaaz")
        #expect(frame.cursor == Position(row: 0, column: 9))
    }

    @Test func `Every sign takes one cell`() {
        for glyphs in [Glyphs.unicode, .ascii] {
            let signs =
                glyphs.levels + glyphs.bar + [
                    glyphs.horizontal, glyphs.vertical, glyphs.topLeft, glyphs.cross, glyphs.arrowUp, glyphs.flow, glyphs.sortUp,
                    glyphs.rise,
                    glyphs.selection, glyphs.mark, glyphs.good, glyphs.bad, glyphs.warning, glyphs.open, glyphs.ellipsis, glyphs.middleDot,
                ]
            for sign in signs {
                #expect(Cell(sign).text == sign)
                #expect(Cell(sign).width == 1)
                #expect(!glyphs.isASCII || sign.utf8.count == 1)
            }
        }
    }
}
