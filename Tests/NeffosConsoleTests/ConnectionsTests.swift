import NeffosFeed
import NeffosObservatory
import Terminal
import Testing

@testable import NeffosConsole

@Suite struct ConnectionsTests {
    private func console(_ scene: Scene = .normal, columns: Int = 80, rows: Int = 24) -> Console {
        var console = Console(scene, columns: columns, rows: rows)
        console.type("2")
        return console
    }

    private func keys(_ console: Console) -> [String] {
        console.model.connections.order.compactMap { console.scene.connection($0)?.key }
    }

    @Test func `The selection stays with its row when others come before it`() {
        var console = console()
        console.press(.down, .down)
        let selected = console.model.connections.selected
        console.pass(.seconds(5))
        var newcomer = Scene.client(0)
        newcomer.id = "0"
        newcomer.key = "aaa"
        console.scene.rows.append(newcomer)
        console.pass(.seconds(2))
        #expect(keys(console).first == "aaa")
        #expect(console.model.connections.selected == selected)
        #expect(console.model.connections.selectedIndex == 3)
    }

    @Test func `Rows hold their places for a moment after a key and newcomers are added at the end`() {
        var console = console()
        let before = keys(console)
        console.press(.down)
        var newcomer = Scene.client(0)
        newcomer.id = "0"
        newcomer.key = "aaa"
        console.scene.rows.append(newcomer)
        console.scene.rows.removeAll { $0.key == "bob-1" }
        console.pass(.milliseconds(1500))
        #expect(keys(console) == before.filter { $0 != "bob-1" } + ["aaa"])
        console.now += .seconds(2)
        console.model.refresh(from: console.scene, now: console.now)
        #expect(keys(console).first == "aaa")
    }

    @Test func `A row that goes stays as gone where it was for six seconds`() {
        var console = console()
        console.pass(.seconds(1))
        let id = console.scene.rows[0].id
        console.scene.rows.removeFirst()
        console.scene.revision += 1
        console.model.refresh(from: console.scene, now: console.now + .milliseconds(100))
        #expect(console.text.contains("✗ gone    alice-0"))
        console.pass(.seconds(5))
        #expect(console.text.contains("✗ gone    alice-0"))
        console.pass(.seconds(2))
        #expect(!console.text.contains("gone"))
        #expect(!console.model.connections.order.contains(id))
    }

    @Test func `When the selected row goes it stays for a moment, and then its neighbour is selected`() {
        var console = console()
        console.press(.end)
        console.pass(.seconds(3))
        let last = console.model.connections.selected
        console.scene.rows.removeAll { $0.id == last }
        console.pass(.seconds(2))
        #expect(console.model.connections.selected == last)
        console.pass(.seconds(7))
        #expect(console.model.connections.selectedIndex == 38)
        #expect(console.model.connections.selected == console.model.connections.order.last)
    }

    @Test func `Sorting goes through all columns and turns round`() {
        var console = console()
        #expect(console.model.connections.sort == .key)
        for _ in ConnectionColumn.allCases { console.type("s") }
        #expect(console.model.connections.sort == .key)
        let before = keys(console)
        console.type("r")
        #expect(keys(console) == before.reversed())
        console.type("S")
        #expect(keys(console) == before)
    }

    @Test func `The selection is kept in view by scrolling`() {
        var console = console()
        console.press(.end)
        #expect(console.model.connections.selectedIndex == 39)
        #expect(console.text.contains("till-9"))
        console.press(.pageUp)
        #expect(console.model.connections.selectedIndex == 22)
        console.press(.home)
        #expect(console.text.contains("▸✓ here    alice-0"))
        console.type("G")
        console.type("k")
        #expect(console.model.connections.selectedIndex == 38)
    }

    @Test func `The filter takes effect with each letter and Esc clears it`() {
        var console = console()
        console.type("/kiosk")
        #expect(console.text.contains("filter / kiosk"))
        #expect(keys(console).allSatisfy { $0.hasPrefix("kiosk") })
        console.press(.backspace, .enter)
        #expect(console.model.context == .connections)
        #expect(console.model.connections.filter == "kios")
        console.press(.escape)
        #expect(console.model.connections.filter == "")
        #expect(keys(console).count == 40)
        console.type("/zzz")
        #expect(console.text.contains("no connection passes this filter"))
        console.press(.escape)
        #expect(keys(console).count == 40)
    }

    @Test func `Letters that are keys elsewhere are text in the filter`() {
        var console = console()
        console.type("/q?p ")
        #expect(console.model.connections.filter == "q?p ")
        #expect(!console.model.isPaused)
    }

    @Test func `The detail tells all that is known and follows the selection`() {
        var scene = Scene.normal
        scene.rows[0].namespaces = [NamespaceMembership(name: "default", rooms: (0..<60).map { "room-\($0)" })]
        var console = console(scene)
        console.press(.enter)
        for text in [scene.rows[0].id, "11111111-77aa-4c1b-9d2e-012345678910", "10.0.4.1:51000  no TLS", "after 3 ms", "node"] {
            #expect(console.text.contains(text), "\(text)")
        }
        #expect(!console.text.contains("room-59"))
        for _ in 0..<5 { console.press(.pageDown) }
        #expect(console.text.contains("room-59"))
        console.press(.down)
        #expect(console.text.contains("key           alice-10"))
        console.press(.escape)
        #expect(!console.model.connections.isDetailOpen)
    }

    @Test func `A detail whose connection goes says so`() {
        var console = console()
        console.press(.enter)
        console.scene.rows = []
        #expect(console.text.contains("this connection is gone"))
    }
}
