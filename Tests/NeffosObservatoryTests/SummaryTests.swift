import NeffosFeed
import NeffosObservatory
import Synchronization
import Testing
import TestSupport

@Suite struct SummaryTests {
    @Test func `the summary has the totals, the peaks and the funnels`() {
        var player = TapePlayer()
        player.start()
        for number in 0..<3 { player.come("c\(number)", key: "k\(number)") }
        player.probe()
        player.after(1_000)
        player.play(.sample(.init(messagesInPerSecond: 100)))
        player.drop("c0")
        player.come("n0", key: "k0", tries: 2)
        player.reject()
        #expect(player.observatory.summary.totals.messagesIn == 100)
        for id in ["c1", "c2", "n0"] { player.close(id) }
        player.after(2_000)
        player.stop()
        let summary = player.observatory.summary
        #expect(summary.totals.opened == 4)
        #expect(summary.totals.closed == 4)
        #expect(summary.totals.returned == 1)
        #expect(summary.totals.rejected == 1)
        #expect(summary.totals.probes == 1)
        #expect(summary.totals.messagesIn == 4)
        #expect(summary.peaks.connections == 3)
        #expect(summary.peaks.probesPerSecond == 1)
        #expect(summary.incidents.map(\.roomsBack) == [1])
        #expect(summary.feed.events == player.tape.count)
    }

    @Test func `the events are counted as the lines of the feed, what the model itself told and messages too`() {
        var player = TapePlayer()
        player.start()
        player.come("a", key: "ann")
        player.play(.message(.init(connection: "a", direction: .in, namespace: "default", room: "", event: "chat", bytes: 2, body: "hi")))
        player.drop("a")
        let opened = player.derived.count
        #expect(opened > 0)
        for event in player.derived { player.play(event.kind) }
        #expect(player.derived.count == opened)
        #expect(player.observatory.summary.feed.events == player.tape.count)
    }

    @Test func `the server's phases are those of its feed`() {
        var player = TapePlayer()
        #expect(player.observatory.vitals.state == .starting)
        player.start()
        #expect(player.observatory.vitals.state == .running)
        #expect(player.observatory.vitals.url == "ws://127.0.0.1:8080/echo")
        #expect(player.observatory.vitals.startedAt == player.time)
        player.drain()
        #expect(player.observatory.vitals.state == .draining)
        player.stop()
        #expect(player.observatory.vitals.state == .stopped)
    }
}

@Suite struct SinkTests {
    private func entries(_ tape: [FeedEvent]) -> [FeedEntry] {
        tape.enumerated().map { FeedEntry(seq: $0.offset + 1, node: "web-1", event: $0.element) }
    }

    @Test func `a sink tells of a change once a batch`() {
        var player = TapePlayer()
        player.start()
        player.come("a", key: "a")
        let sink = ObservatorySink(feed: nil)
        let changes = Mutex(0)
        sink.onChange = { changes.withLock { $0 += 1 } }
        sink.receive(entries(player.tape))
        #expect(changes.withLock { $0 } == 1)
        sink.receive([])
        #expect(changes.withLock { $0 } == 1)
        sink.advance(to: player.time + 1_000)
        #expect(changes.withLock { $0 } == 2)
        #expect(sink.read { $0.connectionCount } == 1)
        #expect(sink.read { $0.vitals.node } == "web-1")
    }

    @Test func `what is derived goes into the feed and comes back without harm`() {
        let feed = EventFeed(node: "web-1")
        let sink = ObservatorySink(feed: feed)
        let seen = Collector()
        feed.add(sink)
        feed.add(seen)
        feed.start()
        let time = FeedTime(milliseconds: 5_000)
        feed.publish(FeedEvent(time: time, kind: .serverStarted(.init(url: "u", version: "1"))))
        feed.publish(
            FeedEvent(
                time: time,
                kind: .connectionOpened(.init(connection: "a", key: nil, previous: "z", remote: "r:1", userAgent: nil, tries: 2))))
        feed.stop()
        #expect(seen.types.withLock { $0 } == ["started", "opened", "incident"])
        #expect(sink.read { $0.incidents.count } == 1)
    }
}

private final class Collector: FeedSink {
    let types = Mutex<[String]>([])
    func receive(_ batch: [FeedEntry]) {
        for entry in batch {
            let name: String? =
                switch entry.event.kind {
                case .serverStarted: "started"
                case .connectionOpened: "opened"
                case .incidentOpened: "incident"
                default: nil
                }
            if let name { types.withLock { $0.append(name) } }
        }
    }
}
