import NeffosFeed
import NeffosObservatory
import Testing
import TestSupport

@Suite struct RoomTests {
    private func player() -> TapePlayer {
        var player = TapePlayer()
        player.start()
        for number in 0..<6 {
            player.open("c\(number)")
            player.join("c\(number)", "chat", "lobby")
            if number < 3 { player.join("c\(number)", "chat", "attic") }
            if number == 5 { player.join("c5", "admin", "lobby") }
        }
        return player
    }

    @Test func `joins and leaves a second are those of about the last ten`() throws {
        var player = player()
        let start = player.time.milliseconds % 10_000
        #expect(start == 0)
        func lobby() -> RoomRow? { player.observatory.rooms(in: "chat", sortedBy: .members, limit: 1).first }
        #expect(lobby()?.joinsPerSecond == 0.6)
        #expect(lobby()?.leavesPerSecond == 0)
        player.after(5_000)
        player.part("c0", "chat", "lobby")
        #expect(lobby()?.joinsPerSecond == 0.6)
        #expect(lobby()?.leavesPerSecond == 0.1)
        player.after(10_000)
        // Half of the ten seconds in which they joined is still within the last ten.
        #expect(lobby()?.joinsPerSecond == 0.3)
        #expect(lobby()?.leavesPerSecond == 0.05)
        player.after(5_000)
        #expect(lobby()?.joinsPerSecond == 0)
        #expect(lobby()?.joins == 6)
        #expect(lobby()?.leaves == 1)
        let chat = try #require(player.observatory.namespaces.first)
        #expect(chat.name == "chat")
        #expect(chat.joinsPerSecond == 0)
        player.close("c1")
        #expect(player.observatory.namespaces.first?.leavesPerSecond == 0.1)
    }

    @Test func `rooms can be had of one namespace, by members, name or rate, and as many as wanted`() {
        var player = player()
        func names(_ namespace: String?, _ column: RoomColumn, _ descending: Bool, _ limit: Int? = nil) -> [String] {
            player.observatory.rooms(in: namespace, sortedBy: column, descending: descending, limit: limit).map {
                "\($0.namespace)/\($0.room)"
            }
        }
        #expect(names(nil, .members, true) == ["chat/lobby", "chat/attic", "admin/lobby"])
        #expect(names(nil, .name, false) == ["chat/attic", "admin/lobby", "chat/lobby"])
        #expect(names("chat", .name, true) == ["chat/lobby", "chat/attic"])
        #expect(names("nobody", .name, true) == [])
        #expect(names(nil, .members, true, 1) == ["chat/lobby"])
        player.after(30_000)
        player.open("new")
        player.join("new", "admin", "lobby")
        #expect(names(nil, .rate, true, 1) == ["admin/lobby"])
        #expect(player.observatory.namespaces(sortedBy: .rate, limit: 1).map(\.name) == ["admin"])
        #expect(player.observatory.namespaces(sortedBy: .name, descending: false).map(\.name) == ["admin", "chat"])
    }

    @Test func `the members of a namespace and of a room are told by id`() {
        var player = player()
        #expect(player.observatory.members(of: "chat", limit: 4) == ["c0", "c1", "c2", "c3"])
        #expect(player.observatory.members(of: "chat", room: "attic", limit: 99) == ["c0", "c1", "c2"])
        #expect(player.observatory.members(of: "admin", room: "lobby", limit: 99) == ["c5"])
        #expect(player.observatory.members(of: "admin", room: "attic", limit: 99) == [])
        #expect(player.observatory.members(of: "none", limit: 99) == [])
        player.close("c1")
        #expect(player.observatory.members(of: "chat", room: "attic", limit: 99) == ["c0", "c2"])
    }

    @Test func `of many rooms the first few are those of the whole order`() {
        var player = TapePlayer()
        player.start()
        for number in 0..<2_000 {
            player.open("c\(number)")
            for room in 0..<5 { player.join("c\(number)", "n", "r\((number * 7 + room * 13) % 5_000)") }
        }
        for column in RoomColumn.allCases {
            for descending in [false, true] {
                let all = player.observatory.rooms(sortedBy: column, descending: descending, limit: nil)
                #expect(all.count == player.observatory.vitals.rooms)
                #expect(player.observatory.rooms(sortedBy: column, descending: descending, limit: 20) == Array(all.prefix(20)))
            }
        }
    }
}
