import NIOCore
import Synchronization

/// Bounds what waits for event loops that are behind, without losing a broadcast: while any mailbox holds too much, the reads of whoever
/// broadcasts are withheld.
final class Congestion: Sendable {
    private struct State {
        /// Mailboxes that hold too much.
        var crowded = 0
        var waiting: [Connection] = []
    }

    /// What a mailbox may hold before publishers wait, in bytes.
    let mailboxBytes: Int
    private let state = Mutex(State())
    /// Whether any mailbox holds too much: looked at after each broadcast.
    private let isCrowded = Atomic<Bool>(false)

    init(mailboxBytes: Int = 16 << 20) { self.mailboxBytes = mailboxBytes }

    func begins() {
        state.withLock { state in
            state.crowded += 1
            isCrowded.store(true, ordering: .relaxed)
        }
    }

    func ends() {
        let freed: [Connection] = state.withLock { state in
            state.crowded -= 1
            guard state.crowded == 0 else { return [] }
            isCrowded.store(false, ordering: .relaxed)
            defer { state.waiting = [] }
            return state.waiting
        }
        for connection in freed {
            connection.loop.loop.execute {
                connection.isThrottled = false
                connection.resumeReading()
            }
        }
    }

    /// Called on the connection's loop, so that its release, which comes over the same loop, comes later.
    func throttle(_ connection: Connection) {
        guard isCrowded.load(ordering: .relaxed), !connection.isThrottled else { return }
        let waits = state.withLock { state in
            if state.crowded > 0 { state.waiting.append(connection) }
            return state.crowded > 0
        }
        guard waits else { return }
        connection.isThrottled = true
        connection.isPaused = true
    }
}
