import ArgumentParser
import NeffosFeed
import NeffosObservatory
import Synchronization
import TestSupport
import Testing

@testable import NeffosCommand

@Suite struct RunWatchTests {
    private final class Clock: Sendable {
        let start = ContinuousClock.now
        let passed = Mutex(Duration.zero)
        let ends = Mutex(0)
    }

    private let clock = Clock()
    private let sink = ObservatorySink(feed: nil)
    private let watch: RunWatch
    private var player = TapePlayer()

    /// Four clients in the lobby, who are lost and come back, but are in no room yet.
    init() throws {
        var plan = try ServePlan(try ServeCommand.parse(["--headless"]))
        plan.until = try Expectation(parsing: "returned>=4")
        plan.expectations = [try Expectation(parsing: "p95(restore)<6s")]
        watch = RunWatch(plan, sink: sink) { [clock] in clock.start + clock.passed.withLock { $0 } }
        watch.whenReached { [clock] in clock.ends.withLock { $0 += 1 } }
        player.start()
        for number in 1...4 { come("a\(number)") }
        for number in 1...4 { player.join("a\(number)", "default", "lobby") }
        player.after(1_000)
        for number in 1...4 { player.close("a\(number)", code: 1006, by: .network) }
        player.after(1_000)
        for number in 1...4 { come("b\(number)", previous: "a\(number)") }
    }

    private mutating func come(_ id: String, previous: String? = nil) {
        player.open(id, key: nil, previous: previous, tries: previous == nil ? 0 : 1)
        player.acknowledge(id)
        player.enter(id, "default")
    }

    private func look() -> Int {
        let model = player.observatory
        sink.update { $0 = model }
        watch.look()
        return clock.ends.withLock { $0 }
    }

    @Test mutating func `a run that waits for returns ends once they are in their rooms again`() {
        #expect(look() == 0)
        for number in 1...3 { player.join("b\(number)", "default", "lobby") }
        #expect(look() == 0)
        player.join("b4", "default", "lobby")
        #expect(look() == 1)
        #expect(look() == 1)
        watch.freeze()
        #expect(watch.results.until?.passed == true)
        #expect(watch.results.expectations.map(\.passed) == [true])
    }

    @Test func `who does not go back to its rooms is not waited for long`() {
        #expect(look() == 0)
        clock.passed.withLock { $0 = RunWatch.patience }
        #expect(look() == 1)
    }
}
