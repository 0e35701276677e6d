import NeffosFeed
import NeffosObservatory
import Synchronization

/// Watches a run for what `--until` and drills wait for, and keeps the books of `--expect`. It is added to the feed behind the sink that it asks.
final class RunWatch: FeedSink {
    /// What is waited for, and what is done once it is so.
    private struct Awaited {
        var book: ExpectationBook
        var call: @Sendable () -> Void
    }

    private struct State {
        var expectations: ExpectationBook
        var until: ExpectationBook?
        /// What `--until` came to, once it was so.
        var reached: ExpectationResult?
        var reachedAt: ContinuousClock.Instant?
        var onReached: (@Sendable () -> Void)?
        var awaited: [Awaited] = []
    }

    private let state: Mutex<State>
    private let sink: ObservatorySink
    private let now: @Sendable () -> ContinuousClock.Instant

    /// Once `--until` is so, how long those who have come back, but are not in all their rooms again, are waited for.
    static let patience = Duration.seconds(5)

    init(_ plan: ServePlan, sink: ObservatorySink, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.sink = sink
        self.now = now
        state = Mutex(State(expectations: ExpectationBook(plan.expectations), until: plan.until.map { ExpectationBook([$0]) }))
    }

    /// Calls once, when `--until` is so, or soon if it has been. A client counts as returned before it is in its rooms again; who is on the way
    /// there is waited for, else how long that took would depend on who was looked at first.
    func whenReached(_ call: @escaping @Sendable () -> Void) {
        state.withLock { $0.onReached = call }
        look()
    }

    /// Calls once, when it is so; events are counted from now on.
    func when(_ expectation: Expectation, _ call: @escaping @Sendable () -> Void) {
        state.withLock { $0.awaited.append(Awaited(book: ExpectationBook([expectation]), call: call)) }
        look()
    }

    func receive(_ batch: [FeedEntry]) {
        state.withLock { state in
            for entry in batch {
                state.expectations.take(entry.event)
                state.until?.take(entry.event)
                for index in state.awaited.indices { state.awaited[index].book.take(entry.event) }
            }
        }
        look()
    }

    /// Looks whether it is so by now; time passes without events too.
    func look() {
        let calls = state.withLock { state -> [@Sendable () -> Void] in
            var calls: [@Sendable () -> Void] = []
            sink.read { observatory in
                if state.reached == nil, let result = state.until?.results(with: observatory).first, result.passed {
                    state.reached = result
                    state.reachedAt = now()
                }
                if let reachedAt = state.reachedAt, let call = state.onReached,
                    !Self.isAnybodyOnTheWay(in: observatory) || now() - reachedAt >= Self.patience
                {
                    state.onReached = nil
                    calls.append(call)
                }
                state.awaited.removeAll { awaited in
                    guard awaited.book.isMet(with: observatory) else { return false }
                    calls.append(awaited.call)
                    return true
                }
            }
            return calls
        }
        for call in calls { call() }
    }

    private static func isAnybodyOnTheWay(in observatory: Observatory) -> Bool {
        observatory.incidents.contains { $0.isOpen && $0.upgraded > $0.roomsBack }
    }

    /// What follows is the stop of the server, which nobody is to be judged by.
    func freeze() {
        state.withLock { state in
            sink.read { observatory in
                state.expectations.freeze(with: observatory)
                state.awaited = []
                if state.reached == nil { state.reached = state.until?.results(with: observatory).first }
            }
        }
    }

    /// What became of `--expect`, and of `--until` where there is one.
    var results: (expectations: [ExpectationResult], until: ExpectationResult?) {
        state.withLock { state in (sink.read { state.expectations.results(with: $0) }, state.reached) }
    }
}
