import NeffosObservatory
import Terminal
import Testing

@testable import NeffosConsole

@Suite struct FilterTests {
    private func console() -> Console {
        var console = Console(.normal)
        console.type("2")
        return console
    }

    @Test func `What is no filter yet says what is wrong under its place, and the rows stay`() {
        var console = console()
        console.type("/-kiosk tries>")
        let lines = console.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[22].hasPrefix("filter / -kiosk tries>"))
        #expect(lines[23].contains("^"))
        #expect(console.model.connections.filter == "-kiosk tries")
        #expect(console.press(.enter) == [])
        #expect(console.model.context == .filter)
        console.type("1")
        #expect(console.model.connections.order.allSatisfy { (console.scene.connection($0)?.tries ?? 0) > 1 })
        console.press(.enter)
        #expect(console.model.context == .connections)
        #expect(console.model.connections.filter == "-kiosk tries>1")
    }

    @Test func `The caret stands under the place of the mistake`() throws {
        var console = console()
        console.type("/key:bob nosuch:1")
        let editor = try #require(console.model.connections.editor)
        let error = try #require(editor.error)
        let line = console.frame.lineText(23)
        #expect(line.prefix(9 + error.position + 1).last == "^")
        #expect(line.contains(error.problem))
    }

    @Test func `Tab goes on as a field or a name that there is, and goes through them`() {
        var console = console()
        console.type("/ns:de")
        console.press(.tab)
        #expect(console.model.connections.editor?.text == "ns:default")
        console.press(.control("u"))
        console.type("ns:")
        console.press(.tab)
        let first = console.model.connections.editor?.text
        console.press(.tab)
        let second = console.model.connections.editor?.text
        #expect(first != second)
        console.press(.tab, .tab)
        #expect(console.model.connections.editor?.text == first)
    }

    @Test func `Filters of before come again and what was typed is not lost`() {
        var console = console()
        for filter in ["key:alice*", "tries>1", "key:alice*"] {
            console.type("/")
            console.press(.control("u"))
            console.type(filter)
            console.press(.enter)
        }
        console.type("/")
        console.press(.control("u"))
        console.type("bo")
        console.press(.up)
        #expect(console.model.connections.editor?.text == "key:alice*")
        console.press(.up, .up)
        #expect(console.model.connections.editor?.text == "tries>1")
        console.press(.down, .down)
        #expect(console.model.connections.editor?.text == "bo")
    }

    @Test func `The cursor moves within the filter`() {
        var console = console()
        console.type("/bb")
        console.press(.left)
        console.type("o")
        #expect(console.model.connections.filter == "bob")
        #expect(console.frame.cursor == Position(row: 22, column: 11))
    }

    @Test func `Figures are asked for all where order or filter go by them, else for the rows in view`() {
        var console = console()
        #expect(console.model.figureWish == .of(console.model.connections.inView(18)))
        console.type("/idle>5s")
        #expect(console.model.figureWish == nil || console.model.figureWish == .all)
        console.press(.escape)
        console.model.connections.sort(by: .rateIn)
        console.pass(.seconds(1))
        #expect(console.model.figureWish == .all)
        console.type("1")
        #expect(console.model.figureWish == nil)
        for (filter, isOne) in [("ns:chat", false), ("in>5", true), ("state:slow", true), ("key:idle", false), ("x|rtt>=5ms", true)] {
            #expect(FigureWords.isIn(filter) == isOne, "\(filter)")
        }
    }
}
