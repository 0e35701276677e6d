import NeffosFeed
import TestSupport
import Testing

@Suite struct SnapshotTests {
    private let clock = ManualClock()
    private let sink = RecordingSink()
    private let feed: EventFeed
    private let first: FeedBuffer
    private let second: FeedBuffer
    private let asked = Questions()

    init() {
        feed = EventFeed(node: "n", now: clock.read)
        feed.add(sink)
        first = feed.makeBuffer(capacity: 4)
        second = feed.makeBuffer(capacity: 4)
        feed.setSnapshotSource { [asked] in asked.ask() }
    }

    private var labels: [String] { sink.kinds.map(\.label) }

    private func publish(_ buffer: FeedBuffer, _ names: String...) {
        for name in names {
            buffer.publish(acknowledged(name))
            clock.advance(by: 1)
        }
    }

    @Test func `where state was lost a gap comes, each loop is asked once, and the snapshot stands between what it fits`() {
        publish(first, "a1", "a2", "a3", "a4", "a5")
        feed.drain()
        #expect(labels == ["a1", "a2", "a3", "a4", "gap 1"])
        #expect(asked.count == 1)

        publish(second, "b1")
        first.publishSnapshotPart([present("A")], counters: ["opened": 2, "x": 1])
        publish(first, "a6")
        publish(second, "b2")
        feed.publish(acknowledged("operator"))
        feed.drain()
        #expect(Array(labels.dropFirst(5)) == ["b1", "b2"])
        publish(first, "a7")
        publish(second, "b3")
        second.publishSnapshotPart([present("B")], counters: ["opened": 3])
        publish(second, "b4")
        feed.drain()
        #expect(Array(labels.dropFirst(7)) == ["b3", "snapshot A+B", "a6", "operator", "a7", "b4"])
        #expect(asked.count == 1)
        guard case .snapshot(let snapshot) = sink.kinds[8] else {
            Issue.record("no snapshot")
            return
        }
        #expect(snapshot.counters == ["opened": 5, "x": 1])
        #expect(sink.entries.map(\.seq) == Array(1...13))
    }

    @Test func `parts that come within one tick need no second one`() {
        feed.requestSnapshot()
        feed.drain()
        #expect(asked.count == 1)
        publish(first, "a1")
        first.publishSnapshotPart([], counters: [:])
        publish(first, "a2")
        publish(second, "b1")
        second.publishSnapshotPart([present("B")], counters: [:])
        feed.drain()
        #expect(labels == ["a1", "b1", "snapshot B", "a2"])
    }

    @Test func `requests while one is answered are answered with it`() {
        for _ in 0..<5 { feed.requestSnapshot() }
        feed.drain()
        feed.requestSnapshot()
        feed.drain()
        #expect(asked.count == 1)
        first.publishSnapshotPart([], counters: [:])
        second.publishSnapshotPart([], counters: [:])
        for _ in 0..<50 { feed.drain() }
        #expect(asked.count == 1)
        #expect(labels == ["snapshot "])
    }

    @Test func `a loss of samples alone asks for nothing`() {
        for _ in 0..<20 { first.publish(probe("p")) }
        for _ in 0..<20 { feed.drain() }
        #expect(labels.last == "gap 17")
        #expect(asked.count == 0)
    }

    @Test func `what is lost behind a part is made right by another snapshot, after a rest`() {
        feed.requestSnapshot()
        feed.drain()
        first.publishSnapshotPart([present("A")], counters: [:])
        publish(first, "a1", "a2", "a3", "a4", "a5", "a6")
        feed.drain()
        #expect(labels.isEmpty)
        second.publishSnapshotPart([], counters: [:])
        feed.drain()
        #expect(labels == ["snapshot A", "a1", "a2", "a3", "a4", "gap 2"])
        #expect(asked.count == 1)
        for _ in 0..<FeedAssembler.rest { feed.drain() }
        #expect(asked.count == 2)
    }

    @Test func `a loss before a loop's part is made right by that part`() {
        feed.requestSnapshot()
        feed.drain()
        publish(first, "a1", "a2", "a3", "a4", "a5")
        first.publishSnapshotPart([present("A")], counters: [:])
        second.publishSnapshotPart([], counters: [:])
        for _ in 0..<50 { feed.drain() }
        #expect(labels == ["a1", "a2", "a3", "a4", "gap 1", "snapshot A"])
        #expect(asked.count == 1)
    }

    @Test func `a loop that never answers holds the feed for a bounded time, and is counted`() {
        feed.requestSnapshot()
        feed.drain()
        first.publishSnapshotPart([present("A")], counters: [:])
        publish(first, "a1")
        publish(second, "b1")
        for _ in 0..<(FeedAssembler.patience - 1) { feed.drain() }
        #expect(labels == ["b1"])
        feed.drain()
        #expect(labels == ["b1", "snapshot A", "a1"])
        #expect(feed.statistics.unansweredParts == 1)
        publish(first, "a2")
        for _ in 0..<50 { feed.drain() }
        #expect(labels.last == "a2")
        #expect(asked.count == 1)

        // It lives after all: its connections were not in the snapshot, so there is another.
        second.publishSnapshotPart([present("B")], counters: [:])
        feed.drain()
        #expect(asked.count == 2)
        first.publishSnapshotPart([present("A")], counters: [:])
        second.publishSnapshotPart([present("B")], counters: [:])
        feed.drain()
        #expect(labels.last == "snapshot A+B")
        #expect(feed.statistics.unansweredParts == 1)
    }

    @Test func `where nobody answers there is no empty snapshot`() {
        feed.requestSnapshot()
        for _ in 0..<(FeedAssembler.patience + 5) { feed.drain() }
        #expect(labels.isEmpty)
        #expect(feed.statistics.unansweredParts == 2)
    }

    @Test func `a loop that came meanwhile, and was not asked, is in the next snapshot`() {
        feed.requestSnapshot()
        feed.drain()
        let third = feed.makeBuffer(capacity: 4)
        publish(third, "c1")
        first.publishSnapshotPart([present("A")], counters: [:])
        second.publishSnapshotPart([], counters: [:])
        for _ in 0...FeedAssembler.rest { feed.drain() }
        #expect(labels == ["c1", "snapshot A"])
        #expect(asked.count == 2)
        for buffer in [first, second, third] { buffer.publishSnapshotPart([present("\(asked.count)")], counters: [:]) }
        for _ in 0..<30 { feed.drain() }
        #expect(labels == ["c1", "snapshot A", "snapshot 2+2+2"])
        #expect(asked.count == 2)
    }

    @Test func `a loop that ended is drained, forgotten, and not waited for`() {
        feed.requestSnapshot()
        feed.drain()
        publish(second, "b1")
        second.retire()
        first.publishSnapshotPart([present("A")], counters: [:])
        publish(first, "a1")
        feed.drain()
        feed.drain()
        #expect(labels == ["b1", "snapshot A", "a1"])
        #expect(feed.statistics.unansweredParts == 0)
    }

    @Test func `a stop gives out what is held back, without half a snapshot, the stop of the server last`() {
        feed.requestSnapshot()
        feed.drain()
        first.publishSnapshotPart([present("A")], counters: [:])
        publish(first, "a1")
        feed.publish(.serverStopped(.init(url: "", version: "")))
        feed.drain()
        #expect(labels.isEmpty)
        feed.stop()
        #expect(labels == ["a1", "server.stopped"])
    }

    @Test func `the source may answer at once, on the feed's thread`() {
        feed.setSnapshotSource { [first, second] in
            first.publishSnapshotPart([present("A")], counters: [:])
            second.publishSnapshotPart([present("B")], counters: [:])
        }
        feed.requestSnapshot()
        feed.drain()
        feed.drain()
        #expect(labels == ["snapshot A+B"])
    }

    @Test func `parts that nobody asked for are put aside`() {
        first.publishSnapshotPart([present("A")], counters: [:])
        publish(first, "a1")
        feed.drain()
        #expect(labels == ["a1"])
        #expect(asked.count == 0)
    }
}
