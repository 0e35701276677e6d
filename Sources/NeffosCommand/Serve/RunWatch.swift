import NeffosFeed
import NeffosObservatory
import Synchronization

/// Watches a run for what `--until` waits for, and keeps the books of `--expect`. It is added to the feed behind the sink that it asks.
final class RunWatch: FeedSink {
    private struct State {
        var expectations: ExpectationBook
        var until: ExpectationBook?
        /// What `--until` came to, once it was so.
        var reached: ExpectationResult?
    }

    private let state: Mutex<State>
    private let sink: ObservatorySink
    private let onReached = Mutex<(@Sendable () -> Void)?>(nil)

    init(_ plan: ServePlan, sink: ObservatorySink) {
        self.sink = sink
        state = Mutex(State(expectations: ExpectationBook(plan.expectations), until: plan.until.map { ExpectationBook([$0]) }))
    }

    /// Calls once, when `--until` is so, or now if it has been.
    func whenReached(_ call: @escaping @Sendable () -> Void) {
        onReached.withLock { $0 = call }
        if state.withLock({ $0.reached != nil }) { tell() }
    }

    func receive(_ batch: [FeedEntry]) {
        state.withLock { state in
            for entry in batch {
                state.expectations.take(entry.event)
                state.until?.take(entry.event)
            }
        }
        look()
    }

    /// Looks whether it is so by now; time passes without events too.
    func look() {
        let isNew = state.withLock { state -> Bool in
            guard state.reached == nil, let until = state.until else { return false }
            let result = sink.read { until.results(with: $0) }.first
            guard let result, result.passed else { return false }
            state.reached = result
            return true
        }
        if isNew { tell() }
    }

    private func tell() {
        let call = onReached.withLock { call in
            defer { call = nil }
            return call
        }
        call?()
    }

    /// What follows is the stop of the server, which nobody is to be judged by.
    func freeze() {
        state.withLock { state in
            sink.read { observatory in
                state.expectations.freeze(with: observatory)
                if state.reached == nil { state.reached = state.until?.results(with: observatory).first }
            }
        }
    }

    /// What became of `--expect`, and of `--until` where there is one.
    var results: (expectations: [ExpectationResult], until: ExpectationResult?) {
        state.withLock { state in (sink.read { state.expectations.results(with: $0) }, state.reached) }
    }
}
