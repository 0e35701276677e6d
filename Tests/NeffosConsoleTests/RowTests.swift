import NeffosFeed
import NeffosObservatory
import Terminal
import Testing

@testable import NeffosConsole

/// Rows that come, go, and are many.
@Suite struct RowTests {
    private func console(_ scene: Scene = .normal, columns: Int = 120, rows: Int = 35) -> Console {
        var console = Console(scene, columns: columns, rows: rows)
        console.type("2")
        return console
    }

    private func line(_ console: Console, _ text: String) -> String? {
        console.text.split(separator: "\n").first { $0.contains(text) }.map(String.init)
    }

    private func closes(_ id: String, code: Int) -> EventLog {
        var observatory = Observatory()
        observatory.recentEvents = EventLog(capacity: 100)
        _ = observatory.apply(
            FeedEntry(
                seq: 1, node: "web-1",
                event: FeedEvent(
                    time: Scene.noon,
                    kind: .connectionClosed(.init(connection: id, code: code, reason: nil, by: .network, lived: 1)))))
        return observatory.recentEvents
    }

    @Test func `A row that is gone says with which code it ended, dim, and where it was`() throws {
        var scene = Scene.normal
        scene.recentEvents = EventLog()
        var console = console(scene)
        console.press(.down)
        let row = try #require(console.text.split(separator: "\n").firstIndex { $0.contains("bob-1 ") })
        let id = try #require(console.scene.rows.first { $0.key == "bob-1" }?.id)
        console.scene.rows.removeAll { $0.id == id }
        console.scene.recentEvents = closes(id, code: 1006)
        console.pass(.seconds(2))
        #expect(line(console, "bob-1 ")?.contains("✗ 1006") == true)
        #expect(console.text.split(separator: "\n").firstIndex { $0.contains("bob-1 ") } == row)
        let column = try #require(Array(console.frame.lineText(row)).firstIndex(of: "✗"))
        #expect(console.frame[row, column].style == console.theme[.dim])
        console.pass(.seconds(6))
        #expect(line(console, "bob-1 ") == nil)
    }

    @Test func `What went while another screen was in view is no news`() {
        var console = console()
        console.type("1")
        console.now += .seconds(30)
        console.scene.rows.removeFirst()
        console.type("2")
        console.pass(.seconds(2))
        #expect(!console.text.contains("gone"))
        #expect(console.model.connections.gone.isEmpty)
    }

    @Test func `A row that is gone is not counted, and cannot be acted on`() throws {
        var console = console()
        console.scene.rows.removeFirst()
        console.pass(.seconds(2))
        #expect(console.model.connections.order.count == 40)
        console.type("x")
        console.press(.enter)
        #expect(console.model.notice?.text == "kick: the connection is gone")
        console.scene.count = nil
        #expect(console.text.contains("1 of 39"))
    }

    @Test func `A row that is new is marked for six seconds`() {
        var console = console()
        var newcomer = Scene.client(0)
        newcomer.id = "0"
        newcomer.key = "bab"
        newcomer.openedAt = console.scene.now
        console.scene.rows.append(newcomer)
        console.pass(.seconds(2))
        #expect(line(console, " bab ")?.hasPrefix("+") == true)
        console.model.clock = console.scene.now + 6_000
        #expect(line(console, " bab ")?.hasPrefix(" ") == true)
    }

    @Test func `Of very many only a screenful and a little more is put in order, and every row is reached`() {
        var scene = Scene.normal
        scene.rows = (0..<3_000).map { index in
            var row = Scene.client(1)
            row.id = "c\(10_000 + index)"
            row.key = "k\(10_000 + index)"
            return row
        }
        scene.count = 3_000
        var console = console(scene)
        #expect(console.model.connections.order.count == 256)
        for _ in 0..<20 { console.press(.pageDown) }
        let reached = console.model.connections.selectedIndex
        #expect(reached == 20 * 28)
        #expect(console.model.connections.order.count - reached <= 256)
        console.press(.end)
        #expect(console.model.connections.selected == "c12999")
        console.press(.home)
        console.pass(.seconds(3))
        console.pass(.seconds(3))
        #expect(console.model.connections.order.count == 256)
    }
}
