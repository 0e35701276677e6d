import Synchronization

/// Whether a load is to end early, and what waits for that.
final class LoadStop: Sendable {
    private struct State {
        var isRequested = false
        var sleepers: [Int: Task<Void, Never>] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    var isRequested: Bool { state.withLock { $0.isRequested } }

    func request() {
        let sleepers = state.withLock { state in
            state.isRequested = true
            defer { state.sleepers = [:] }
            return Array(state.sleepers.values)
        }
        for sleeper in sleepers { sleeper.cancel() }
    }

    /// Returns after this long, or at once when the load is to end.
    ///
    /// - Returns: whether the time is over.
    @discardableResult
    func sleep(for duration: Duration) async -> Bool {
        let sleeper = Task { _ = try? await Task.sleep(for: duration) }
        let number = state.withLock { state -> Int? in
            if state.isRequested { return nil }
            state.last += 1
            state.sleepers[state.last] = sleeper
            return state.last
        }
        guard let number else {
            sleeper.cancel()
            return false
        }
        await sleeper.value
        state.withLock { _ = $0.sleepers.removeValue(forKey: number) }
        return !isRequested
    }
}
