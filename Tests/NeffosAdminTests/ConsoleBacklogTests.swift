import NeffosFeed
import Testing

@testable import NeffosAdmin

@Suite struct ConsoleBacklogTests {
    private func entry(_ seq: Int, _ kind: FeedEvent.Kind = .connectionAcknowledged(connection: "c", after: 0)) -> FeedEntry {
        FeedEntry(seq: seq, node: "n", event: FeedEvent(time: FeedTime(milliseconds: Int64(seq)), kind: kind))
    }
    private func sample(_ seq: Int) -> FeedEntry { entry(seq, .sample(.init())) }
    private func backlog(_ bound: Int = 100, bytes: Int = 1 << 20) -> ConsoleBacklog { ConsoleBacklog(bound: bound, byteBound: bytes) }
    private func drain(_ backlog: inout ConsoleBacklog) -> [FeedEntry] { backlog.take(atMost: .max, bytes: .max) }

    @Test func `what the picture has does not come again, and what is behind it comes once`() {
        var backlog = backlog()
        for seq in 1...5 { backlog.append(entry(seq)) }
        backlog.skip(to: 3)
        for seq in 6...7 { backlog.append(entry(seq)) }
        backlog.append(entry(2))
        #expect(drain(&backlog).map(\.seq) == [4, 5, 6, 7])
        #expect(backlog.isEmpty)
        #expect(backlog.missed == 0)
    }

    @Test func `under pressure samples go first, and the next that fits tells how many`() throws {
        var backlog = backlog(16)
        for seq in 1...4 { backlog.append(entry(seq)) }
        for seq in 5...7 { backlog.append(sample(seq)) }
        backlog.append(entry(8))
        #expect(drain(&backlog).map(\.seq) == [1, 2, 3, 4, 8])
        #expect(backlog.missed == 3)
        backlog.append(sample(9))
        backlog.append(sample(10))
        let rest = drain(&backlog)
        #expect(rest.map(\.seq) == [9, 10])
        // The one that gave its place is one of the missing.
        #expect(rest.first?.event.kind == .feedGap(.init(missed: 4, kinds: ["sample": 4])))
        #expect(backlog.missed == 4)
    }

    @Test func `who loses its place is told how many it missed, and gets a snapshot in the place of the last`() throws {
        var backlog = backlog(4)
        for seq in 1...9 { backlog.append(entry(seq)) }
        #expect(backlog.wantsRecovery == nil)
        #expect(drain(&backlog).map(\.seq) == [1, 2, 3, 4])
        #expect(backlog.wantsRecovery == 9)
        backlog.recover(with: .init(connections: []))
        backlog.append(entry(10))
        let rest = drain(&backlog)
        #expect(rest.map(\.seq) == [8, 9, 10])
        #expect(rest.map(\.event.kind.typeName) == ["feed.gap", "snapshot", "connection.acknowledged"])
        #expect(rest.first?.event.kind == .feedGap(.init(missed: 5, kinds: ["connection.acknowledged": 5])))
        #expect(backlog.missed == 5)
    }

    @Test func `two places are needed: a single event that was lost waits for another`() {
        var backlog = backlog(2)
        for seq in 1...3 { backlog.append(entry(seq)) }
        _ = drain(&backlog)
        #expect(backlog.wantsRecovery == nil)
        backlog.append(entry(4))
        #expect(backlog.wantsRecovery == 4)
    }

    @Test func `where only samples were lost there is no need for a snapshot`() {
        var backlog = ConsoleBacklog(bound: 1, byteBound: 1)
        backlog.append(entry(1))
        backlog.append(sample(2))
        _ = drain(&backlog)
        backlog.append(sample(3))
        #expect(drain(&backlog).map(\.event.kind.typeName) == ["feed.gap"])
    }

    @Test func `bytes are bounded too, and a snapshot does not push out what comes behind it`() {
        let long = String(repeating: "x", count: 4000)
        var backlog = backlog(bytes: 10_000)
        for seq in 1...9 { backlog.append(entry(seq, .connectionAcknowledged(connection: long, after: 0))) }
        #expect(backlog.count == 2)
        _ = drain(&backlog)
        let everybody = (1...100).map {
            FeedEvent.FeedSnapshot.Present(connection: "\($0)\(long)", key: nil, remote: "", tries: 0, namespaces: [:])
        }
        #expect(backlog.wantsRecovery == 9)
        backlog.recover(with: .init(connections: everybody))
        backlog.append(entry(10))
        #expect(drain(&backlog).map(\.seq) == [8, 9, 10])
    }

    @Test func `a burst is bounded in number and bytes, but a long line goes alone`() {
        var backlog = backlog()
        let long = String(repeating: "x", count: 4000)
        backlog.append(entry(1, .connectionAcknowledged(connection: long, after: 0)))
        for seq in 2...5 { backlog.append(entry(seq)) }
        #expect(backlog.take(atMost: 10, bytes: 1000).map(\.seq) == [1])
        #expect(backlog.take(atMost: 3, bytes: 100_000).map(\.seq) == [2, 3, 4])
        #expect(backlog.take(atMost: 3, bytes: 100_000).map(\.seq) == [5])
    }
}
