import NeffosFeed
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct FeedThreadTests {
    @Test func `the thread hands out what is published, and again after it slept`() async {
        let sink = RecordingSink()
        let feed = EventFeed(node: "n")
        feed.add(sink)
        feed.start()
        feed.start()
        let buffer = feed.makeBuffer()
        for round in 1...3 {
            buffer.publish(probe("a"))
            feed.publish(probe("b"))
            #expect(await sink.wait { $0.count == round * 2 })
        }
        feed.stop()
        #expect(sink.finishCount == 1)
    }

    @Test func `a batch gathers what comes within a tick`() async {
        let sink = RecordingSink()
        let feed = EventFeed(node: "n")
        feed.add(sink)
        feed.start()
        for _ in 0..<1000 { feed.publish(probe("a")) }
        #expect(await sink.wait { $0.count == 1000 })
        #expect(sink.batchCount < 10)
        feed.stop()
    }

    @Test func `a stop right after publishing loses nothing, and all who stop return`() async {
        for _ in 0..<20 {
            let sink = RecordingSink()
            let feed = EventFeed(node: "n")
            feed.add(sink)
            feed.start()
            for _ in 0..<10 { feed.publish(probe("a")) }
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask { feed.stop() } }
            }
            #expect(sink.entries.map(\.seq) == Array(1...10))
            #expect(sink.finishCount == 1)
        }
    }

    @Test func `a snapshot is made while nothing else happens`() async {
        let sink = RecordingSink()
        let feed = EventFeed(node: "n")
        feed.add(sink)
        let buffer = feed.makeBuffer()
        feed.setSnapshotSource { buffer.publishSnapshotPart([present("A")], counters: [:]) }
        feed.start()
        feed.requestSnapshot()
        #expect(await sink.wait(for: "snapshot") != nil)
        feed.stop()
    }

    @Test func `a sink that publishes from the feed's thread is heard without anybody else`() async {
        let feed = EventFeed(node: "n")
        let sink = RecordingSink { batch in
            for entry in batch where entry.event.kind.label == "a" { feed.publish(probe("derived")) }
        }
        feed.add(sink)
        feed.start()
        feed.publish(probe("a"))
        #expect(await sink.wait { $0.last?.event.kind.label == "derived" })
        feed.stop()
    }

    /// Threads that publish more than there is room for, a sink on a pipe that loses its place, and a source that answers from those
    /// threads.
    @Test func `under overload every jump is explained by a gap, and nothing is lost uncounted`() async throws {
        let threads = 4
        let each = 20_000
        let pipe = try Pipe()
        let feed = EventFeed(node: "n")
        let all = RecordingSink()
        let lines = JSONLinesSink(descriptor: pipe.writer, closeWhenDone: true, feed: feed, bound: 64)
        feed.add(all)
        feed.add(lines)
        let buffers = (0..<threads).map { _ in feed.makeBuffer(capacity: 256) }
        let questions = Questions()
        feed.setSnapshotSource { questions.ask() }
        feed.start()

        async let text = pipe.readAll()
        await withTaskGroup(of: Void.self) { group in
            for (number, buffer) in buffers.enumerated() {
                group.addTask {
                    var answered = 0
                    for index in 0..<each {
                        if questions.count > answered {
                            answered += 1
                            buffer.publishSnapshotPart([present("\(number)")], counters: ["parts": 1])
                        }
                        buffer.publish(index % 3 == 0 ? acknowledged("\(number) \(index)") : probe("\(number) \(index)"))
                    }
                    buffer.retire()
                }
            }
        }
        feed.stop()

        let read = try await text.split(separator: "\n").map { try JSONLines.decode(String($0)) }
        for entries in [all.entries, read] {
            try Self.checkNumbers(entries)
            var given = 0
            var missed = 0
            for entry in entries {
                switch entry.event.kind {
                case .feedGap(let gap):
                    missed += gap.missed - (gap.kinds["snapshot"] ?? 0)
                    #expect(gap.missed == gap.kinds.values.reduce(0, +))
                case .snapshot: break
                default: given += 1
                }
            }
            #expect(given + missed == threads * each)
            for number in 0..<threads {
                let order = entries.map(\.event.kind.label).filter { $0.hasPrefix("\(number) ") }.compactMap { Int($0.dropFirst(2)) }
                #expect(order == order.sorted())
            }
        }
        let gaps = feed.statistics.eventsByType["feed.gap"] ?? 0
        let snapshots = feed.statistics.eventsByType["snapshot"] ?? 0
        #expect(feed.statistics.events - gaps - snapshots + feed.statistics.missed == threads * each)
        #expect(feed.statistics.missed > 0)
        #expect(lines.failure == nil)
        #expect(lines.statistics.written == read.count)
    }

    /// Each number is the next one, or stands in a gap that tells of at least as many as were passed over.
    static func checkNumbers(_ entries: [FeedEntry]) throws {
        var expected = 1
        for entry in entries {
            if entry.seq != expected {
                guard case .feedGap(let gap) = entry.event.kind else {
                    Issue.record("\(entry.seq) where \(expected) was due")
                    return
                }
                #expect(entry.seq > expected)
                #expect(gap.missed >= entry.seq - expected + 1)
            }
            expected = entry.seq + 1
        }
    }
}
