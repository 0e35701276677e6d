import Foundation
import NeffosFeed
import NeffosObservatory
import Testing
import TestSupport

@Suite struct CauseTests {
    private func server(_ clients: Int) -> TapePlayer {
        var player = TapePlayer()
        player.start()
        for number in 0..<clients { player.come("c\(number)", key: "k\(number)", remote: "10.0.\(number / 200).\(number % 200):5000") }
        player.after(5_000)
        return player
    }

    private func incident(_ player: TapePlayer) throws -> Incident { try #require(player.observatory.incidents.first) }

    // MARK: Kicks

    @Test func `many that an operator closed are an incident in which nobody is missed`() throws {
        var player = server(100)
        for number in 0..<30 { player.close("c\(number)", code: 1008, by: .operator) }
        #expect(player.openings.map(\.cause) == ["kick"])
        #expect(try incident(player).kicked == 30)
        #expect(try incident(player).dropped == nil)
        #expect(try incident(player).missing == nil)
        player.after(2_000)
        for number in 0..<10 { player.come("n\(number)", key: "k\(number)", tries: 1) }
        #expect(try incident(player).upgraded == 10)
        #expect(player.observatory.vitals.returnedAfterKick == 10)
        #expect(player.observatory.connection("n3")?.isAfterKick == true)
        #expect(player.observatory.connection("c40")?.isAfterKick == false)
        #expect(player.observatory.alerts.contains { $0.title == "back after a kick" })
        player.after(31_000)
        #expect(player.closings.count == 1)
        #expect(player.closings.first?.missing == nil)
        #expect(try incident(player).upgraded == 10)
        #expect(player.observatory.summary.totals.returned == 10)
    }

    @Test func `a few that an operator closed are none, and who comes back is told from the lost`() throws {
        var player = server(20)
        for number in 0..<4 { player.close("c\(number)", code: 1008, by: .operator) }
        #expect(player.openings.isEmpty)
        for number in 10..<14 { player.drop("c\(number)") }
        #expect(player.openings.map(\.cause) == ["network"])
        player.come("n0", key: "k0", previous: "c0", tries: 1)
        #expect(try incident(player).upgraded == 0)
        #expect(try incident(player).missing == 4)
        #expect(player.observatory.connection("n0")?.isAfterKick == true)
        // Once: the next time it is a return like any other.
        player.close("n0")
        player.come("m0", key: "k0", previous: "n0", tries: 1)
        #expect(player.observatory.connection("m0")?.isAfterKick == false)
    }

    @Test func `what is lost while kicked ones come back is an incident of its own`() throws {
        var player = server(100)
        for number in 0..<20 { player.close("c\(number)", code: 1008, by: .operator) }
        player.after(1_500)
        for number in 50..<80 { player.drop("c\(number)") }
        #expect(player.openings.map(\.cause) == ["kick", "network"])
        #expect(player.closings.map(\.cause) == ["kick"])
        #expect(try incident(player).dropped == 30)
        for number in 50..<80 { player.come("n\(number)", key: "k\(number)", tries: 1) }
        player.after(2_000)
        #expect(player.closings.last?.missing == 0)
    }

    // MARK: Listener away

    @Test func `drops while newcomers are kept out are told as the listener being away`() throws {
        var player = server(10)
        player.play(.operatorAction(.init(action: "pause admission", by: "console", target: "server", count: 0, result: "done")))
        for number in 0..<5 { player.drop("c\(number)") }
        #expect(try incident(player).cause == .listenerAway)
        player.play(.operatorAction(.init(action: "resume admission", by: "console", target: "server", count: 0, result: "done")))
        for number in 0..<5 { player.come("n\(number)", key: "k\(number)", tries: 3) }
        player.after(5_000)
        for number in 5..<10 { player.drop("c\(number)") }
        #expect(try incident(player).cause == .network)
    }

    @Test func `a pause or an end of it that was refused changes nothing`() throws {
        func refused(_ action: String) -> FeedEvent.Kind {
            let reason = "the server is read-only; start it without that to change anything"
            return .operatorAction(.init(action: action, by: "console", target: "server", count: 0, result: reason))
        }
        var player = server(20)
        player.play(refused("pause admission"))
        for number in 0..<10 { player.drop("c\(number)") }
        #expect(try incident(player).cause == .network)
        player.after(2_000)
        player.play(refused("resume admission"))
        player.skip(500)
        for number in 0..<10 { player.come("n\(number)", key: "k\(number)", tries: 3) }
        player.after(2_000)
        #expect(player.closings.map(\.p50) == [2_500])
        // What is paused is no less so.
        player.play(.operatorAction(.init(action: "pause admission", by: "console", target: "server", count: 0, result: "done")))
        player.play(refused("resume admission"))
        player.after(5_000)
        for number in 10..<20 { player.drop("c\(number)") }
        #expect(try incident(player).cause == .listenerAway)
    }

    @Test func `one who says again that newcomers are kept out, or taken in, changes nothing`() throws {
        func said(_ action: String, _ result: String) -> FeedEvent.Kind {
            .operatorAction(.init(action: action, by: "console", target: "server", count: 0, result: result))
        }
        var player = server(20)
        // The first was not seen.
        player.play(said("pause admission", "it was paused already"))
        for number in 0..<10 { player.drop("c\(number)") }
        #expect(try incident(player).cause == .listenerAway)
        player.play(said("resume admission", "it was not paused"))
        for number in 0..<10 { player.come("n\(number)", key: "k\(number)", tries: 3) }
        player.after(5_000)
        for number in 10..<20 { player.drop("c\(number)") }
        #expect(try incident(player).cause == .network)
    }

    // MARK: The clock

    @Test func `what came before the clock was set back is the cause of nothing`() throws {
        for isDrill in [true, false] {
            var player = server(40)
            if isDrill {
                player.play(drill(1))
                player.close("c0", code: 1006, by: .operator)
            } else {
                for number in 0..<4 { player.close("c\(number)", code: 1008, by: .operator) }
            }
            player.skip(-3_600_000)
            player.probe()
            player.after(60_000)
            if !isDrill {
                player.close("c4", code: 1008, by: .operator)
                #expect(player.openings.isEmpty)
            }
            for number in 10..<40 { player.drop("c\(number)") }
            #expect(player.openings.map(\.cause) == ["network"])
        }
    }

    @Test func `newcomers that are kept out still are where the clock is set back`() throws {
        var player = server(20)
        player.play(.operatorAction(.init(action: "pause admission", by: "console", target: "server", count: 0, result: "done")))
        player.after(1_000)
        player.skip(-3_600_000)
        player.probe()
        player.after(60_000)
        for number in 0..<10 { player.drop("c\(number)") }
        #expect(try incident(player).cause == .listenerAway)
        player.after(2_000)
        player.play(.operatorAction(.init(action: "resume admission", by: "console", target: "server", count: 0, result: "done")))
        player.skip(500)
        for number in 0..<10 { player.come("n\(number)", key: "k\(number)", tries: 3) }
        player.after(2_000)
        #expect(player.closings.map(\.p50) == [500])
    }

    // MARK: Drills

    private func drill(_ count: Int, _ result: String = "started, away 3 s") -> FeedEvent.Kind {
        .operatorAction(.init(action: "drill", by: "console", target: "50 %", count: count, result: result))
    }

    @Test func `a drill that was refused is the cause of nothing`() throws {
        var player = server(10)
        player.play(drill(0, "a drill is under way; wait for its end"))
        player.after(1_000)
        for number in 0..<5 { player.drop("c\(number)") }
        player.play(drill(0, "a drill is under way; wait for its end"))
        #expect(try incident(player).cause == .network)
    }

    @Test func `a drill while an incident is open is an incident of its own, with its own counts`() throws {
        var player = server(20)
        for number in 0..<10 { player.drop("c\(number)") }
        for number in 0..<7 { player.come("n\(number)", key: "k\(number)", tries: 1) }
        player.after(5_000)
        player.play(drill(6))
        #expect(player.closings.map(\.cause) == ["network"])
        #expect(player.closings.first?.missing == 3)
        for number in 10..<16 { player.close("c\(number)", code: 1006, by: .operator) }
        #expect(player.openings.map(\.cause) == ["network", "drill"])
        #expect(try incident(player).dropped == 6)
        for number in 10..<16 { player.come("n\(number)", key: "k\(number)", tries: 2) }
        player.after(2_000)
        #expect(player.closings.map(\.cause) == ["network", "drill"])
        #expect(player.closings.last?.missing == 0)
        // So is the next one, though a client of the one before has not come back.
        player.play(drill(8))
        for number in 0..<7 { player.close("n\(number)", code: 1006, by: .operator) }
        player.after(3_000)
        player.play(drill(8))
        for number in 16..<20 { player.close("c\(number)", code: 1006, by: .operator) }
        #expect(player.openings.map(\.cause) == ["network", "drill", "drill", "drill"])
        #expect(player.openings.map(\.incident) == [1, 2, 3, 4])
    }

    @Test func `a drill just after more were lost than it drops leaves their incident its name`() throws {
        var player = server(100)
        for number in 0..<50 { player.drop("c\(number)") }
        player.after(1_000)
        player.play(drill(20))
        for number in 50..<70 { player.close("c\(number)", code: 1006, by: .operator) }
        #expect(player.observatory.incidents.map(\.cause) == [.drill, .network])
        #expect(player.observatory.incidents.map(\.dropped) == [20, 50])
    }

    @Test func `a drill of too few to be an incident leaves the one that is open, and names no later one`() throws {
        var player = server(100)
        for number in 0..<30 { player.drop("c\(number)") }
        player.after(3_000)
        player.play(drill(1))
        player.close("c40", code: 1006, by: .operator)
        #expect(player.observatory.incidents.map(\.cause) == [.network])
        for number in 0..<30 { player.come("n\(number)", key: "k\(number)", tries: 1) }
        player.come("n40", key: "k40", tries: 1)
        player.after(2_000)
        #expect(player.closings.count == 1)
        for number in 50..<80 { player.drop("c\(number)") }
        #expect(try incident(player).cause == .network)
    }

    private let listenerBack = FeedEvent.Kind.operatorAction(
        .init(action: "listener back", by: "console", target: "50 %", count: 3, result: "away 2 s"))

    @Test func `after a drill a restore counts from when the listener was back, and how long that took is the time away`() throws {
        var player = server(10)
        player.play(drill(4, "started, away 2 s"))
        for number in 0..<4 { player.close("c\(number)", code: 1006, by: .operator) }
        player.after(2_000)
        #expect(try incident(player).away == nil)
        player.play(listenerBack)
        for number in 0..<3 {
            player.skip(100)
            player.come("n\(number)", key: "k\(number)", previous: "c\(number)", tries: 2)
        }
        // One that is lost later counts from its own loss, and what the clients tell of their tries is of the whole outage.
        player.after(500)
        player.drop("n0")
        player.skip(400)
        player.come("m0", key: "k0", previous: "n0", tries: 1)
        player.come("n3", key: "k3", previous: "c3", tries: 2)
        player.after(2_000)
        let closed = try #require(player.closings.first)
        #expect(closed.cause == "drill")
        #expect(closed.p50 == 300)
        #expect(closed.p99 == 1_200)
        #expect(try incident(player).away == 2_000)
        #expect(try incident(player).slowest.map(\.restored) == [1_200, 400, 300, 200])
        #expect(try (1_000...1_200).contains(#require(incident(player).clientInterval)))
    }

    @Test func `a drill was away from its own beginning on, though one was lost just before`() throws {
        var player = server(30)
        player.drop("c9")
        player.skip(700)
        player.play(drill(3, "started, away 2 s"))
        player.skip(1)
        for number in 0..<3 { player.close("c\(number)", code: 1006, by: .operator) }
        #expect(player.openings.map(\.cause) == ["drill"])
        player.after(1_999)
        player.play(listenerBack)
        #expect(try incident(player).away == 2_000)
        #expect(try incident(player).dropped == 4)
    }

    @Test func `who follows from the middle of a drill measures it as who was there from the start`() throws {
        var player = server(10)
        player.play(drill(3, "started, away 2 s"))
        for number in 0..<3 { player.close("c\(number)", code: 1006, by: .operator) }
        player.after(1_000)
        func passOn() throws {
            player.observatory = try JSONDecoder().decode(Observatory.self, from: try JSONEncoder().encode(player.observatory))
        }
        try passOn()
        player.after(1_000)
        player.play(listenerBack)
        try passOn()
        player.skip(100)
        for number in 0..<3 { player.come("n\(number)", key: "k\(number)", previous: "c\(number)", tries: 2) }
        player.after(2_000)
        #expect(player.closings.first?.p95 == 100)
        #expect(try incident(player).away == 2_000)
    }

    @Test func `a drill whose listener's return is not told counts from the drop, and another's return changes nothing`() throws {
        var player = server(100)
        for number in 0..<30 { player.drop("c\(number)") }
        player.after(2_000)
        player.play(listenerBack)
        player.skip(100)
        for number in 0..<30 { player.come("n\(number)", key: "k\(number)", tries: 1) }
        player.after(2_000)
        #expect(player.closings.first?.p50 == 2_100)
        #expect(try incident(player).away == nil)
        player.play(drill(30))
        for number in 0..<30 { player.close("n\(number)", code: 1006, by: .operator) }
        player.after(1_000)
        for number in 0..<30 { player.come("m\(number)", key: "k\(number)", tries: 1) }
        player.after(2_000)
        #expect(player.closings.last?.p50 == 1_000)
        #expect(try incident(player).away == nil)
    }

    @Test func `a small drill in the incident of a large one leaves the large one's time away`() throws {
        var player = server(100)
        player.play(drill(50, "started, away 2 s"))
        for number in 0..<50 { player.close("c\(number)", code: 1006, by: .operator) }
        player.after(2_000)
        player.play(listenerBack)
        for number in 0..<49 { player.come("n\(number)", key: "k\(number)", tries: 1) }
        player.after(3_000)
        player.play(drill(1))
        player.close("n0", code: 1006, by: .operator)
        player.after(1_000)
        player.play(listenerBack)
        player.skip(100)
        player.come("m0", key: "k0", tries: 1)
        player.come("n49", key: "k49", tries: 1)
        player.after(2_000)
        #expect(player.closings.count == 1)
        #expect(try incident(player).away == 2_000)
        #expect(try incident(player).slowest.first?.restored == 4_100)
    }

    // MARK: The missing

    @Test func `of the missing it is told who was refused, who knocked and of whom nothing was heard`() throws {
        var player = server(10)
        for number in 0..<10 { player.drop("c\(number)") }
        player.after(2_000)
        for number in 0..<4 { player.probe("10.0.0.\(number):6000", agent: "other") }
        player.reject("10.0.0.1:6001", status: 403, reason: "origin")
        player.come("n0", key: "k0", tries: 1)
        player.after(2_000)
        var expected = Incident.Whereabouts()
        expected.refused = 1
        expected.knocked = 2
        expected.silent = 6
        #expect(try incident(player).whereabouts == expected)
        let missing = try incident(player).missingClients
        #expect(missing.first { $0.key == "k1" }?.refusal == "origin")
        #expect(missing.first { $0.key == "k2" }?.knocks == 1)
        #expect(missing.first { $0.key == "k9" }?.knocks == 0)
        player.after(60_000)
        #expect(try !incident(player).isOpen)
        #expect(try incident(player).whereabouts == expected)
    }

    @Test func `where a proxy answers the probes nothing is heard of anybody`() throws {
        var player = server(50)
        player.start()
        player.after(31_000)
        #expect(try incident(player).cause == .restart)
        #expect(try incident(player).whereabouts?.silent == 50)
        #expect(try incident(player).probes == 0)
    }

    @Test func `who was lost can be looked at until it is back`() throws {
        var player = server(5)
        player.drop("c0")
        player.drop("c1")
        let row = try #require(player.observatory.lostConnection("c0"))
        #expect(row.state == .lost)
        #expect(row.key == "k0")
        #expect(row.namespaces == [.init(name: "default", rooms: ["lobby"])])
        player.come("n0", key: "k0", previous: "c0", tries: 1)
        #expect(player.observatory.lostConnection("c0") == nil)
        #expect(player.observatory.lostConnection("c4") == nil)
    }

    @Test func `the slowest to be whole again are told, the last first`() throws {
        var player = server(50)
        for number in 0..<50 { player.drop("c\(number)") }
        for number in 0..<50 {
            player.skip(100)
            player.come("n\(number)", key: "k\(number)", tries: 2)
        }
        player.after(2_000)
        let slowest = try incident(player).slowest
        #expect(slowest.count == 20)
        #expect(
            slowest.first == Incident.Returned(key: "k49", id: "c49", connection: "n49", tries: 2, restored: 5_000))
        #expect(slowest.last?.key == "k30")
    }

    // MARK: Lineage

    @Test func `the ids that a client had before are told, the newest first`() throws {
        var player = server(3)
        for life in 0..<40 {
            player.after(1_000)
            player.drop(life == 0 ? "c0" : "n\(life)")
            player.after(1_000)
            player.come("n\(life + 1)", key: "k0", previous: life == 0 ? "c0" : "n\(life)", tries: 1)
        }
        let past = player.observatory.lineage(of: "n40")
        #expect(past.count == 32)
        #expect(past.first?.id == "n39")
        #expect(past.first?.isCertain == true)
        #expect(past.first.flatMap { first in first.lostAt.map { first.returnedAt - $0 } } == 1_000)
        #expect(past.last?.id == "n8")
        #expect(player.observatory.lineage(of: "c1").isEmpty)
        #expect(player.observatory.lineage(of: "nobody").isEmpty)
    }

    @Test func `who tells no id has the last one of its key, which is not certain`() throws {
        var player = server(2)
        player.drop("c0")
        player.come("n", key: "k0", tries: 1)
        #expect(player.observatory.lineage(of: "n").map(\.id) == ["c0"])
        #expect(player.observatory.lineage(of: "n").first?.isCertain == false)
        // Of two who share a key each has its own past, where they tell.
        for id in ["a1", "b1"] { player.come(id, key: "shared") }
        for id in ["a1", "b1"] { player.drop(id) }
        player.come("b2", key: "shared", previous: "b1", tries: 1)
        player.come("a2", key: "shared", previous: "a1", tries: 1)
        player.drop("b2")
        player.come("b3", key: "shared", previous: "b2", tries: 1)
        #expect(player.observatory.lineage(of: "b3").map(\.id) == ["b2", "b1"])
        #expect(player.observatory.lineage(of: "a2").map(\.id) == ["a1"])
    }

    // MARK: Probe sources

    @Test func `many addresses of one network are one row, with those that were let go`() throws {
        var player = TapePlayer()
        player.start()
        for number in 0..<3 { player.probe("10.0.9.\(number):1") }
        for number in 0..<300 {
            player.skip(1)
            player.probe("10.0.\(4 + number / 200).\(number % 200):1")
            if number % 2 == 0 { player.come("c\(number)", tries: 1, remote: "10.0.\(4 + number / 200).\(number % 200):2") }
        }
        player.probe("[2001:db8:1:2:3::4]:9")
        let rows = player.observatory.probeNetworks
        let row = try #require(rows.first { $0.address == "10.0.4.0/24" })
        #expect(row.probes == 200)
        #expect(row.addresses == 200)
        #expect(row.upgrades == 100)
        #expect(row.outcome == .knocking)
        #expect(rows.first { $0.address == "10.0.5.0/24" }?.probes == 100)
        #expect(rows.reduce(0) { $0 + $1.probes } == player.observatory.vitals.probes)
        #expect(rows.contains { $0.address == "2001:db8:1:2:3::4" })
    }
}
