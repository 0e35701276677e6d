import NeffosFeed
import Testing

@Suite struct FeedMergeTests {
    private func merged(_ runs: [[(Int64, String)]]) -> [String] {
        var labels: [String] = []
        let events = runs.map { run in run.map { FeedEvent(time: FeedTime(milliseconds: $0.0), kind: probe($0.1)) } }
        FeedMerge.merge(events) { labels.append($0.kind.label) }
        return labels
    }

    @Test func `events of several loops come in the order of time`() {
        #expect(merged([[(1, "a"), (4, "d")], [(2, "b"), (3, "c"), (6, "f")], [], [(5, "e")]]) == ["a", "b", "c", "d", "e", "f"])
    }

    @Test func `at equal times the earlier run is first, all of it`() {
        #expect(merged([[(1, "a"), (1, "b")], [(1, "c")], [(1, "d")]]) == ["a", "b", "c", "d"])
        #expect(merged([[(2, "c")], [(1, "a"), (2, "d")], [(1, "b")]]) == ["a", "b", "c", "d"])
    }

    @Test func `a clock that was set back does not change the order of a loop`() {
        #expect(merged([[(10, "a"), (5, "b"), (6, "c")]]) == ["a", "b", "c"])
        #expect(merged([[(10, "a"), (5, "b"), (20, "e")], [(7, "x"), (12, "y")]]) == ["x", "a", "b", "y", "e"])
    }

    @Test func `a probe comes before the upgrade that it led to on another loop in the same millisecond`() {
        var labels: [String] = []
        let opened = FeedEvent.Kind.connectionOpened(
            .init(connection: "a", key: nil, remote: "10.0.0.1:2", userAgent: nil, tries: 1, tls: false))
        let time = FeedTime(milliseconds: 1)
        FeedMerge.merge([[FeedEvent(time: time, kind: opened)], [FeedEvent(time: time, kind: probe("probe"))]]) {
            labels.append($0.kind.label)
        }
        #expect(labels == ["probe", "connection.opened"])
    }

    @Test func `the stop of the server comes behind what else happened in its millisecond`() {
        var labels: [String] = []
        let stop = FeedEvent(time: FeedTime(milliseconds: 1), kind: .serverStopped(.init(url: "", version: "")))
        let run = ["a", "b"].map { FeedEvent(time: FeedTime(milliseconds: 1), kind: probe($0)) }
        FeedMerge.merge([[stop], run, run]) { labels.append($0.kind.label) }
        #expect(labels == ["a", "b", "a", "b", "server.stopped"])
    }

    @Test func `nothing is lost or doubled, and every run keeps its order, whatever the times`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let runs = (0..<Int.random(in: 0...5, using: &random)).map { run in
                (0..<Int.random(in: 0...20, using: &random)).map { (Int64.random(in: 0...30, using: &random), "\(run) \($0)") }
            }
            let labels = merged(runs)
            #expect(labels.count == runs.reduce(0) { $0 + $1.count })
            for (index, run) in runs.enumerated() {
                #expect(labels.filter { $0.hasPrefix("\(index) ") } == run.map(\.1))
            }
        }
    }
}
