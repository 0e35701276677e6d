import NeffosFeed
import NeffosObservatory
import Synchronization

/// Watches the feed for the drill's incident.
final class DrillWatch: FeedSink {
    private struct State {
        var book: ExpectationBook
        var known = Int.max
        /// The one whose end is waited for.
        var followed: Int?
        /// Whether the server said that the drill began: what closed before has nothing to do with it.
        var hasBegun = false
        var closing: FeedEntry?
        /// The one that was open before, and its end: a drill of many ends it and opens its own, one of few is taken in by it.
        var earlier: Int?
        var earlierClosing: FeedEntry?
    }

    private let state: Mutex<State>
    private let changes: AsyncStream<Void>
    private let change: AsyncStream<Void>.Continuation

    init(_ expectations: [Expectation]) {
        state = Mutex(State(book: ExpectationBook(expectations)))
        (changes, change) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Incidents up to this number were there before. One that is open may take in whom the drill drops, and is followed, unless another opens.
    func begin(after number: Int, open: Int? = nil) {
        state.withLock { state in
            state.known = number
            state.followed = open
            state.earlier = open
        }
    }

    /// What the server has counted up until now is not the drill's.
    func begin(with model: Observatory) {
        state.withLock { $0.book.begin(with: model) }
        begin(
            after: model.incidents.lazy.filter { $0.runsBefore == 0 }.map(\.number).max() ?? 0,
            open: model.incidents.first { $0.isOpen }?.number)
    }

    /// The incident whose end is waited for.
    var followed: Int? { state.withLock { $0.followed } }

    func receive(_ batch: [FeedEntry]) {
        state.withLock { state in
            for entry in batch {
                state.book.take(entry.event)
                switch entry.event.kind {
                case .operatorAction(let action) where action.action == "drill": state.hasBegun = true
                case .incidentOpened(let figures) where figures.incident > state.known:
                    state.known = figures.incident
                    state.followed = figures.incident
                    state.earlierClosing = nil
                case .incidentClosed(let figures) where figures.incident == state.followed && state.closing == nil:
                    if state.hasBegun, figures.incident != state.earlier {
                        state.closing = entry
                    } else {
                        state.followed = nil
                        state.earlierClosing = state.hasBegun ? entry : nil
                    }
                default: break
                }
            }
        }
        change.yield()
    }

    /// Of the drill and its incident, not of all that the server has seen.
    func results(with model: Observatory, of incident: Incident) -> [ExpectationResult] {
        state.withLock { $0.book.results(with: model, of: incident) }
    }

    /// - Returns: the event that closed the incident; nil where it did not open or close in time.
    func closing(within limit: Duration, opening: Duration) async -> FeedEntry? {
        let start = ContinuousClock.now
        let ticks = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(100))
                change.yield()
            }
        }
        defer { ticks.cancel() }
        for await _ in changes {
            let (followed, closing, earlier) = state.withLock { ($0.followed, $0.closing, $0.earlierClosing) }
            if let closing { return closing }
            let passed = ContinuousClock.now - start
            // Its own incident would be open by now: the drill was taken in by the one that was there before.
            if passed > limit || (followed == nil && passed > opening) { return earlier }
        }
        return nil
    }
}
