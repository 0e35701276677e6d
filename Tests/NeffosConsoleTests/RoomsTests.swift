import NeffosFeed
import NeffosObservatory
import Terminal
import Testing

@testable import NeffosConsole

@Suite struct RoomsTests {
    /// Two namespaces; 60 rooms in the one, two in the other, and three members.
    private static var scene: Scene {
        var scene = Scene.normal
        scene.namespaces = [NamespaceRow(name: "default", members: 90, rooms: 60), NamespaceRow(name: "chat", members: 7, rooms: 2)]
        scene.rooms =
            (0..<60).map { RoomRow(namespace: "default", room: "desk-\($0)", members: 60 - $0) }
            + [RoomRow(namespace: "chat", room: "lobby", members: 5), RoomRow(namespace: "chat", room: "hall", members: 2)]
        scene.rows = (0..<3).map { index in
            ConnectionRow(
                id: "id-\(index)", key: "client-\(index)", previous: nil, remote: "10.0.0.\(index):4000", userAgent: "node",
                openedAt: Scene.noon + -60_000, tries: 0, namespaces: [NamespaceMembership(name: "chat", rooms: ["lobby"])], state: .active)
        }
        scene.count = nil
        scene.vitals.namespaces = 2
        scene.vitals.rooms = 62
        return scene
    }

    private func console(columns: Int = 80, rows: Int = 24) -> Console {
        var console = Console(Self.scene, columns: columns, rows: rows)
        console.type("3")
        return console
    }

    @Test func `Small namespaces show their rooms, large ones are folded until they are unfolded`() {
        var console = console()
        #expect(console.text.contains("2 namespaces, 62 rooms"))
        #expect(console.text.contains("▸ default"))
        #expect(console.text.contains("▾ chat"))
        #expect(console.text.contains("├ lobby"))
        #expect(console.text.contains("└ hall"))
        #expect(!console.text.contains("desk-0"))
        console.type("f")
        #expect(console.text.contains("▾ default"))
        #expect(console.text.contains("├ desk-0"))
        #expect(console.model.rooms.total == 64)
        // From a room its namespace is folded, and has the selection.
        console.press(.down, .down)
        console.type("f")
        #expect(console.model.rooms.selected == .init(namespace: "default"))
        #expect(!console.text.contains("desk-0"))
        console.type("F")
        #expect(!console.text.contains("lobby"))
        console.type("F")
        #expect(console.text.contains("desk-0"))
        #expect(console.model.rooms.total == 64)
    }

    @Test func `They are sorted by members, by joins and leaves, and by name, both ways`() {
        var console = console()
        func first() -> String? { console.model.rooms.lines.first?.place.namespace }
        #expect(first() == "default")
        console.type("r")
        #expect(first() == "chat")
        console.type("s")
        #expect(console.model.rooms.sort == .rate)
        console.type("s")
        #expect(console.model.rooms.sort == .name)
        #expect(first() == "chat")
        console.type("r")
        #expect(first() == "default")
    }

    @Test func `A filter finds rooms in folded namespaces, and Esc clears it`() {
        var console = console()
        console.type("/desk-5")
        #expect(console.model.context == .typing)
        #expect(console.text.contains("├ desk-5 "))
        #expect(console.text.contains("└ desk-59") || console.text.contains("└ desk-"))
        #expect(!console.text.contains("lobby"))
        console.press(.enter)
        #expect(console.model.rooms.filter == "desk-5")
        #expect(console.model.context == .rooms)
        console.press(.escape)
        #expect(console.model.rooms.filter == "")
        #expect(console.text.contains("lobby"))
        console.type("/nothing")
        #expect(console.text.contains("no namespace or room has this"))
        console.press(.escape)
        #expect(console.model.rooms.filter == "")
    }

    @Test func `Enter lists the members, and Enter on one of them leads to its row`() {
        var console = console()
        console.press(.down, .down, .enter)
        #expect(console.text.contains("In chat: lobby"))
        #expect(console.model.context == .roomMembers)
        #expect(console.text.contains("↑↓ member  Enter connection  Esc back"))
        for index in 0..<3 { #expect(console.text.contains("client-\(index)")) }
        #expect(console.text.contains("10.0.0.2:4000"))
        console.press(.down, .enter)
        #expect(console.model.screen == .connections)
        #expect(console.model.connections.selected == "id-1")
        console.type("3")
        console.press(.escape)
        #expect(console.text.contains("2 namespaces"))
    }

    @Test func `Who is gone cannot be gone to, and is told`() {
        var console = console()
        console.press(.down, .down, .enter)
        console.scene.rows = []
        console.press(.enter)
        #expect(console.model.screen == .rooms)
        #expect(console.text.contains("this connection is gone"))
    }

    @Test func `Beside the tree, where there is room, the members stand before they are opened`() {
        var console = console(columns: 200, rows: 60)
        console.press(.down, .down)
        #expect(console.text.contains("In chat: lobby"))
        #expect(console.text.contains("client-2"))
        #expect(console.text.contains("▾ chat"))
    }

    @Test func `The selection stays with its place when the order changes`() {
        var console = console()
        console.press(.down, .down)
        #expect(console.model.rooms.selected == .init(namespace: "chat", room: "lobby"))
        console.scene.namespaces[1].members = 500
        console.pass(.seconds(3))
        #expect(console.model.rooms.lines.first?.place.namespace == "chat")
        #expect(console.model.rooms.selected == .init(namespace: "chat", room: "lobby"))
        #expect(console.model.rooms.selectedIndex == 1)
        // When it is gone, the nearest is selected.
        console.scene.rooms.removeAll { $0.room == "lobby" }
        console.pass(.seconds(3))
        #expect(console.model.rooms.selected == .init(namespace: "chat", room: "hall"))
    }

    @Test func `After a key the lines keep their places for a moment`() {
        var console = console()
        console.press(.down)
        console.scene.namespaces[1].members = 500
        console.pass(.milliseconds(1_500))
        #expect(console.model.rooms.lines.first?.place.namespace == "default")
        console.pass(.seconds(1))
        #expect(console.model.rooms.lines.first?.place.namespace == "chat")
    }

    @Test func `Of very many rooms only those near the selection are made, and the last is reached`() throws {
        var observatory = Observatory()
        for index in 0..<5_000 {
            for kind in [
                FeedEvent.Kind.connectionOpened(
                    .init(connection: "c\(index)", key: nil, remote: "10.0.0.1:1", userAgent: nil, tries: 0)),
                .roomJoined(.init(connection: "c\(index)", namespace: "default", room: "room-\(10_000 + index)")),
            ] { _ = observatory.apply(FeedEvent(time: Scene.noon, kind: kind)) }
        }
        var model = ConsoleModel(size: Size(columns: 80, rows: 24), clock: observatory.now)
        for key in [Key.character("3"), .character("f")] {
            _ = model.update(key, live: observatory, now: .seconds(1))
            model.refresh(from: observatory, now: .seconds(1))
        }
        #expect(model.rooms.total == 5_001)
        #expect(model.rooms.lines.count <= RoomsState.window)
        for _ in 0..<60 { _ = model.update(.pageDown, live: observatory, now: .seconds(1)) }
        #expect(model.rooms.selectedIndex > 1_000)
        #expect(model.rooms.lines.count < 5_001)
        _ = model.update(.end, live: observatory, now: .seconds(1))
        #expect(model.rooms.selectedIndex == 5_000)
        #expect(model.rooms.selected == .init(namespace: "default", room: "room-14999"))
        _ = model.update(.home, live: observatory, now: .seconds(1))
        model.refresh(from: observatory, now: .seconds(10))
        #expect(model.rooms.selectedIndex == 0)
    }
}
