import NeffosFeed
import Testing

@Suite struct SinkBacklogTests {
    private var losses = FeedLosses()

    private func entries(_ seqs: ClosedRange<Int>, _ kind: FeedEvent.Kind = probe("p")) -> [FeedEntry] { seqs.map { entry(kind, seq: $0) } }

    @Test mutating func `beyond its bound it loses its place until half is done, then has a gap in the place of the last that was lost`() {
        var backlog = SinkBacklog(bound: 4, byteBound: 1 << 20)
        backlog.append(entries(1...6))
        #expect(backlog.hasLostPlace)
        #expect(backlog.take(atMost: 1).map(\.seq) == [1])
        #expect(backlog.recover(countingInto: &losses) == .none)
        // There is room, but the place is lost: single events between gaps would be worth little.
        backlog.append(entries(7...7, .sample(.init())))
        #expect(backlog.take(atMost: 1).map(\.seq) == [2])
        #expect(backlog.recover(countingInto: &losses) == .gap)
        backlog.append(entries(8...8))
        let rest = backlog.take(atMost: 10)
        #expect(rest.map(\.seq) == [3, 4, 7, 8])
        #expect(rest[2].event.kind == .feedGap(.init(missed: 3, kinds: ["probe": 2, "sample": 1])))
        #expect(losses.total == 3)
        #expect(backlog.isEmpty)
    }

    @Test mutating func `a loss of state wants a snapshot`() {
        var backlog = SinkBacklog(bound: 1, byteBound: 1 << 20)
        backlog.append(entries(1...2, acknowledged("a")))
        _ = backlog.take(atMost: 1)
        #expect(backlog.recover(countingInto: &losses) == .gapBeforeSnapshot)
        #expect(backlog.recover(countingInto: &losses) == .none)
    }

    @Test mutating func `a gap that is lost is told with the next one`() {
        var backlog = SinkBacklog(bound: 1, byteBound: 1 << 20)
        backlog.append(entries(1...2) + entries(3...3, .feedGap(.init(missed: 10, kinds: ["probe": 4, "sample": 6]))))
        _ = backlog.take(atMost: 1)
        #expect(backlog.recover(countingInto: &losses) == .gapBeforeSnapshot)
        #expect(backlog.take(atMost: 1).first?.event.kind == .feedGap(.init(missed: 11, kinds: ["probe": 5, "sample": 6])))
    }

    @Test func `it is bounded in bytes, but one large entry passes`() {
        var backlog = SinkBacklog(bound: 100, byteBound: 10_000)
        backlog.append(entries(1...3, acknowledged(String(repeating: "x", count: 20_000))))
        #expect(backlog.count == 1)
        #expect(backlog.hasLostPlace)
    }

    @Test mutating func `what is given up is counted, kept or lost`() {
        var backlog = SinkBacklog(bound: 2, byteBound: 1 << 20)
        backlog.append(entries(1...5))
        backlog.abandon(countingInto: &losses)
        #expect(losses.total == 5)
        #expect(backlog.isEmpty)
        backlog.append(entries(6...6))
        #expect(backlog.take(atMost: 9).map(\.seq) == [6])
    }
}
