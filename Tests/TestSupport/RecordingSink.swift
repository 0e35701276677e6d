package import NeffosFeed
import Synchronization

/// A sink that keeps what it gets, and lets a test wait for it.
package final class RecordingSink: FeedSink {
    private struct Waiter {
        let id: Int
        let isMet: @Sendable ([FeedEntry]) -> Bool
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var entries: [FeedEntry] = []
        var batches = 0
        var finishes = 0
        var waiters: [Waiter] = []
        var nextWaiter = 0
    }

    private let state = Mutex(State())
    private let onReceive: (@Sendable ([FeedEntry]) -> Void)?

    /// - Parameter onReceive: called on the feed's thread with each batch, after it was recorded.
    package init(onReceive: (@Sendable ([FeedEntry]) -> Void)? = nil) { self.onReceive = onReceive }

    package func receive(_ batch: [FeedEntry]) {
        let met = state.withLock { state in
            state.entries += batch
            state.batches += 1
            let met = state.waiters.filter { $0.isMet(state.entries) }
            state.waiters.removeAll { waiter in met.contains { $0.id == waiter.id } }
            return met
        }
        for waiter in met { waiter.continuation.resume(returning: true) }
        onReceive?(batch)
    }

    package func finish() {
        let left = state.withLock { state in
            state.finishes += 1
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in left { waiter.continuation.resume(returning: false) }
    }

    package var entries: [FeedEntry] { state.withLock { $0.entries } }
    package var kinds: [FeedEvent.Kind] { entries.map(\.event.kind) }
    package var typeNames: [String] { kinds.map(\.typeName) }
    package var batchCount: Int { state.withLock { $0.batches } }
    package var finishCount: Int { state.withLock { $0.finishes } }

    /// Waits until what was recorded fulfils `condition`; false if the feed ended before, or the task was cancelled (a test's time limit).
    package func wait(until condition: @escaping @Sendable ([FeedEntry]) -> Bool) async -> Bool {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let outcome: Bool? = state.withLock { state in
                    if condition(state.entries) { return true }
                    if state.finishes > 0 || Task.isCancelled { return false }
                    state.waiters.append(Waiter(id: id, isMet: condition, continuation: continuation))
                    return nil
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            let cancelled = state.withLock { state in
                let cancelled = state.waiters.filter { $0.id == id }
                state.waiters.removeAll { $0.id == id }
                return cancelled
            }
            for waiter in cancelled { waiter.continuation.resume(returning: false) }
        }
    }

    /// Waits for an event of this kind and returns its entry; nil if the feed ended before.
    package func wait(for typeName: String) async -> FeedEntry? {
        _ = await wait { entries in entries.contains { $0.event.kind.typeName == typeName } }
        return entries.first { $0.event.kind.typeName == typeName }
    }
}
