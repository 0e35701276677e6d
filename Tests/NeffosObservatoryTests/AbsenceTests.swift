import Foundation
import NeffosFeed
import NeffosObservatory
import TestSupport
import Testing

/// Times in which nobody can come though the server runs: a drill's listener is away, or admission is paused.
@Suite struct AbsenceTests {
    private static let settle = 5_000

    private func server(_ clients: Int = 20) -> TapePlayer {
        var player = TapePlayer(configuration: ObservatoryConfiguration(settle: Self.settle))
        player.start()
        for number in 0..<clients { player.come("c\(number)", key: "k\(number)") }
        player.after(5_000)
        return player
    }

    private func incident(_ player: TapePlayer) throws -> Incident { try #require(player.observatory.incidents.first) }

    private func action(_ name: String, count: Int = 0, away: Milliseconds? = nil) -> FeedEvent.Kind {
        .operatorAction(.init(action: name, by: "console", target: "50 %", count: count, result: "done", away: away))
    }

    /// Drops the first so many.
    private func drill(_ count: Int, away: Milliseconds?, _ player: inout TapePlayer) {
        player.play(action("drill", count: count, away: away))
        for number in 0..<count { player.close("c\(number)", code: 1006, by: .operator) }
    }

    private func passOn(_ player: inout TapePlayer) throws {
        player.observatory = try JSONDecoder().decode(Observatory.self, from: try JSONEncoder().encode(player.observatory))
    }

    // MARK: Drills

    @Test(arguments: [false, true])
    func `a drill's incident is open while its listener is away, and it settles from its return on`(isAttached: Bool) throws {
        var player = server()
        drill(4, away: 60_000, &player)
        player.after(30_000)
        if isAttached { try passOn(&player) }
        player.after(30_000)
        #expect(player.closings.isEmpty)
        player.play(action("listener back", count: 4, away: 60_000))
        if isAttached { try passOn(&player) }
        player.skip(200)
        player.come("n0", key: "k0", previous: "c0", tries: 9)
        player.after(4_900)
        #expect(player.closings.isEmpty)
        player.after(200)
        let closed = try #require(player.closings.first)
        #expect(closed.cause == "drill")
        #expect(closed.missingKeys?.map(\.key) == ["k1", "k2", "k3"])
        #expect(closed.p99 == 200)
        #expect(try incident(player).away == 60_000)
    }

    @Test func `nobody comes after a drill: it settles from the listener's return on`() throws {
        var player = server()
        drill(4, away: 20_000, &player)
        // It takes longer than it was to.
        player.after(23_000)
        player.play(action("listener back", count: 4, away: 23_000))
        player.after(4_900)
        #expect(player.closings.isEmpty)
        player.after(100)
        #expect(player.closings.map(\.missing) == [4])
    }

    @Test func `a listener whose return is never told is waited for as long as was announced`() throws {
        var player = server()
        drill(4, away: 20_000, &player)
        player.after(24_900)
        #expect(player.closings.isEmpty)
        player.after(100)
        #expect(player.closings.map(\.missing) == [4])
        // The next incident has nothing to do with it.
        for number in 4..<10 { player.drop("c\(number)") }
        player.after(5_000)
        #expect(player.closings.map(\.cause) == ["drill", "network"])
    }

    @Test func `a tape that does not tell how long a drill takes leaves its incident open for no longer than others`() throws {
        var player = server()
        drill(4, away: nil, &player)
        player.after(5_000)
        #expect(player.closings.map(\.missing) == [4])
    }

    @Test(arguments: [(Int.max, 3_600_000), (Int.min, 0)])
    func `what no drill can take is not believed`(told: Int, believed: Int) throws {
        var player = server()
        drill(4, away: told, &player)
        player.skip(believed + Self.settle - 100)
        player.after(50)
        #expect(player.closings.isEmpty)
        player.after(50)
        #expect(player.closings.map(\.missing) == [4])
    }

    @Test func `a server that dies or stops while its listener is away ends the incident`() throws {
        for isKilled in [false, true] {
            var player = server()
            drill(4, away: 60_000, &player)
            player.after(10_000)
            if isKilled { player.start() } else { player.stop() }
            #expect(player.closings.first?.cause == "drill")
            if !isKilled { player.start() }
            // What is lost then waits for nobody's listener.
            player.come("m0", key: "m0")
            player.after(61_000)
            let count = player.closings.count
            player.drop("m0")
            player.after(5_000)
            #expect(player.closings.count == count + 1)
        }
    }

    @Test func `who is lost while the listener is away counts from its return too`() throws {
        var player = server()
        drill(4, away: 10_000, &player)
        player.after(9_000)
        player.drop("c9")
        player.after(1_000)
        player.play(action("listener back", count: 4, away: 10_000))
        player.skip(300)
        for number in [0, 1, 2, 3, 9] { player.come("n\(number)", key: "k\(number)", previous: "c\(number)", tries: 2) }
        player.after(2_000)
        #expect(player.closings.map(\.p50) == [300])
        #expect(player.closings.map(\.p99) == [300])
    }

    @Test func `in another's incident a drill of a few takes nobody's time, and those it drops count from its listener's return`() throws {
        var player = server(100)
        for number in 50..<80 { player.drop("c\(number)") }
        for number in 50..<79 { player.come("n\(number)", key: "k\(number)", tries: 1) }
        player.after(3_000)
        drill(2, away: 20_000, &player)
        player.after(20_000)
        #expect(player.closings.isEmpty)
        player.play(action("listener back", count: 2, away: 20_000))
        // The one that is still missing has had three of its five seconds; the two that the drill dropped have all of them.
        player.after(1_500)
        player.come("n0", key: "k0", previous: "c0", tries: 9)
        player.after(3_400)
        #expect(player.closings.isEmpty)
        player.after(200)
        #expect(player.closings.map(\.cause) == ["network"])
        #expect(player.closings.first?.missingKeys?.map(\.key) == ["k1", "k79"])
        #expect(try incident(player).away == nil)
        #expect(try incident(player).slowest.first?.restored == 1_500)
    }

    @Test func `how long the listener was away counts from the drill, also where it came into an incident that had just begun`() throws {
        var player = server(40)
        for number in 0..<10 { player.drop("c\(number)") }
        player.after(1_500)
        player.play(action("drill", count: 15, away: 4_000))
        for number in 20..<35 { player.close("c\(number)", code: 1006, by: .operator) }
        player.after(4_000)
        player.play(action("listener back", count: 15, away: 4_000))
        #expect(try incident(player).cause == .drill)
        #expect(try incident(player).away == 4_000)
    }

    // MARK: Admission

    @Test(arguments: [false, true])
    func `who is lost while newcomers are kept out counts from when they are taken in again`(isAttached: Bool) throws {
        var player = server()
        player.play(action("pause admission"))
        player.play(action("pause admission"))
        player.after(2_000)
        for number in 0..<4 { player.drop("c\(number)") }
        player.after(3_000)
        if isAttached { try passOn(&player) }
        player.play(action("resume admission"))
        if isAttached { try passOn(&player) }
        player.skip(200)
        for number in 0..<3 { player.come("n\(number)", key: "k\(number)", previous: "c\(number)", tries: 3) }
        // One that is lost afterwards counts from its own loss.
        player.after(1_000)
        player.drop("n0")
        player.skip(700)
        player.come("m0", key: "k0", previous: "n0", tries: 1)
        player.after(3_200)
        #expect(player.closings.isEmpty)
        player.after(200)
        let closed = try #require(player.closings.first)
        #expect(closed.cause == "listener away")
        #expect(closed.p50 == 200)
        #expect(closed.p99 == 700)
        #expect(closed.missingKeys?.map(\.key) == ["k3"])
    }

    @Test func `who was lost before newcomers were kept out could have come, and counts from its loss`() throws {
        var player = server()
        for number in 0..<4 { player.drop("c\(number)") }
        player.after(1_000)
        player.play(action("pause admission"))
        player.after(2_000)
        player.play(action("resume admission"))
        player.skip(500)
        for number in 0..<4 { player.come("n\(number)", key: "k\(number)", previous: "c\(number)", tries: 3) }
        player.after(2_000)
        #expect(player.closings.map(\.p50) == [3_500])
    }

    @Test func `the time in which newcomers were kept out is none in which nobody came, but it is not waited for`() throws {
        var player = server()
        player.play(action("pause admission"))
        for number in 0..<4 { player.drop("c\(number)") }
        player.after(4_900)
        player.play(action("resume admission"))
        player.after(4_900)
        #expect(player.closings.isEmpty)
        player.after(100)
        #expect(player.closings.map(\.missing) == [4])
        // Nobody says how long it is going to take.
        player.play(action("pause admission"))
        for number in 4..<8 { player.drop("c\(number)") }
        player.after(5_000)
        #expect(player.closings.map(\.missing) == [4, 4])
    }

    @Test func `a return after a drill and a pause that overlap counts from the later end`() throws {
        var player = server()
        drill(4, away: 3_000, &player)
        player.after(1_000)
        player.play(action("pause admission"))
        player.after(2_000)
        player.play(action("listener back", count: 4, away: 3_000))
        player.after(2_000)
        player.play(action("resume admission"))
        player.skip(400)
        for number in 0..<4 { player.come("n\(number)", key: "k\(number)", previous: "c\(number)", tries: 3) }
        player.after(2_000)
        #expect(player.closings.map(\.p50) == [400])
        #expect(try incident(player).away == 3_000)
    }

    // MARK: Attached

    @Test func `a picture of a server that does not tell of them is read with what is known`() throws {
        struct Picture: Codable {
            var version: Int
            var model: Data
        }
        func passOnOld(_ player: inout TapePlayer) throws {
            let old = try JSONDecoder().decode(Picture.self, from: try JSONEncoder().encode(player.observatory))
            player.observatory = try JSONDecoder().decode(Observatory.self, from: try JSONEncoder().encode(old))
        }
        var player = server()
        drill(4, away: 2_000, &player)
        player.after(2_000)
        player.play(action("listener back", count: 4, away: 2_000))
        try passOnOld(&player)
        player.skip(100)
        for number in 0..<4 { player.come("n\(number)", key: "k\(number)", previous: "c\(number)", tries: 2) }
        player.after(2_000)
        #expect(player.closings.map(\.p50) == [100])
        player.play(action("pause admission"))
        for number in 4..<8 { player.drop("c\(number)") }
        player.after(2_000)
        try passOnOld(&player)
        player.play(action("resume admission"))
        player.skip(100)
        for number in 4..<8 { player.come("n\(number)", key: "k\(number)", previous: "c\(number)", tries: 2) }
        player.after(2_000)
        #expect(player.closings.last?.cause == "listener away")
        #expect(player.closings.last?.p50 == 100)
    }
}
