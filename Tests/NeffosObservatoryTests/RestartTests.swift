import NeffosFeed
import NeffosObservatory
import Testing
import TestSupport

@Suite struct RestartTests {
    private func roster(_ count: Int, age: Int = 3_000) -> Roster {
        Roster(
            savedAt: FeedTime(milliseconds: 1_000_000_000 - Int64(age)),
            entries: (0..<count).map {
                .init(connection: "old-\($0)", key: "client-\($0)", remote: "10.0.0.\($0 % 250):1", namespaces: ["default": ["lobby"]])
            })
    }

    @Test func `one client that was lost by a kill comes back wholly`() throws {
        var player = TapePlayer(roster: roster(1))
        player.start()
        #expect(player.openings.first?.cause == "restart")
        #expect(player.openings.first?.dropped == 1)
        #expect(player.openings.first?.missing == 1)
        player.after(100)
        player.probe()
        player.open("new", key: "client-0", tries: 4)
        player.acknowledge("new")
        player.after(20)
        player.enter("new", "default")
        #expect(player.observatory.incidents.first?.namespacesBack == 1)
        #expect(player.observatory.incidents.first?.roomsBack == 0)
        player.after(30)
        player.join("new", "default", "lobby")
        player.after(2_000)
        let closed = try #require(player.closings.first)
        #expect(closed.dropped == 1)
        #expect(closed.probes == 1)
        #expect(closed.probed == 1)
        #expect(closed.upgraded == 1)
        #expect(closed.namespacesBack == 1)
        #expect(closed.roomsBack == 1)
        #expect(closed.missing == 0)
        #expect(closed.p50 == 150)
        #expect(closed.p99 == 150)
        #expect(closed.missingKeys == [])
        let incident = try #require(player.observatory.incidents.first)
        #expect(incident.away == 3_000)
        #expect(incident.tries == [4: 1])
        #expect(!incident.isOpen)
        #expect(incident.peaks.closes == 1)
        #expect(incident.peaks.upgrades == 1)
    }

    @Test func `of two hundred clients five never come back and are named`() throws {
        var player = TapePlayer(roster: roster(200))
        player.start()
        for number in 5..<200 {
            player.after(10)
            player.probe()
            player.come("new-\(number)", key: "client-\(number)", previous: number % 2 == 0 ? "old-\(number)" : nil, tries: 1)
        }
        player.after(29_000)
        #expect(player.closings.isEmpty)
        player.after(2_000)
        let closed = try #require(player.closings.first)
        #expect(closed.dropped == 200)
        #expect(closed.upgraded == 195)
        #expect(closed.roomsBack == 195)
        #expect(closed.missing == 5)
        #expect(closed.missingKeys?.compactMap(\.key) == (0..<5).map { "client-\($0)" })
        #expect(closed.missingKeys?.flatMap(\.connections).sorted() == (0..<5).map { "old-\($0)" })
        #expect(closed.missingKeys?.allSatisfy { $0.count == 1 } == true)
        // Nearest rank of 10, 20 … 1950 ms.
        #expect(closed.p50 == 980)
        #expect(closed.p95 == 1_860)
        #expect(closed.p99 == 1_940)
        let missing = try #require(player.observatory.incidents.first?.missingClients)
        #expect(missing.first?.namespaces == [NamespaceMembership(name: "default", rooms: ["lobby"])])
    }

    @Test func `who is missing stands by name, and who has none at the end`() throws {
        let keys: [String?] = ["carol", nil, "alice", "bob"]
        let entries = keys.enumerated().map { Roster.Entry(connection: "c\($0)", key: $1, remote: "10.0.0.1:1") }
        var player = TapePlayer(roster: Roster(savedAt: FeedTime(milliseconds: 1_000_000_000), entries: entries))
        player.start()
        #expect(player.observatory.incidents.first?.missingClients.map(\.key) == ["alice", "bob", "carol", nil])
    }

    @Test(arguments: [(600_000, 1), (600_001, 0)])
    func `a roster counts for ten minutes`(age: Int, incidents: Int) {
        var player = TapePlayer(roster: roster(3, age: age))
        player.start()
        #expect(player.openings.count == incidents)
    }

    @Test func `without a roster the first client with tries opens an incident of unknown size`() throws {
        var player = TapePlayer()
        player.start()
        player.after(500)
        player.probe()
        player.after(500)
        player.come("a", key: "a", tries: 3)
        let opened = try #require(player.openings.first)
        #expect(opened.cause == "restart")
        #expect(opened.dropped == nil)
        #expect(opened.missing == nil)
        #expect(opened.upgraded == 1)
        #expect(opened.probes == 1)
        player.come("b", tries: 2)
        player.come("fresh")
        player.after(31_000)
        let closed = try #require(player.closings.first)
        #expect(closed.dropped == nil)
        #expect(closed.missing == nil)
        #expect(closed.upgraded == 2)
        #expect(closed.namespacesBack == 2)
        #expect(closed.roomsBack == 2)
        #expect(closed.p50 == 1_000)
        #expect(player.openings.count == 1)
    }

    @Test func `fresh clients after a start without a roster are no incident`() {
        var player = TapePlayer()
        player.start()
        for number in 0..<10 { player.come("c\(number)") }
        player.after(61_000)
        player.come("late", tries: 2)
        #expect(player.openings.isEmpty)
    }

    @Test func `a tape with a kill in it knows whom the second start lost`() throws {
        var player = TapePlayer()
        player.start()
        for number in 0..<4 { player.come("c\(number)", key: "k\(number)") }
        player.after(5_000)
        player.skip(4_000)
        player.start()
        let opened = try #require(player.openings.first)
        #expect(opened.dropped == 4)
        #expect(player.observatory.connectionCount == 0)
        #expect(player.observatory.incidents.first?.away == 4_000)
        #expect(player.observatory.namespaces.isEmpty)
    }

    @Test func `a restart after a drain knows who was there when the drain began`() throws {
        var player = TapePlayer()
        player.start()
        player.come("a", key: "a")
        player.come("b", key: "b")
        player.drain()
        player.close("a", code: 1001, by: .server)
        #expect(player.observatory.roster.entries.count == 2)
        player.close("b", code: 1001, by: .server)
        player.stop()
        #expect(player.openings.isEmpty)
        player.after(3_000)
        player.start()
        #expect(player.openings.first?.dropped == 2)
        player.come("a2", key: "a", previous: "a", tries: 1)
        #expect(player.observatory.incidents.first?.roomsBack == 1)
    }
}
