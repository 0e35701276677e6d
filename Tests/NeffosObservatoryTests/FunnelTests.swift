import NeffosFeed
import NeffosObservatory
import Testing
import TestSupport

@Suite struct FunnelTests {
    private func lost(_ clients: Int, key: (Int) -> String?) -> TapePlayer {
        var player = TapePlayer()
        player.start()
        for number in 0..<clients { player.come("c\(number)", key: key(number)) }
        player.after(5_000)
        for number in 0..<clients { player.drop("c\(number)") }
        return player
    }

    private func incident(_ player: TapePlayer) throws -> Incident { try #require(player.observatory.incidents.first) }

    @Test func `an upgrade of a client that was not lost does not count`() throws {
        var player = lost(2) { "k\($0)" }
        player.come("stranger", key: "someone", tries: 2)
        player.come("fresh", key: "else")
        #expect(try incident(player).upgraded == 0)
        #expect(try incident(player).missing == 2)
    }

    @Test func `who loads the page anew under its own name is back, and under its address and agent is not`() throws {
        var named = lost(2) { "k\($0)" }
        named.come("fresh", key: "k0")
        #expect(try incident(named).upgraded == 1)
        #expect(try incident(named).missing == 1)
        for (key, remote) in [("10.0.0.1 agent", "10.0.0.1:5000"), ("::1 agent", "[::1]:5000")] {
            var shared = lost(2) { _ in key }
            shared.come("fresh", key: key, remote: remote)
            #expect(try incident(shared).upgraded == 0)
            shared.come("back", key: key, tries: 1, remote: remote)
            #expect(try incident(shared).upgraded == 1)
        }
    }

    @Test func `a second page of who is still away is told from its return`() throws {
        var player = lost(2) { "k\($0)" }
        player.come("tab", key: "k0")
        #expect(try incident(player).missing == 1)
        player.come("back", key: "k0", previous: "c0", tries: 2)
        #expect(try incident(player).upgraded == 1)
        #expect(try incident(player).missing == 1)
    }

    @Test func `an incident closes when all are back but not within its first second`() throws {
        var player = lost(1) { "k\($0)" }
        player.after(500)
        player.come("n", previous: "c0", tries: 1)
        player.after(400)
        #expect(player.closings.isEmpty)
        player.after(100)
        #expect(player.closings.count == 1)
        player.come("n2", key: "k0", previous: "c0", tries: 1)
        player.after(60_000)
        #expect(player.closings.count == 1)
        #expect(player.openings.count == 1)
    }

    @Test func `a client without a namespace is back when it is acknowledged`() throws {
        var player = TapePlayer()
        player.start()
        player.open("a", key: "a")
        player.acknowledge("a")
        player.after(2_000)
        player.drop("a")
        player.after(100)
        player.open("b", previous: "a", tries: 1)
        #expect(try incident(player).upgraded == 1)
        #expect(try incident(player).namespacesBack == 0)
        player.after(50)
        player.acknowledge("b")
        #expect(try incident(player).namespacesBack == 1)
        #expect(try incident(player).roomsBack == 1)
        // Up to the upgrade.
        #expect(try incident(player).p50 == 100)
    }

    @Test func `all the namespaces and all the rooms are to be back`() throws {
        var player = TapePlayer()
        player.start()
        player.come("a", key: "a")
        player.enter("a", "chat")
        player.join("a", "chat", "one")
        player.join("a", "chat", "two")
        player.after(2_000)
        player.drop("a")
        player.come("b", key: "a", tries: 1)
        #expect(try incident(player).namespacesBack == 0)
        player.enter("b", "chat")
        #expect(try incident(player).namespacesBack == 1)
        player.join("b", "chat", "two")
        player.join("b", "chat", "other")
        #expect(try incident(player).roomsBack == 0)
        player.join("b", "chat", "one")
        #expect(try incident(player).roomsBack == 1)
    }

    @Test func `rooms that were left before the drop are not wanted back`() throws {
        var player = TapePlayer()
        player.start()
        player.come("a", key: "a")
        player.enter("a", "chat")
        player.join("a", "chat", "one")
        player.leave("a", "chat")
        player.after(100)
        player.drop("a")
        player.come("b", key: "a", tries: 1)
        #expect(try incident(player).roomsBack == 1)
    }

    @Test func `probes are counted whole but probed at most as many as were lost`() throws {
        var player = lost(2) { "k\($0)" }
        player.probe(admitted: false)
        #expect(try incident(player).probed == 0)
        for _ in 0..<5 { player.probe() }
        #expect(try incident(player).probes == 6)
        #expect(try incident(player).probed == 2)
    }

    @Test func `of clients that share a key any may have come back`() throws {
        var player = lost(5) { _ in "shared" }
        for number in 0..<3 { player.come("n\(number)", key: "shared", tries: 1) }
        player.after(32_000)
        let closed = try #require(player.closings.first)
        #expect(closed.upgraded == 3)
        #expect(closed.missing == 2)
        #expect(closed.missingKeys == [.init(key: "shared", count: 2, connections: ["c0", "c1", "c2", "c3", "c4"])])
    }

    @Test func `who tells its id is taken off those that may be meant`() throws {
        var player = lost(4) { _ in "shared" }
        player.come("n0", key: "shared", tries: 1)
        // Whichever that one was taken for, these two say who they are.
        player.come("n1", key: "shared", previous: "c3", tries: 1)
        player.come("n2", key: "shared", previous: "c2", tries: 1)
        player.after(32_000)
        let closed = try #require(player.closings.first)
        #expect(closed.upgraded == 3)
        #expect(closed.roomsBack == 3)
        #expect(closed.missingKeys == [.init(key: "shared", count: 1, connections: ["c0", "c1"])])
    }

    @Test func `of clients that share a key each is matched with where it was`() throws {
        var player = TapePlayer()
        player.start()
        for number in 0..<6 {
            player.open("c\(number)", key: "shared")
            player.acknowledge("c\(number)")
            player.enter("c\(number)", "default")
            player.join("c\(number)", "default", "desk-\(number)")
        }
        player.after(2_000)
        for number in 0..<6 { player.drop("c\(number)") }
        for number in 0..<5 {
            player.open("n\(number)", key: "shared", tries: 1)
            player.acknowledge("n\(number)")
        }
        for number in 0..<5 {
            player.enter("n\(number)", "default")
            player.join("n\(number)", "default", "desk-\(number)")
        }
        #expect(try incident(player).upgraded == 5)
        #expect(try incident(player).namespacesBack == 5)
        #expect(try incident(player).roomsBack == 5)
        #expect(try incident(player).missingClients.first?.namespaces == [.init(name: "default", rooms: ["desk-5"])])
    }

    @Test func `without a key and an id nobody can be known again`() throws {
        var player = lost(2) { _ in nil }
        player.come("n0", tries: 1)
        player.come("n1", previous: "c1", tries: 1)
        #expect(try incident(player).upgraded == 1)
        #expect(try incident(player).missingClients.map(\.ids) == [["c0"]])
    }

    @Test func `a client that drops again is missing again and is not lost twice`() throws {
        var player = lost(2) { "k\($0)" }
        player.after(100)
        player.come("n0", key: "k0", previous: "c0", tries: 1)
        #expect(try incident(player).roomsBack == 1)
        player.after(100)
        player.drop("n0")
        #expect(try incident(player).dropped == 2)
        #expect(try incident(player).upgraded == 0)
        #expect(try incident(player).roomsBack == 0)
        #expect(try incident(player).missing == 2)
        #expect(try incident(player).p50 == nil)
        #expect(try incident(player).tries == [:])
        player.after(70)
        player.come("m0", key: "k0", previous: "n0", tries: 2)
        #expect(try incident(player).roomsBack == 1)
        // From its second drop.
        #expect(try incident(player).p50 == 70)
        #expect(try incident(player).tries == [2: 1])
    }

    @Test func `a restore stays counted in the metrics though its client drops again`() throws {
        var player = lost(2) { "k\($0)" }
        player.after(100)
        player.come("n0", key: "k0", previous: "c0", tries: 1)
        #expect(player.observatory.restores.counts.reduce(0, +) == 0)
        player.after(100)
        player.drop("n0")
        #expect(player.observatory.restores.counts.reduce(0, +) == 1)
        #expect(player.observatory.restores.sum == 100)
        // One that did not get so far was not restored.
        player.open("m0", key: "k0", previous: "n0", tries: 1)
        player.drop("m0")
        player.after(300)
        player.come("l0", key: "k0", previous: "m0", tries: 2)
        player.after(60_000)
        #expect(player.closings.first?.upgraded == 1)
        #expect(player.observatory.restores.counts.reduce(0, +) == 2)
        #expect(player.observatory.restores.sum == 400)
    }

    @Test func `a drop in the middle of the return keeps what was to be restored`() throws {
        var player = lost(1) { "k\($0)" }
        player.open("n", key: "k0", tries: 1)
        player.acknowledge("n")
        player.enter("n", "default")
        player.drop("n")
        player.open("m", key: "k0", tries: 1)
        player.acknowledge("m")
        player.enter("m", "default")
        #expect(try incident(player).roomsBack == 0)
        player.join("m", "default", "lobby")
        #expect(try incident(player).roomsBack == 1)
    }

    @Test func `a client that came back and then left by itself is not missing`() throws {
        var player = lost(2) { "k\($0)" }
        player.open("n0", key: "k0", tries: 1)
        player.acknowledge("n0")
        player.close("n0", code: 1000, by: .client)
        #expect(try incident(player).upgraded == 1)
        #expect(try incident(player).missing == 1)
        player.come("n1", key: "k1", tries: 1)
        player.after(2_000)
        #expect(player.closings.first?.missing == 0)
        #expect(player.closings.first?.roomsBack == 1)
    }

    @Test func `more drops while it is open belong to it`() throws {
        var player = TapePlayer()
        player.start()
        for number in 0..<10 { player.come("c\(number)", key: "k\(number)") }
        player.after(2_000)
        player.drop("c0")
        player.after(5_000)
        player.drop("c1")
        #expect(player.openings.count == 1)
        #expect(try incident(player).dropped == 2)
    }

    @Test func `clients that drop and return one by one do not keep an incident open that waits for another`() throws {
        var player = TapePlayer()
        player.start()
        for number in 0..<20 { player.come("a\(number)", key: "k\(number)") }
        player.after(1_000)
        for number in 0..<10 { player.drop("a\(number)") }
        player.after(500)
        for number in 1..<10 { player.come("b\(number)", key: "k\(number)", tries: 1) }
        // The first never comes; of the others, lost before or not, one after the other drops and is back at once.
        var ids = (1..<10).map { ("b\($0)", "k\($0)") } + (10..<20).map { ("a\($0)", "k\($0)") }
        for round in 0..<20 {
            player.after(1_500)
            let (id, key) = ids.removeFirst()
            player.drop(id)
            player.after(500)
            player.come("c\(round)", key: key, tries: 1)
            ids.append(("c\(round)", key))
        }
        let closed = try #require(player.closings.first)
        #expect(closed.missing == 1)
        #expect(closed.missingKeys?.map(\.key) == ["k0"])
    }

    @Test func `updates come at most once a second and only when something changed`() throws {
        var player = lost(30) { "k\($0)" }
        for number in 0..<20 {
            player.skip(100)
            player.come("n\(number)", key: "k\(number)", tries: 1)
        }
        let updates = player.updates.count
        #expect(updates == 2)
        player.after(10_000)
        #expect(player.updates.count == updates + 1)
        #expect(player.updates.last?.roomsBack == 20)
        #expect(player.updates.last?.missingKeys == nil)
    }

    @Test func `a busy client that is back does not keep the incident open`() throws {
        var player = lost(2) { "k\($0)" }
        player.come("n0", key: "k0", tries: 1)
        for second in 0..<31 {
            player.after(1_000)
            player.join("n0", "default", "room-\(second)")
        }
        #expect(player.closings.first?.missing == 1)
    }

    @Test func `the missing stand in the order of their names, numbers by their value, and their ids too`() throws {
        var player = TapePlayer()
        player.start()
        for (id, key) in [("c1", "u10"), ("c2", nil), ("c10", "u9"), ("c9", "u9"), ("c4", "u2"), ("c3", "é"), ("c0", nil)] {
            player.come(id, key: key)
        }
        player.after(5_000)
        for id in ["c1", "c2", "c10", "c9", "c4", "c3", "c0"] { player.drop(id) }
        let wanted: [FeedEvent.MissingKey] = [
            .init(key: "u2", count: 1, connections: ["c4"]), .init(key: "u9", count: 2, connections: ["c9", "c10"]),
            .init(key: "u10", count: 1, connections: ["c1"]), .init(key: "é", count: 1, connections: ["c3"]),
            .init(key: nil, count: 1, connections: ["c0"]), .init(key: nil, count: 1, connections: ["c2"]),
        ]
        #expect(try incident(player).missingClients.map(\.ids) == wanted.map(\.connections))
        player.after(31_000)
        #expect(player.closings.first?.missingKeys == wanted)
        #expect(try incident(player).missingClients.map(\.key) == wanted.map(\.key))
    }

    @Test func `the missing are at most a thousand keys`() throws {
        let player = lost(1_200) { "k\($0)" }
        var ended = player
        ended.after(31_000)
        #expect(ended.closings.first?.missing == 1_200)
        #expect(ended.closings.first?.missingKeys?.count == 1_000)
    }
}
