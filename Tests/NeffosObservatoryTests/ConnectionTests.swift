import NeffosFeed
import NeffosObservatory
import Testing
import TestSupport

@Suite struct ConnectionTests {
    @Test func `a row tells what the feed told of a connection`() throws {
        var player = TapePlayer()
        player.start()
        let opened = player.time
        player.open("a", key: "alice", previous: "before", tries: 3, remote: "[::1]:9", agent: "node")
        #expect(player.observatory.connection("a")?.state == .opened)
        player.acknowledge("a", after: 12)
        player.join("a", "chat", "two")
        player.join("a", "chat", "one")
        player.join("a", "chat", "one")
        player.enter("a", "default")
        player.play(.protocolViolation(.init(connection: "a", kind: "frame", detail: "bad")))
        let row = try #require(player.observatory.connection("a"))
        var expected = ConnectionRow(
            id: "a", key: "alice", previous: "before", remote: "[::1]:9", userAgent: "node", openedAt: opened, acknowledgedAfter: 12,
            tries: 3,
            returns: 1, namespaces: [.init(name: "chat", rooms: ["one", "two"]), .init(name: "default")], state: .violating,
            violations: 1)
        #expect(row == expected)
        #expect(row.roomCount == 2)
        player.part("a", "chat", "one")
        player.part("a", "chat", "one")
        player.part("a", "chat", "two")
        expected = row
        expected.namespaces = [.init(name: "chat"), .init(name: "default")]
        #expect(player.observatory.connection("a")?.namespaces == expected.namespaces)
        #expect(player.observatory.vitals.rooms == 0)
        #expect(player.observatory.vitals.namespaces == 2)
        player.close("a")
        #expect(player.observatory.connection("a") == nil)
        #expect(player.observatory.vitals.namespaces == 0)
    }

    @Test func `returns count over the lives of a key, and of a chain of ids where there is none`() {
        var player = TapePlayer()
        player.start()
        for life in 0..<4 {
            player.open("k\(life)", key: "alice", tries: life)
            player.close("k\(life)")
            player.open("i\(life)", previous: life == 0 ? nil : "i\(life - 1)", tries: life)
            player.close("i\(life)")
        }
        player.open("k", key: "alice")
        player.open("i", previous: "i3", tries: 9)
        #expect(player.observatory.connection("k")?.returns == 3)
        #expect(player.observatory.connection("i")?.returns == 4)
        #expect(player.observatory.vitals.returned == 7)
        #expect(player.observatory.vitals.maxTries == 9)
    }

    @Test func `the first rows are those of the whole order`() {
        var player = TapePlayer()
        player.start()
        var random = Seeded(7)
        for number in 0..<300 {
            player.skip(Int.random(in: 0...3, using: &random))
            player.open(
                "c\(number)", key: "k\(Int.random(in: 0..<40, using: &random))", tries: Int.random(in: 0...5, using: &random),
                remote: "10.0.0.\(Int.random(in: 0..<9, using: &random)):1")
            if Bool.random(using: &random) { player.acknowledge("c\(number)") }
            for room in 0..<Int.random(in: 0...4, using: &random) { player.join("c\(number)", "n\(room % 2)", "r\(room)") }
        }
        for column in ConnectionColumn.allCases {
            for descending in [false, true] {
                let all = player.observatory.connections(sortedBy: column, descending: descending)
                #expect(all.count == 300)
                for limit in [0, 1, 7, 299, 300, 1000] {
                    let some = player.observatory.connections(sortedBy: column, descending: descending, limit: limit)
                    #expect(some == Array(all.prefix(limit)))
                }
            }
        }
        let byTries = player.observatory.connections(sortedBy: .tries, descending: true).map(\.tries)
        #expect(byTries == byTries.sorted(by: >))
        let byAge = player.observatory.connections(sortedBy: .age, descending: true).map(\.openedAt)
        #expect(byAge == byAge.sorted())
    }

    @Test(arguments: [("ALI", ["a"]), ("10.1", ["b"]), ("lob", ["b"]), ("cha", ["a"]), ("none", []), ("", ["a", "b"])])
    func `rows are found by a part of what they show`(part: String, ids: [String]) throws {
        var player = TapePlayer()
        player.start()
        player.open("a", key: "alice")
        player.enter("a", "chat")
        player.open("b", key: "bob", remote: "10.1.0.1:1")
        player.join("b", "default", "lobby")
        let query = try Query(parsing: part)
        #expect(player.observatory.connections(sortedBy: .id, descending: false, matching: query).map(\.id) == ids)
    }

    @Test func `rooms of one name in two namespaces are two, and the busiest come first`() {
        var player = TapePlayer()
        player.start()
        for number in 0..<9 {
            player.open("c\(number)")
            player.join("c\(number)", number < 6 ? "one" : "two", "lobby")
            if number < 2 { player.join("c\(number)", "one", "side") }
        }
        player.part("c0", "one", "lobby")
        // So that nothing happened lately.
        player.after(20_000)
        #expect(
            player.observatory.namespaces == [.init(name: "one", members: 6, rooms: 2), .init(name: "two", members: 3, rooms: 1)])
        #expect(
            player.observatory.busiestRooms(limit: 2) == [
                .init(namespace: "one", room: "lobby", members: 5, joins: 6, leaves: 1),
                .init(namespace: "two", room: "lobby", members: 3, joins: 3, leaves: 0),
            ])
    }

    @Test func `long names are cut with a mark and stay different`() throws {
        var player = TapePlayer()
        player.start()
        let long = String(repeating: "é", count: 5_000)
        player.open("a", key: long)
        player.join("a", long + "1", long + "x")
        player.join("a", long + "1", long + "y")
        player.enter("a", long + "2")
        let row = try #require(player.observatory.connection("a"))
        #expect(row.namespaces.count == 2)
        #expect(row.roomCount == 2)
        for namespace in row.namespaces { #expect(namespace.name.utf8.count < 550 && namespace.name.contains("…")) }
        #expect(row.key.map { $0.utf8.count < 300 } == true)
        player.part("a", long + "1", long + "x")
        #expect(player.observatory.vitals.rooms == 1)
    }

    @Test func `after a gap the snapshot makes the picture right without an incident`() {
        var player = TapePlayer()
        player.start()
        for name in ["gone", "stays", "moves"] { player.come(name, key: name) }
        player.after(1_000)
        player.play(.feedGap(.init(missed: 17, kinds: ["connection.closed": 17])))
        player.play(
            .snapshot(
                .init(connections: [
                    .init(connection: "stays", key: "stays", remote: "10.0.0.1:5000", tries: 0, namespaces: ["default": ["lobby"]]),
                    .init(connection: "moves", key: "moves", remote: "10.0.0.1:5000", tries: 0, namespaces: ["chat": ["x"]]),
                    .init(connection: "new", key: nil, remote: "r", tries: 2, namespaces: ["default": ["lobby"]]),
                ])))
        let model = player.observatory
        #expect(model.connections(sortedBy: .id, descending: false).map(\.id) == ["moves", "new", "stays"])
        #expect(model.connection("moves")?.namespaces == [.init(name: "chat", rooms: ["x"])])
        #expect(model.busiestRooms(limit: 9).map(\.members) == [2, 1])
        #expect(model.vitals.missed == 17)
        #expect(model.summary.feed.missed == 17)
        #expect(model.incidents.isEmpty)
        #expect(model.alerts.first?.kind == .gap)
    }

    @Test func `who came back during a gap counts in the open incident`() {
        var player = TapePlayer()
        player.start()
        player.come("a", key: "a")
        player.after(1_000)
        player.drop("a")
        player.play(
            .snapshot(
                .init(connections: [
                    .init(connection: "b", key: "a", remote: "10.0.0.1:5000", tries: 1, namespaces: ["default": ["lobby"]])
                ])))
        #expect(player.observatory.incidents.first?.roomsBack == 1)
    }

    @Test func `whom a snapshot tells of is here with all that it tells`() throws {
        var player = TapePlayer()
        player.start()
        player.come("known", key: "k")
        let opened = player.time + -60_000
        player.play(
            .snapshot(
                .init(connections: [
                    .init(
                        connection: "a", key: "alice", remote: "10.0.0.1:5", userAgent: "node", tries: 2, opened: opened, tls: true,
                        previous: "before", namespaces: [:]),
                    .init(connection: "b", key: nil, remote: "10.0.0.1:6", tries: 0, acknowledged: false, namespaces: [:]),
                    .init(connection: "known", key: "k", remote: "10.0.0.1:5000", tries: 0, namespaces: ["default": ["lobby"]]),
                ])))
        let row = try #require(player.observatory.connection("a"))
        #expect(row.userAgent == "node")
        #expect(row.openedAt == opened)
        #expect(row.previous == "before")
        #expect(row.tls)
        #expect(row.state == .active)
        #expect(player.observatory.connection("b")?.state == .unacknowledged)
        #expect(player.observatory.connection("b")?.openedAt == player.time)
        #expect(player.observatory.connection("known")?.acknowledgedAfter == 1)
    }

    @Test func `the roster tells who is here`() {
        var player = TapePlayer()
        player.start()
        player.come("a", key: "alice")
        #expect(
            player.observatory.roster
                == Roster(
                    savedAt: player.time,
                    entries: [.init(connection: "a", key: "alice", remote: "10.0.0.1:5000", namespaces: ["default": ["lobby"]])]))
    }
}
