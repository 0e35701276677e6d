import NeffosFeed
import Testing

@Suite struct FeedBacklogTests {
    private func event(_ kind: FeedEvent.Kind) -> FeedEvent { FeedEvent(time: FeedTime(milliseconds: 0), kind: kind) }

    @Test func `near full, probes, samples and messages are dropped; state only when full`() {
        var backlog = FeedBacklog(capacity: 8, byteLimit: 1 << 20)
        for index in 0..<8 { backlog.append(event(probe("p\(index)"))) }
        backlog.append(event(.sample(.init())))
        backlog.append(
            event(.message(.init(connection: "", direction: .in, namespace: "", room: "", event: "", bytes: 0, body: ""))))
        backlog.append(event(acknowledged("a")))
        backlog.append(event(acknowledged("b")))
        let take = {
            var copy = backlog; return copy.take(.all)
        }()
        #expect(take.events.map(\.kind.label) == ["p0", "p1", "p2", "p3", "p4", "p5", "a", "b"])
        #expect(take.losses.byType == ["probe": 2, "sample": 1, "message": 1])
        #expect(take.losses.total == 4)
        #expect(!take.losses.lostState)

        backlog.append(event(acknowledged("c")))
        let full = backlog.take(.all)
        #expect(full.events.count == 8)
        #expect(full.losses.byType["connection.acknowledged"] == 1)
        #expect(full.losses.lostState)
        #expect(backlog.isEmpty)
    }

    @Test func `what peers name is bounded in bytes, too`() {
        var backlog = FeedBacklog(capacity: 1000, byteLimit: 100_000)
        for _ in 0..<100 {
            backlog.append(event(.namespaceDenied(.init(connection: "c", namespace: String(repeating: "n", count: 9_000)))))
        }
        let take = backlog.take(.all)
        #expect(take.events.count == 10)
        #expect(take.losses.total == 90)
        backlog.append(event(acknowledged("later")))
        #expect(backlog.take(.all).events.count == 1)
    }

    @Test func `an event larger than all room is dropped and counted`() {
        var backlog = FeedBacklog(capacity: 1000, byteLimit: 10_000)
        backlog.append(event(acknowledged(String(repeating: "x", count: 20_000))))
        #expect(backlog.take(.all).losses.total == 1)
    }

    @Test func `a part is a barrier: what stands behind it stays, and its room is taken`() {
        var backlog = FeedBacklog(capacity: 4, byteLimit: 1 << 20)
        backlog.append(event(acknowledged("a")))
        backlog.append(FeedBacklog.Part(connections: [present("p")], counters: ["n": 1]))
        for name in ["b", "c", "d", "e"] { backlog.append(event(acknowledged(name))) }
        let before = backlog.take(.toPart)
        #expect(before.events.map(\.kind.label) == ["a"])
        #expect(before.part?.connections.map(\.connection) == ["p"])
        // Lost behind the part, so not told with it: the snapshot does not make up for it.
        #expect(before.losses.isEmpty)
        #expect(backlog.take(.nothing).events.isEmpty)
        backlog.append(event(acknowledged("f")))
        let behind = backlog.take(.all)
        #expect(behind.events.map(\.kind.label) == ["b", "c", "d", "f"])
        #expect(behind.losses.total == 1)
        #expect(!behind.hasLatePart)
    }

    @Test func `without a part all is taken, and a part that nobody waits for is put aside`() {
        var backlog = FeedBacklog(capacity: 4, byteLimit: 1 << 20)
        backlog.append(event(acknowledged("a")))
        #expect(backlog.take(.toPart).events.count == 1)
        backlog.append(FeedBacklog.Part(connections: [], counters: [:]))
        backlog.append(event(acknowledged("b")))
        let take = backlog.take(.all)
        #expect(take.hasLatePart)
        #expect(take.part == nil)
        #expect(take.events.count == 1)
    }

    @Test func `parts without end are not kept`() {
        var backlog = FeedBacklog(capacity: 4, byteLimit: 1 << 20)
        for _ in 0..<1000 { backlog.append(FeedBacklog.Part(connections: [], counters: [:])) }
        var parts = 0
        while backlog.take(.toPart).part != nil { parts += 1 }
        #expect(parts == 8)
    }

    @Test func `the weight of an event counts everything a peer can name`() {
        let short = allKinds(text: "", optional: "", number: 1)
        let long = allKinds(text: String(repeating: "x", count: 1000), optional: "", number: 1)
        for (short, long) in zip(short, long) {
            switch short {
            case .sample, .feedGap: break
            default: #expect(long.weight >= short.weight + 1000, "\(short.typeName)")
            }
        }
    }
}
