import NeffosFeed
import NeffosObservatory
import Testing
import TestSupport

@Suite struct HerdTests {
    /// A restart in which each client knocks at multiples of `interval` after its loss, with so much chance in each.
    private func restart(_ clients: Int, interval: Int, jitter: Double, away: Int, telling: Bool = true) -> TapePlayer {
        var random = Seeded(11)
        var player = TapePlayer(at: 1_000_000_000)
        player.start()
        for number in 0..<clients { player.come("c\(number)", key: "k\(number)") }
        player.after(1_000)
        player.skip(away)
        player.start()
        var arrivals: [(at: Int, client: Int, tries: Int)] = []
        for client in 0..<clients {
            var (time, tries) = (0.0, 0)
            while time < Double(away) {
                time += Double(interval) * (1 + jitter * Double.random(in: -1...1, using: &random))
                tries += 1
            }
            arrivals.append((Int(time) - away + Int.random(in: 0...30, using: &random), client, tries))
        }
        var now = 0
        for arrival in arrivals.sorted(by: { $0.at < $1.at }) {
            player.skip(max(0, arrival.at - now))
            now = max(now, arrival.at)
            player.probe("10.0.\(arrival.client / 250).\(arrival.client % 250):1")
            player.come(
                "n\(arrival.client)", key: "k\(arrival.client)", tries: telling ? arrival.tries : 1,
                remote: "10.0.\(arrival.client / 250).\(arrival.client % 250):2")
        }
        return player
    }

    private func shape(_ player: TapePlayer) throws -> Incident.Shape {
        try #require(player.observatory.incidents.first?.shape)
    }

    @Test func `clients without jitter are a herd, and the lint says so once`() throws {
        var player = restart(300, interval: 2_000, jitter: 0, away: 5_000)
        player.after(3_000)
        #expect(player.closings.first?.missing == 0)
        let shape = try shape(player)
        #expect(shape.kind == .herd)
        #expect(shape.share > 0.9)
        #expect(shape.interval.map { (1_900...2_100).contains($0) } == true)
        #expect(shape.burst > 200)
        let raised = player.derived.filter { if case .lintRaised(let lint) = $0.kind { lint.lint == "herd" } else { false } }
        #expect(raised.count == 1)
        let incident = try #require(player.observatory.incidents.first)
        // 6 s, as three tries of 2 s.
        #expect(incident.clientsSaw.map { (5_900...6_150).contains($0.lowerBound) && $0.upperBound <= 6_150 } == true)
        player.after(61_000)
        #expect(player.observatory.lints.isEmpty)
    }

    @Test(arguments: [0.2, 0.5])
    func `clients with jitter are none`(jitter: Double) throws {
        var player = restart(300, interval: 2_000, jitter: jitter, away: 5_000)
        player.after(4_000)
        #expect(try shape(player).kind == .spread)
        #expect(!player.observatory.summary.lints.contains { $0.lint == "herd" })
        #expect(player.observatory.incidents.first?.restoredPercent == 100)
    }

    @Test func `a herd that comes in two waves, one interval apart, is one`() throws {
        // Half of them knock just before the server is back, and come an interval later.
        var player = TapePlayer()
        player.start()
        for number in 0..<200 { player.come("c\(number)", key: "k\(number)") }
        player.after(1_000)
        for number in 0..<200 { player.drop("c\(number)") }
        for wave in 1...2 {
            player.skip(3_000)
            for number in (wave - 1) * 100..<wave * 100 { player.come("n\(number)", key: "k\(number)", tries: wave) }
        }
        player.after(2_000)
        #expect(try shape(player).kind == .herd)
        #expect(player.observatory.incidents.first?.clientsSaw.map { $0.lowerBound < 3_100 && $0.upperBound > 5_900 } == true)
    }

    @Test func `too few to be a herd have no shape`() throws {
        var player = restart(40, interval: 2_000, jitter: 0, away: 5_000)
        player.after(3_000)
        #expect(player.observatory.incidents.first?.shape == nil)
    }
}
