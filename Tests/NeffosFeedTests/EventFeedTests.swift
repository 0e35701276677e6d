import NeffosFeed
import TestSupport
import Synchronization
import Testing

@Suite struct EventFeedTests {
    private let clock = ManualClock()
    private let sink = RecordingSink()
    private let feed: EventFeed

    init() { feed = EventFeed(node: "web-1", now: clock.read) }

    private var labels: [String] { sink.kinds.map(\.label) }

    @Test func `nothing is built while nobody listens`() {
        let buffer = feed.makeBuffer()
        let built = Atomic(0)
        func kind() -> FeedEvent.Kind {
            built.wrappingAdd(1, ordering: .relaxed)
            return probe("a")
        }
        buffer.publish(kind())
        buffer.publish(at: clock.now, kind())
        feed.publish(probe("b"))
        buffer.publishSnapshotPart([], counters: [:])
        #expect(!feed.isObserved)
        #expect(built.load(ordering: .relaxed) == 0)
        feed.add(sink)
        #expect(feed.isObserved)
        buffer.publish(kind())
        feed.drain()
        #expect(built.load(ordering: .relaxed) == 1)
        #expect(labels == ["a"])
        feed.stop()
        #expect(!feed.isObserved)
        buffer.publish(kind())
        #expect(built.load(ordering: .relaxed) == 1)
    }

    @Test func `events of all loops come in order of time, numbered, with the node and their time`() {
        feed.add(sink)
        let first = feed.makeBuffer()
        let second = feed.makeBuffer()
        first.publish(probe("a"))
        clock.advance(by: 1)
        second.publish(probe("b"))
        clock.advance(by: 1)
        first.publish(probe("c"))
        feed.publish(FeedEvent(time: FeedTime(milliseconds: 5), kind: probe("early")))
        feed.drain()
        first.publish(probe("d"))
        feed.drain()
        feed.drain()
        #expect(labels == ["early", "a", "b", "c", "d"])
        #expect(sink.entries.map(\.seq) == [1, 2, 3, 4, 5])
        #expect(sink.entries.allSatisfy { $0.node == "web-1" })
        #expect(sink.entries[2].event.time.iso8601 == "2026-01-31T12:00:00.001Z")
        #expect(sink.batchCount == 2)
        #expect(feed.statistics.events == 5)
        #expect(feed.statistics.eventsByType == ["probe": 5])
    }

    @Test func `the start of a server begins the numbers anew`() {
        feed.add(sink)
        let state = FeedEvent.ServerState(url: "ws://127.0.0.1:1/echo", version: "1")
        feed.publish(probe("a"))
        feed.publish(.serverStarted(state))
        feed.publish(probe("b"))
        feed.publish(.serverStarted(state))
        feed.drain()
        #expect(sink.entries.map(\.seq) == [1, 1, 2, 1])
    }

    @Test func `what a sink publishes while it takes a batch comes with the next`() {
        let derived = RecordingSink { [feed] batch in
            for entry in batch where entry.event.kind.label == "a" { feed.publish(probe("derived")) }
        }
        feed.add(derived)
        feed.publish(probe("a"))
        feed.drain()
        #expect(derived.kinds.map(\.label) == ["a"])
        feed.drain()
        #expect(derived.kinds.map(\.label) == ["a", "derived"])
    }

    @Test func `a sink that is added gets the next batch, and a sink may add another`() {
        let later = RecordingSink()
        let first = RecordingSink { [feed] batch in
            if batch.first?.seq == 1 { feed.add(later) }
        }
        feed.add(first)
        feed.publish(probe("a"))
        feed.drain()
        feed.publish(probe("b"))
        feed.drain()
        #expect(later.entries.map(\.seq) == [2])
    }

    @Test func `a stop hands out everything, also what sinks derive from it, and finishes each sink once`() {
        let derived = RecordingSink { [feed] batch in
            for entry in batch where entry.event.kind.label.count < 4 { feed.publish(probe(entry.event.kind.label + "x")) }
        }
        feed.add(derived)
        feed.add(sink)
        feed.publish(probe("a"))
        feed.stop()
        feed.stop()
        feed.publish(probe("late"))
        #expect(labels == ["a", "ax", "axx", "axxx"])
        #expect(sink.finishCount == 1)
        #expect(derived.finishCount == 1)
    }

    @Test func `sinks that publish without end do not keep the feed from stopping`() {
        let echo = RecordingSink { [feed] _ in feed.publish(probe("again")) }
        feed.add(echo)
        feed.publish(probe("a"))
        feed.stop()
        #expect(echo.finishCount == 1)
        #expect(echo.entries.count < 30)
    }

    @Test func `what finds no room is told in one gap that takes a number, and counted exactly`() {
        feed.add(sink)
        let first = feed.makeBuffer(capacity: 4)
        let second = feed.makeBuffer(capacity: 4)
        for _ in 0..<10 { first.publish(probe("p")) }
        for _ in 0..<5 { second.publish(.sample(.init())) }
        feed.drain()
        #expect(labels.count == 7)
        #expect(sink.kinds.last == .feedGap(.init(missed: 9, kinds: ["probe": 7, "sample": 2])))
        #expect(sink.entries.map(\.seq) == Array(1...7))
        #expect(feed.statistics.missed == 9)
        #expect(feed.statistics.missedByType == ["probe": 7, "sample": 2])
        #expect(feed.statistics.events == 7)
        feed.drain()
        #expect(labels.count == 7)
    }

    @Test func `without anybody to ask, a loss of state is told with a gap alone`() {
        feed.add(sink)
        let buffer = feed.makeBuffer(capacity: 1)
        for name in ["a", "b"] { buffer.publish(acknowledged(name)) }
        for _ in 0..<30 { feed.drain() }
        #expect(labels == ["a", "gap 1"])
        buffer.publish(acknowledged("c"))
        feed.drain()
        #expect(labels == ["a", "gap 1", "c"])
    }
}
