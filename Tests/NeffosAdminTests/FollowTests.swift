import NeffosFeed
import NeffosObservatory
import TestSupport
import Testing

@Suite struct FollowTests {
    private func server(drops: Int, at time: Int64) -> Observatory {
        var player = TapePlayer(at: time)
        player.start()
        for index in 0..<10 { player.come("\(time)-\(index)") }
        for index in 0..<drops {
            player.drop("\(time)-\(index)")
            player.after(40_000)
        }
        return player.observatory
    }

    @Test func `the incidents of the run before stay behind those of the new one`() {
        let before = server(drops: 2, at: 1_000_000_000)
        #expect(before.incidents.map(\.number) == [2, 1])
        var after = server(drops: 1, at: 2_000_000_000)
        after.follow(before, isSameRun: false, until: FeedTime(milliseconds: 1_900_000_000))
        #expect(after.incidents.map(\.number) == [1, 2, 1])
        #expect(after.incidents.dropFirst().map(\.openedAt) == before.incidents.map(\.openedAt))
        // A run later they are still there.
        var third = server(drops: 1, at: 3_000_000_000)
        third.follow(after, isSameRun: false, until: FeedTime(milliseconds: 2_900_000_000))
        #expect(third.incidents.map(\.number) == [1, 1, 2, 1])
        #expect(third.incidents.map(\.runsBefore) == [0, 1, 2, 2])
        var again = server(drops: 1, at: 3_000_000_000)
        again.follow(third, isSameRun: true, until: FeedTime(milliseconds: 3_900_000_000))
        #expect(again.incidents == third.incidents)
    }

    @Test func `one that was open can be followed no more`() {
        var player = TapePlayer(at: 1_000_000_000)
        player.start()
        for index in 0..<10 { player.come("\(index)") }
        for index in 0..<5 { player.drop("\(index)") }
        #expect(player.observatory.incidents.first?.isOpen == true)
        var after = server(drops: 0, at: 2_000_000_000)
        #expect(player.observatory.incidents.first?.runsBefore == 0)
        let until = FeedTime(milliseconds: 1_000_060_000)
        after.follow(player.observatory, isSameRun: false, until: until)
        #expect(after.incidents.map(\.closedAt) == [until])
        #expect(after.incidents.first?.dropped == 5)
    }

    @Test func `a screen that shows the old picture sees that there is another`() {
        let before = server(drops: 2, at: 1_000_000_000)
        var after = server(drops: 0, at: 2_000_000_000)
        after.follow(before, isSameRun: false, until: FeedTime(milliseconds: 1_900_000_000))
        #expect(after.revision > before.revision)
    }

    @Test func `while the server is silent its rates fall, and nothing is made up about its clients`() {
        var player = TapePlayer(at: 1_000_000_000)
        player.start()
        for index in 0..<10 { player.come("\(index)") }
        for index in 0..<5 { player.drop("\(index)") }
        for _ in 0..<20 { player.probe() }
        player.play(.sample(.init(connections: 5, messagesInPerSecond: 400)))
        player.after(1_000)
        var model = player.observatory
        #expect(model.vitals.probeRate.perSecond1 == 20)
        #expect(model.openIncident?.dropped == 5)
        #expect(model.missingNow == 5)
        let before = model.revision
        model.pass(to: player.time + 120_000)
        #expect(model.revision > before)
        #expect(model.vitals.probeRate.perSecond10 == 0)
        #expect(model.vitals.closedRate.perSecond60 == 0)
        #expect(model.vitals.sample == nil)
        #expect(model.vitals.connections == 5)
        #expect(model.incidents.first?.isOpen == true)
        #expect(model.lints == player.observatory.lints)
    }
}
