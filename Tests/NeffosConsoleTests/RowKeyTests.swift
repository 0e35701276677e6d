import NeffosFeed
import NeffosObservatory
import Terminal
import Testing

@testable import NeffosConsole

/// What keys do with rows beside steering: looking for them, marking them, taking them away.
@Suite struct RowKeyTests {
    private func console(_ columns: Int = 120) -> Console {
        var console = Console(.normal, columns: columns, rows: 35)
        console.type("2")
        return console
    }

    private func key(_ console: Console) -> String? {
        console.model.connections.selected.flatMap { console.scene.connection($0)?.key }
    }

    @Test func `A search goes to the rows with a text and leaves the others in view`() {
        var console = console()
        console.press(.function(3))
        console.type("TILL-1")
        #expect(console.text.contains("search TILL-1"))
        #expect(key(console) == "till-14")
        console.press(.enter)
        #expect(console.model.connections.order.count == 40)
        console.press(.function(3))
        #expect(key(console) == "till-19")
        console.press(.function(15))
        #expect(key(console) == "till-14")
        console.type("\\")
        console.press(.control("u"))
        console.type("till-39")
        console.press(.enter)
        #expect(key(console) == "till-39")
        console.press(.function(3))
        #expect(key(console) == "till-39")
        console.type("\\")
        console.press(.control("u"))
        console.type("no\"body\\")
        #expect(console.model.notice?.text == "no row has \"no\"body\\\"")
        console.press(.escape)
        #expect(key(console) == "till-39")
    }

    @Test func `A search reaches rows far down`() {
        var console = console()
        console.scene.rows = (0..<3_000).map { index in
            var row = Scene.client(1)
            row.id = "c\(10_000 + index)"
            row.key = "k\(10_000 + index)"
            return row
        }
        console.scene.count = nil
        console.pass(.seconds(10))
        console.type("\\k12345")
        console.press(.enter)
        #expect(console.model.connections.selected == "c12345")
        #expect(console.text.contains("2 346 of 3 000"))
    }

    @Test func `Marks are turned round, and set from the last one on`() {
        var console = console()
        console.press(.down, .down)
        console.type("m")
        console.press(.down, .down)
        console.type("v")
        #expect(console.model.connections.marks.count == 4)
        console.type("i")
        #expect(console.model.connections.marks.count == 36)
        #expect(!console.model.connections.marks.contains(console.model.connections.order[2]))
        console.type("/kiosk")
        console.press(.enter)
        console.type("i")
        #expect(console.model.connections.marks.count == 28)
    }

    @Test func `The id and the key are copied, and the alert line says what`() {
        var console = console()
        #expect(console.type("y") == [.copy("8c5f3a10-77aa-4c1b-9d2e-012345678910")])
        #expect(console.text.contains("the id went to the terminal's clipboard: 8c5f3a10"))
        console.scene.rows[0].key = "a\u{1B}[31m"
        #expect(console.type("Y") == [.copy("a\u{1B}[31m")])
        #expect(console.text.contains("clipboard: a␛[31m"))
        console.scene.rows[0].key = nil
        #expect(console.type("Y") == [])
    }

    @Test func `Figures are shown as they are, and rounded again`() {
        var console = console()
        console.model.connections.columns = [.key, .bytesIn, .messagesIn, .age]
        console.scene.rows[0].figures = .init()
        console.scene.rows[0].figures?.bytesIn = 123_456_789
        console.scene.rows[0].figures?.messagesIn = 12_345
        console.pass(.seconds(1))
        #expect(console.text.contains("118M") && console.text.contains("12k"))
        console.type("#")
        #expect(console.text.contains("123 456 789") && console.text.contains("12 345") && console.text.contains("00:00:07"))
        console.type("#")
        #expect(console.text.contains("118M"))
    }

    @Test func `Warnings about a row are counted by its key, id and address`() {
        var row = Scene.client(0)
        row.key = "10.0.4.1"
        func lint(_ subject: String) -> LintRow {
            LintRow(lint: "herd", subject: subject, detail: "", remedy: "", since: Scene.noon, last: Scene.noon)
        }
        #expect(LintCounts([lint("10.0.4.1"), lint(row.id), lint("other")]).count(for: row) == 2)
        #expect(LintCounts([]).count(for: row) == 0)
        var console = console()
        console.scene.lints = [lint("alice-0"), lint("10.0.4.1")]
        console.model.connections.columns = [.key, .lints, .tls]
        let line = console.text.split(separator: "\n").first { $0.contains("alice-0") }
        #expect(line?.split(separator: " ").suffix(2) == ["2", "no"])
    }

    @Test func `A console starts in the view that is asked for`() throws {
        var console = Console(.normal, columns: 120, rows: 35)
        console.model.start(try ConsoleStart(sort: "age", filter: "key:kiosk*"))
        console.pass(.zero)
        #expect(console.model.screen == .connections)
        #expect(console.model.connections.sort == .age && console.model.connections.descending)
        #expect(console.model.connections.filter == "key:kiosk*" && console.model.events.filter == "key:kiosk*")
        console.model.start(try ConsoleStart(screen: "4", sort: "age:asc", filter: "event:room.*"))
        #expect(console.model.screen == .returns)
        #expect(!console.model.connections.descending)
        #expect(console.model.connections.filter == "key:kiosk*" && console.model.events.filter == "event:room.*")
    }

    @Test(arguments: [("nowhere", nil), (nil, "in"), (nil, "age:up"), (nil, ""), (nil, "tls")] as [(String?, String?)])
    func `A view that there is not is told with those that there are`(screen: String?, sort: String?) {
        let error = #expect(throws: ConsoleStartError.self) { try ConsoleStart(screen: screen, sort: sort) }
        #expect(error?.description.contains(screen == nil ? "age" : "overview") == true)
    }

    @Test func `Colours for a light and for a dark background differ, and every meaning still stands out`() {
        let light = Theme(depth: .indexed256, ascii: false, background: .light)
        let dark = Theme(depth: .indexed256, ascii: false, background: .dark)
        for role in Theme.Role.allCases where ![.plain, .strong, .title].contains(role) {
            #expect(light[role] != dark[role], "\(role)")
            #expect(light[role] != .plain && dark[role] != .plain, "\(role)")
        }
        #expect(Theme(depth: .mono, ascii: false, background: .light)[.bad] == Theme(depth: .mono, ascii: false)[.bad])
    }
}
