import NeffosFeed
import NeffosObservatory
import Terminal
import Testing

@testable import NeffosConsole

/// The screens over the real model, from events alone.
@Suite struct FromEventsTests {
    private static func opened(_ index: Int, tries: Int, at time: FeedTime) -> [FeedEvent] {
        let id = "\(tries == 0 ? "old" : "new")-\(index)"
        return [
            FeedEvent(
                time: time,
                kind: .connectionOpened(
                    .init(
                        connection: id, key: "client-\(index)", remote: "10.0.0.\(index):4000", userAgent: "node", tries: tries))),
            FeedEvent(time: time + 1, kind: .connectionAcknowledged(connection: id, after: 1)),
            FeedEvent(time: time + 2, kind: .namespaceConnected(.init(connection: id, namespace: "default"))),
            FeedEvent(time: time + 3, kind: .roomJoined(.init(connection: id, namespace: "default", room: "lobby"))),
        ]
    }

    private func outage() -> Observatory {
        var observatory = Observatory()
        var events = [FeedEvent(time: Scene.noon, kind: .serverStarted(.init(url: "ws://127.0.0.1:8080/echo", version: "0.1")))]
        for index in 1...20 { events += Self.opened(index, tries: 0, at: Scene.noon + 10) }
        let drop = Scene.noon + 10_000
        for index in 1...20 {
            events.append(
                FeedEvent(
                    time: drop,
                    kind: .connectionClosed(.init(connection: "old-\(index)", code: 1006, reason: nil, by: .network, lived: 9990))))
        }
        for index in 1...17 {
            let remote = "10.0.0.\(index):5000"
            events.append(FeedEvent(time: drop + 2000, kind: .probe(.init(remote: remote, userAgent: "node", admitted: true))))
            events += Self.opened(index, tries: 2, at: drop + 2100)
        }
        for event in events { _ = observatory.apply(event) }
        _ = observatory.advance(to: drop + 4000)
        return observatory
    }

    /// A drill that keeps the listener away for half a minute.
    private func drill() -> Observatory {
        var observatory = Observatory()
        var events = [FeedEvent(time: Scene.noon, kind: .serverStarted(.init(url: "ws://127.0.0.1:8080/echo", version: "0.1")))]
        for index in 1...20 { events += Self.opened(index, tries: 0, at: Scene.noon + 10) }
        let action = FeedEvent.OperatorAction(action: "drill", by: "ada", target: "all", count: 20, result: "", away: 30_000)
        events.append(FeedEvent(time: Scene.noon + 10_000, kind: .operatorAction(action)))
        for index in 1...20 {
            let close = FeedEvent.ConnectionClosed(connection: "old-\(index)", code: 1006, reason: nil, by: .operator, lived: 9990)
            events.append(FeedEvent(time: Scene.noon + 10_000, kind: .connectionClosed(close)))
        }
        // It is answered as the listener goes: its upgrade will find nobody.
        let probe = FeedEvent.Probe(remote: "10.0.0.3:5000", userAgent: "node", admitted: true)
        events.append(FeedEvent(time: Scene.noon + 10_001, kind: .probe(probe)))
        for event in events { _ = observatory.apply(event) }
        return observatory
    }

    @Test func `While a drill keeps the listener closed nobody is said to have given up, and their time begins with its return`() {
        var observatory = drill()
        for seconds in [1, 8, 28] {
            _ = observatory.advance(to: Scene.noon + 10_000 + Milliseconds(seconds) * 1000)
            let overview = text(observatory, "1", columns: 120, rows: 35)
            #expect(overview.contains("20 missing while the drill keeps the listener closed"))
            let returns = text(observatory, "4", columns: 200, rows: 60)
            #expect(returns.contains("A drill cut 20 clients and keeps the listener closed. Nobody is back yet."))
            #expect(returns.contains("20 of 20: 20 have not knocked yet."))
            #expect(returns.contains("Wait: nobody can come before the drill opens the listener again."))
        }
        let back = FeedEvent.OperatorAction(action: "listener back", by: "ada", target: "all", count: 20, result: "", away: 30_000)
        _ = observatory.apply(FeedEvent(time: Scene.noon + 40_000, kind: .operatorAction(back)))
        _ = observatory.advance(to: Scene.noon + 42_000)
        #expect(text(observatory, "1", columns: 120, rows: 35).contains("20 missing, just lost: each knocks after its interval"))
        #expect(text(observatory, "4", columns: 200, rows: 60).contains("Wait: each knocks after its interval."))
        _ = observatory.advance(to: Scene.noon + 46_000)
        #expect(text(observatory, "4", columns: 200, rows: 60).contains("1 knocked, was answered, and gave up, 19 have not knocked once"))
    }

    private func text(_ observatory: Observatory, _ keys: String, columns: Int, rows: Int) -> String {
        var model = ConsoleModel(size: Size(columns: columns, rows: rows), clock: observatory.now)
        for key in keys {
            _ = model.update(key == "\r" ? .enter : .character(key), live: observatory, now: .seconds(1))
            model.refresh(from: observatory, now: .seconds(1))
        }
        return ConsoleRenderer.frame(observatory, model, theme: Theme(depth: .indexed256, ascii: false)).text
    }

    @Test func `An outage is told on every screen`() {
        let observatory = outage()
        for (columns, rows) in [(80, 24), (120, 35), (200, 60)] {
            let overview = text(observatory, "1", columns: columns, rows: rows)
            #expect(overview.contains("conns 17"))
            #expect(overview.contains("returned 17 (max try 2)"))
            #expect(overview.contains("missing 3"))
            let returns = text(observatory, "4", columns: columns, rows: rows)
            for words in ["20 lost", "3 missing", "Missing 3 of 20", "client-18", "client-19", "client-20", "default: lobby", "10.0.0.18"] {
                #expect(returns.contains(words), "\(words) at \(columns)")
            }
            let rowsText = text(observatory, "2", columns: columns, rows: rows)
            #expect(rowsText.contains("17 connections"))
            #expect(rowsText.contains("✓ back"))
        }
    }

    @Test func `Of very many connections the last is reached`() {
        var observatory = Observatory()
        for index in 0..<5_500 {
            _ = observatory.apply(
                FeedEvent(
                    time: Scene.noon,
                    kind: .connectionOpened(
                        .init(connection: "c\(index)", key: "k\(100_000 + index)", remote: "10.0.0.1:1", userAgent: nil, tries: 0))))
        }
        #expect(text(observatory, "2", columns: 80, rows: 24).contains("1 of 5 500"))
        let end = text(observatory, "2G", columns: 80, rows: 24)
        #expect(end.contains("5 500 of 5 500"))
        #expect(end.contains("k105499"))
        #expect(text(observatory, "2Gg", columns: 80, rows: 24).contains("k100000"))
    }
}
