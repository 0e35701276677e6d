import NeffosFeed
import NeffosObservatory
import Testing
import TestSupport

@Suite struct IncidentOpeningTests {
    private func server(_ clients: Int, _ configuration: ObservatoryConfiguration = .init()) -> TapePlayer {
        var player = TapePlayer(configuration: configuration)
        player.start()
        for number in 0..<clients { player.come("c\(number)", key: "k\(number)") }
        player.after(5_000)
        return player
    }

    @Test func `half of the clients lost by the network is one incident of all of them`() throws {
        var player = server(100)
        for number in 0..<50 {
            player.drop("c\(number)")
            player.skip(10)
        }
        #expect(player.openings.count == 1)
        let opened = try #require(player.openings.first)
        #expect(opened.cause == "network")
        #expect(opened.dropped == 10)
        for number in 0..<50 { player.come("n\(number)", key: "k\(number)", previous: "c\(number)", tries: 1) }
        player.after(2_000)
        let closed = try #require(player.closings.first)
        #expect(closed.dropped == 50)
        #expect(closed.roomsBack == 50)
        #expect(closed.missing == 0)
        // Each from its own drop, 10 ms apart, all back at 500 ms.
        #expect(closed.p50 == 250)
        #expect(closed.p99 == 500)
        #expect(player.observatory.incidents.first?.peaks.closes == 50)
        #expect(player.observatory.incidents.first?.openedAt == FeedTime(milliseconds: 1_000_005_000))
    }

    @Test func `the percentage is of those open before the second`() {
        var player = server(30)
        player.drop("c0")
        player.drop("c1")
        #expect(player.openings.isEmpty)
        player.drop("c2")
        #expect(player.openings.count == 1)
    }

    @Test func `so many closes within a second open one whatever the percentage`() {
        var player = server(1000)
        for number in 0..<19 { player.drop("c\(number)") }
        #expect(player.openings.isEmpty)
        player.drop("c19")
        #expect(player.openings.first?.dropped == 20)
    }

    @Test func `drops more than a second apart do not add up`() {
        var player = server(30)
        player.drop("c0")
        player.drop("c1")
        player.after(1_000)
        player.drop("c2")
        player.drop("c3")
        #expect(player.openings.isEmpty)
        player.skip(999)
        player.drop("c4")
        #expect(player.openings.first?.dropped == 3)
    }

    @Test func `fewer than least never open one`() {
        var player = server(4, ObservatoryConfiguration(least: 3))
        player.drop("c0")
        player.drop("c1")
        #expect(player.openings.isEmpty)
        player.drop("c2")
        #expect(player.openings.count == 1)
    }

    @Test(arguments: [
        (1000, FeedEvent.ClosedBy.client, false), (1001, .client, false), (1005, .client, false), (1008, .operator, false),
        (1000, .server, false), (1008, .server, false), (1002, .server, false),
        (1006, .network, true), (1001, .server, true), (1011, .server, true), (1012, .server, true), (1013, .server, true),
        (1006, .operator, true),
    ])
    func `only a loss is a drop`(code: Int, by: FeedEvent.ClosedBy, isDrop: Bool) {
        var player = server(2)
        player.close("c0", code: code, by: by)
        #expect(player.openings.isEmpty != isDrop)
    }

    @Test func `a drain opens nothing and closes what is open`() {
        var player = server(20)
        player.drop("c0")
        player.drop("c1")
        #expect(player.openings.count == 1)
        player.drain()
        #expect(player.closings.count == 1)
        #expect(player.closings.first?.missing == 2)
        for number in 2..<20 { player.drop("c\(number)") }
        player.stop()
        #expect(player.openings.count == 1)
    }

    @Test func `a drill is the cause of the drops after it`() {
        var player = server(4)
        player.play(.operatorAction(.init(action: "drill", by: "console", target: "50%", count: 2, result: "started")))
        player.after(500)
        player.close("c0", code: 1006, by: .operator)
        #expect(player.openings.first?.cause == "drill")
    }

    @Test func `a drill told just after its drops is their cause too`() {
        var player = server(4)
        player.drop("c0")
        player.play(.operatorAction(.init(action: "drill", by: "console", target: "50%", count: 2, result: "started")))
        #expect(player.observatory.incidents.first?.cause == .drill)
    }

    @Test func `closes by the server that stays are told from those of the network`() {
        var player = server(4)
        player.close("c0", code: 1012, by: .server)
        #expect(player.openings.first?.cause == "server")
    }

    @Test func `who came back before the incident opened counts`() throws {
        var player = server(30)
        player.drop("c0")
        player.skip(100)
        player.probe()
        player.come("n0", key: "k0", previous: "c0", tries: 1)
        player.skip(100)
        player.drop("c1")
        player.drop("c2")
        let opened = try #require(player.openings.first)
        #expect(opened.dropped == 3)
        #expect(opened.upgraded == 1)
        #expect(opened.roomsBack == 1)
        #expect(opened.missing == 2)
        #expect(opened.probes == 1)
        #expect(opened.p50 == 100)
    }

    @Test func `what comes in of incidents and lints is not counted again`() {
        var player = server(2)
        player.drop("c0")
        let before = player.observatory.revision
        for event in player.derived { #expect(player.observatory.apply(event).isEmpty) }
        #expect(player.observatory.revision == before)
        #expect(player.observatory.incidents.count == 1)
    }
}
