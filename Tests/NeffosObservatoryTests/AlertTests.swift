import NeffosFeed
import NeffosObservatory
import Testing
import TestSupport

@Suite struct AlertTests {
    private func lints(_ player: TapePlayer) -> [String] {
        player.derived.compactMap {
            switch $0.kind {
            case .lintRaised(let lint): "raised \(lint.lint) \(lint.subject)"
            case .lintCleared(let lint): "cleared \(lint.lint) \(lint.subject)"
            default: nil
            }
        }
    }

    @Test func `a source that knocks five times over ten seconds is an orphan until it upgrades`() throws {
        var player = TapePlayer()
        player.start()
        for _ in 0..<4 {
            player.probe("10.0.9.3:4000", agent: "x")
            player.after(3_000)
        }
        #expect(lints(player).isEmpty)
        player.probe("10.0.9.3:4001", agent: "x")
        player.probe("10.0.9.3:4002", agent: "x")
        #expect(lints(player) == ["raised orphan-probe 10.0.9.3"])
        #expect(player.observatory.alerts.first?.title == "orphan probe")
        #expect(player.observatory.alerts.first?.detail.hasPrefix("10.0.9.3 has knocked 5 times in 12 s and not upgraded") == true)
        #expect(player.observatory.probeSources.first?.outcome == .knocking)
        player.open("a", tries: 6, remote: "10.0.9.3:4003", agent: "another")
        #expect(lints(player) == ["raised orphan-probe 10.0.9.3", "cleared orphan-probe 10.0.9.3"])
        let source = try #require(player.observatory.probeSources.first)
        #expect(source.outcome == .upgraded)
        #expect(source.upgrades == 1)
        #expect(source.probes == 6)
        #expect(player.observatory.summary.lints == [.init(lint: "orphan-probe", raised: 1, active: 0)])
    }

    @Test func `five probes within ten seconds are none`() {
        var player = TapePlayer()
        player.start()
        for _ in 0..<20 { player.probe() }
        player.after(60_000)
        #expect(lints(player).isEmpty)
    }

    @Test func `a source tells what was put off and why it was refused`() throws {
        var player = TapePlayer()
        player.start()
        player.probe("[::1]:1", agent: nil, admitted: false)
        player.after(1_000)
        player.probe("[::1]:2", agent: nil)
        player.reject("[::1]:3", status: 403, reason: "origin not allowed")
        let source = try #require(player.observatory.probeSources.first)
        #expect(source.address == "::1")
        #expect(source.probes == 2)
        #expect(source.deferred == 1)
        #expect(source.last - source.first == 1_000)
        #expect(source.rejected == 1)
        #expect(source.lastRejection == "origin not allowed")
        #expect(source.outcome == .rejected)
        #expect(player.observatory.vitals.rejected == 1)
    }

    @Test func `no more sources are kept than fit, and what went is counted`() {
        var player = TapePlayer()
        player.start()
        for number in 0..<300 {
            player.probe("10.0.\(number / 250).\(number % 250):1")
            player.skip(1)
        }
        #expect(player.observatory.probeSources.count == 256)
        #expect(player.observatory.forgottenProbeSources == 44)
        #expect(player.observatory.probeSources.first?.address == "10.0.1.49")
        #expect(player.observatory.vitals.probes == 300)
    }

    @Test func `the same violation of a connection is one alert with a count`() {
        var player = TapePlayer()
        player.start()
        player.open("a")
        for kind in ["frame", "frame", "flood", "frame"] {
            player.play(.protocolViolation(.init(connection: "a", kind: kind, detail: "why")))
        }
        #expect(player.observatory.alerts.map(\.title) == ["violation frame", "violation flood"])
        #expect(player.observatory.alerts.map(\.count) == [3, 1])
        #expect(player.observatory.vitals.violations == 4)
    }

    @Test func `an alert names a UUID by its beginning, so that the sentence stays in view, and a chosen id whole`() {
        var player = TapePlayer()
        player.start()
        for id in ["0a77b04b-0743-40ee-91c4-5e3f6a7b8c9d", "kiosk-in-the-hall"] {
            player.open(id)
            player.play(.protocolViolation(.init(connection: id, kind: "frame", detail: "why")))
        }
        #expect(player.observatory.alerts.map(\.detail) == ["kiosk-in-the-hall: why", "0a77b04b: why"])
    }

    @Test func `refusals are one alert for each address and reason`() {
        var player = TapePlayer()
        player.start()
        player.reject("10.0.0.1:1", reason: "origin")
        player.reject("10.0.0.1:2", reason: "origin")
        player.reject("10.0.0.2:1", reason: "origin")
        #expect(player.observatory.alerts.map(\.count) == [1, 2])
    }

    @Test func `no more than a hundred alerts are kept`() {
        var player = TapePlayer()
        player.start()
        for number in 0..<1_000 { player.reject("10.0.0.\(number):1") }
        #expect(player.observatory.alerts.count == 100)
        #expect(player.observatory.alerts.first?.detail.hasPrefix("10.0.0.999:") == true)
    }

    @Test func `an incident stands among the alerts when it opens and when it is over`() {
        var player = TapePlayer()
        player.start()
        player.come("a", key: "a")
        player.after(1_000)
        player.drop("a")
        #expect(player.observatory.alerts.first?.title == "incident #1 network")
        #expect(player.observatory.alerts.first?.severity == .problem)
        player.come("b", previous: "a", tries: 1)
        player.after(2_000)
        #expect(player.observatory.alerts.first?.detail == "all 1 came back")
        #expect(player.observatory.alerts.first?.severity == .info)
    }

    @Test func `a slow consumer that was closed is told`() {
        var player = TapePlayer()
        player.start()
        player.open("a")
        player.close("a", code: 1013, by: .server)
        #expect(player.observatory.alerts.contains { $0.kind == .slowConsumer })
    }

    @Test func `at most fifty incidents are kept`() {
        var player = TapePlayer()
        player.start()
        for number in 0..<60 {
            player.come("c\(number)", key: "k")
            player.drop("c\(number)")
            player.after(31_000)
        }
        #expect(player.observatory.incidents.count <= 50)
        #expect(player.observatory.incidents.first?.number == 60)
    }

    @Test func `the line that tells of an incident follows what it costs`() throws {
        var player = TapePlayer()
        player.start()
        for id in ["a", "b", "c", "d"] { player.come(id, key: id) }
        player.after(20_000)
        player.drop("a")
        player.skip(1_500)
        player.drop("b")
        player.after(2_000)
        #expect(player.observatory.alerts.last { $0.kind == .incident }?.detail == "2 lost")
    }
}
