import NeffosWire
import Synchronization

/// Many are asked, and the first who replies is the one that counts.
final class AskRace: Sendable {
    typealias Winner = (connection: Connection, reply: Message)

    private struct State {
        var running: Int
        var continuation: CheckedContinuation<Winner, any Error>?
        var isOver = false

        mutating func end() -> CheckedContinuation<Winner, any Error>? {
            isOver = true
            defer { continuation = nil }
            return continuation
        }
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(running: count)) }

    func begin(_ continuation: CheckedContinuation<Winner, any Error>) {
        let isOver = state.withLock { state in
            if !state.isOver { state.continuation = continuation }
            return state.isOver
        }
        if isOver { continuation.resume(throwing: CancellationError()) }
    }

    func finish(_ connection: Connection, _ result: Result<Message, any Error>) {
        let waiting = state.withLock { state -> CheckedContinuation<Winner, any Error>? in
            state.running -= 1
            if case .failure = result, state.running > 0 { return nil }
            return state.end()
        }
        waiting?.resume(with: result.map { (connection, $0) })
    }

    func cancel() {
        state.withLock { $0.end() }?.resume(throwing: CancellationError())
    }
}
