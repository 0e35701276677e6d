import Neffos
import Synchronization

/// The messages that came and that nobody has waited for yet.
final class DialMailbox: Sendable {
    private struct Envelope: Sendable {
        var namespace: String
        var room: String
        var event: String

        func isWhat(_ wait: DialWait) -> Bool {
            namespace == wait.namespace && event == wait.event && (wait.room == nil || wait.room == room)
        }
    }

    private struct State {
        var envelopes: [Envelope] = []
        var waiting: (wait: DialWait, continuation: CheckedContinuation<Bool, Never>)?
        var hasEnded = false
    }

    private let state = Mutex(State())

    /// Messages that are remembered; of more, the oldest cannot be waited for any more.
    static let most = 1024

    func add(_ message: Message) {
        let envelope = Envelope(namespace: message.namespace, room: message.room, event: message.event)
        let waiting = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            if let waiting = state.waiting, envelope.isWhat(waiting.wait) {
                state.waiting = nil
                return waiting.continuation
            }
            state.envelopes.append(envelope)
            if state.envelopes.count > Self.most { state.envelopes.removeFirst() }
            return nil
        }
        waiting?.resume(returning: true)
    }

    /// - Returns: whether such a message has come within the time.
    func wait(for wait: DialWait, within limit: Duration) async -> Bool {
        let timer = Task {
            do { try await Task.sleep(for: limit) } catch { return }
            giveUp()
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { continuation in
            let known = state.withLock { state -> Bool? in
                if let index = state.envelopes.firstIndex(where: { $0.isWhat(wait) }) {
                    state.envelopes.remove(at: index)
                    return true
                }
                if state.hasEnded { return false }
                state.waiting = (wait, continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    private func giveUp() {
        let waiting = state.withLock { state in
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.continuation.resume(returning: false)
    }

    /// Nothing comes any more.
    func end() {
        state.withLock { $0.hasEnded = true }
        giveUp()
    }
}
