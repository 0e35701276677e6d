import NeffosFeed
import NeffosObservatory
import Testing
import TestSupport

@Suite struct LintTests {
    private func lints(_ player: TapePlayer) -> [String] {
        player.derived.compactMap {
            switch $0.kind {
            case .lintRaised(let lint): "raised \(lint.lint) \(lint.subject)"
            case .lintCleared(let lint): "cleared \(lint.lint) \(lint.subject)"
            default: nil
            }
        }
    }

    private func player(_ clients: Int = 0, lints: LintSettings = .init()) -> TapePlayer {
        var player = TapePlayer(configuration: ObservatoryConfiguration(closesPerSecond: 1_000, percent: 60, lints: lints))
        player.start()
        for number in 0..<clients { player.come("c\(number)", key: "k\(number)") }
        return player
    }

    @Test func `every lint says what it is, and its thresholds are within their ranges`() {
        #expect(LintCatalogue.all.count == 11)
        #expect(Set(LintCatalogue.all.map(\.id)).count == 11)
        #expect(Set(LintCatalogue.all.map(\.key)).count == 11)
        for lint in LintCatalogue.all {
            #expect(!lint.reason.isEmpty && !lint.remedy.isEmpty)
            #expect(LintCatalogue.lint(lint.id) == lint)
            for threshold in lint.thresholds { #expect(threshold.range.contains(threshold.value)) }
        }
        #expect(LintCatalogue.lint("orphan-probe")?.key == "orphanProbe")
        #expect(LintCatalogue.lint("head-only-poller")?.isOnByDefault == false)
    }

    @Test func `warn turns a lint on, allow turns it off and wins, and a threshold stays within its range`() {
        var settings = LintSettings(warn: ["head-only-poller", "herd"], allow: ["herd"])
        #expect(settings.isOn("head-only-poller"))
        #expect(!settings.isOn("herd"))
        #expect(settings.isOn("flapping"))
        #expect(!settings.isOn("none"))
        #expect(settings["flapping", "returns"] == 5)
        settings["flapping", "returns"] = 99
        #expect(settings["flapping", "returns"] == 8)
        settings["flapping", "none"] = 1
        #expect(settings["flapping", "none"] == 0)
    }

    @Test func `a client that comes back again and again flaps, by key, until it is quiet`() throws {
        var player = player(10)
        for life in 0..<5 {
            player.drop(life == 0 ? "c0" : "n\(life)")
            player.after(20_000)
            player.come("n\(life + 1)", key: "k0", tries: 1)
        }
        #expect(lints(player) == ["raised flapping k0"])
        let row = try #require(player.observatory.connection("n5"))
        #expect(row.state == .flapping)
        #expect(row.returns == 5)
        #expect(row.returnsPerHour == 5)
        #expect(player.observatory.connection("c1")?.state == .active)
        #expect(player.observatory.lints.map(\.subject) == ["k0"])
        player.after(600_000)
        #expect(lints(player) == ["raised flapping k0", "cleared flapping k0"])
        #expect(player.observatory.connection("n5")?.state == .active)
        #expect(player.observatory.summary.lints == [.init(lint: "flapping", raised: 1, active: 0)])
    }

    @Test func `returns after restarts are not flapping`() {
        var player = player(3)
        for round in 0..<7 {
            player.start()
            for number in 0..<3 { player.come("r\(round)-\(number)", key: "k\(number)", tries: 1) }
            player.after(5_000)
        }
        #expect(lints(player).isEmpty)
        #expect(player.observatory.connection("r6-0")?.returns == 7)
        #expect(player.observatory.connection("r6-0")?.returnsPerHour == 0)
    }

    @Test func `of many who share a key nobody flaps unless it says who it was`() {
        var player = player()
        for number in 0..<40 { player.come("c\(number)", key: "shared") }
        for number in 0..<8 {
            player.drop("c\(number)")
            player.after(3_000)
            player.come("n\(number)", key: "shared", tries: 1)
        }
        #expect(lints(player).isEmpty)
        for life in 0..<5 {
            player.drop(life == 0 ? "c20" : "m\(life)")
            player.after(3_000)
            player.come("m\(life + 1)", key: "shared", previous: life == 0 ? "c20" : "m\(life)", tries: 1)
        }
        #expect(lints(player) == ["raised flapping shared"])
    }

    @Test func `a source that only ever asks with HEAD is told where that is wanted`() {
        var player = player(lints: LintSettings(warn: ["head-only-poller"], allow: ["orphan-probe"]))
        for _ in 0..<31 {
            player.probe("10.0.0.9:1")
            player.after(10_000)
        }
        #expect(lints(player) == ["raised head-only-poller 10.0.0.9"])
        player.after(600_000)
        #expect(lints(player).last == "cleared head-only-poller 10.0.0.9")
    }

    @Test func `an orphan that has given up is no more`() {
        var player = player()
        for _ in 0..<6 {
            player.probe("10.0.0.9:1")
            player.after(3_000)
        }
        #expect(lints(player) == ["raised orphan-probe 10.0.0.9"])
        player.after(60_000)
        #expect(player.observatory.probeSources.first?.outcome == .gone)
        player.after(600_000)
        #expect(lints(player).last == "cleared orphan-probe 10.0.0.9")
    }

    @Test func `tries that cannot be are told by the client`() {
        var player = player(3)
        player.open("x", key: "bad")
        player.play(.protocolViolation(.init(connection: "x", kind: "tries", detail: "no number")))
        #expect(lints(player) == ["raised implausible-tries bad"])
        player.drop("c0")
        player.drop("c1")
        player.drop("c2")
        player.after(2_000)
        player.come("n0", key: "k0", previous: "c0", tries: 20)
        #expect(lints(player).count == 1)
        player.come("n1", key: "k1", previous: "c1", tries: 2_000_000_000)
        player.after(1_000)
        #expect(lints(player).last == "raised implausible-tries k1")
        #expect(player.observatory.incidents.first?.clientInterval.map { (95...105).contains($0) } == true)
    }

    @Test func `a client that does not acknowledge is told, once an address`() {
        var player = player(1)
        player.open("x", remote: "10.0.0.7:1")
        player.open("y", remote: "10.0.0.7:2")
        player.open("z", remote: "10.0.0.8:2")
        player.after(5_000)
        player.acknowledge("z")
        player.after(4_000)
        #expect(lints(player) == ["raised never-acknowledged 10.0.0.7"])
        player.play(.protocolViolation(.init(connection: "y", kind: "no-ack", detail: "why")))
        player.after(61_000)
        #expect(lints(player).last == "cleared never-acknowledged 10.0.0.7")
    }

    @Test func `where nobody acknowledges nobody is late`() {
        var player = player()
        player.open("x")
        player.after(20_000)
        #expect(lints(player).isEmpty)
    }

    @Test func `a client for whom much waits for a while is slow, until its queue is half of that`() {
        var player = player(2)
        func take(_ queued: Int) {
            player.observatory.take([.init(connection: "c0", queuedBytes: queued), .init(connection: "c1")], at: player.time)
            player.after(2_000)
        }
        for _ in 0..<3 { take(300_000) }
        #expect(lints(player).isEmpty)
        take(300_000)
        #expect(lints(player) == ["raised slow-consumer k0"])
        take(200_000)
        #expect(lints(player).count == 1)
        take(100_000)
        #expect(lints(player).last == "cleared slow-consumer k0")
        for _ in 0..<4 { take(300_000) }
        player.close("c0")
        #expect(lints(player).last == "cleared slow-consumer k0")
        player.close("c1", code: 1013, by: .server)
        #expect(lints(player).contains("raised slow-consumer k1"))
    }

    @Test func `a loop is late when it is so in three samples in a row, a handler slow when it is`() {
        var player = player()
        func sample(_ lag: Double, _ handler: Double = 0) {
            player.play(.sample(.init(loopLag: lag, slowestHandler: handler)))
            player.after(1_000)
        }
        for lag in [150.0, 150, 5, 150, 150] { sample(lag) }
        #expect(lints(player).isEmpty)
        sample(.infinity)
        #expect(lints(player) == ["raised loop-lag server"])
        sample(.nan)
        #expect(lints(player).last == "cleared loop-lag server")
        sample(0, 1_500)
        #expect(lints(player).last == "raised slow-handler server")
        #expect(player.observatory.lints.first?.detail == "a handler took 1.5 s")
        player.after(10_000)
        #expect(lints(player).last == "cleared slow-handler server")
    }

    @Test func `a feed that loses events is told until a minute has passed without`() {
        var player = player()
        player.play(.feedGap(.init(missed: 3, kinds: [:])))
        player.after(30_000)
        player.play(.feedGap(.init(missed: 4, kinds: [:])))
        player.after(59_000)
        #expect(lints(player) == ["raised lossy-feed feed"])
        player.after(2_000)
        #expect(lints(player).last == "cleared lossy-feed feed")
        #expect(player.observatory.alerts.map(\.kind) == [.gap])
    }

    @Test func `the rooms that a client is not in again are told by numbers as they count`() {
        var player = player(1)
        for room in ["desk-10", "desk-9", "desk-2"] { player.join("c0", "default", room) }
        player.drop("c0")
        player.after(1_000)
        player.open("n0", key: "k0", previous: "c0", tries: 1)
        player.acknowledge("n0")
        player.join("n0", "default", "lobby")
        player.after(11_000)
        #expect(
            player.observatory.lints.first { $0.subject == "k0" }?.detail
                == "k0 came back 10 s ago and is not in default/desk-2, default/desk-9, default/desk-10 again")
    }

    @Test func `a client that is back but not in its rooms is told until it is`() {
        var player = player(4)
        for number in 0..<3 { player.drop("c\(number)") }
        player.after(1_000)
        player.come("n0", key: "k0", previous: "c0", tries: 1)
        for number in 1...2 {
            player.open("n\(number)", key: "k\(number)", previous: "c\(number)", tries: 1)
            player.acknowledge("n\(number)")
            player.enter("n\(number)", "default")
        }
        player.after(9_000)
        #expect(lints(player).isEmpty)
        player.after(2_000)
        #expect(lints(player) == ["raised room-not-rejoined k1", "raised room-not-rejoined k2"])
        #expect(
            player.observatory.lints.first { $0.subject == "k1" }?.detail == "k1 came back 10 s ago and is not in default/lobby again")
        player.join("n1", "default", "lobby")
        #expect(lints(player).last == "cleared room-not-rejoined k1")
        // What is not followed any more is not told of any more.
        player.after(60_000)
        #expect(player.closings.count == 1)
        #expect(lints(player).last == "cleared room-not-rejoined k2")
        #expect(player.observatory.lints.isEmpty)
    }

    @Test func `a lint that is no longer wanted clears, and one that is allowed is never raised`() {
        var player = player(lints: LintSettings(allow: ["lossy-feed"]))
        player.play(.feedGap(.init(missed: 3, kinds: [:])))
        #expect(lints(player).isEmpty)
        player.play(.sample(.init(slowestHandler: 5_000)))
        #expect(lints(player) == ["raised slow-handler server"])
        player.observatory.lintSettings.allow.insert("slow-handler")
        player.after(1_000)
        #expect(lints(player).last == "cleared slow-handler server")
    }

    @Test func `no more than so many subjects of a lint are kept`() {
        var player = player(1)
        for number in 0..<400 { player.open("x\(number)", remote: "10.1.\(number / 200).\(number % 200):1") }
        player.after(9_000)
        #expect(lints(player).count == 256)
        #expect(player.observatory.summary.lints.first?.active == 256)
    }
}
