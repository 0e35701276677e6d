import DequeModule
import Synchronization

/// Which ids are in use, and which were lost and may be claimed by whoever comes back (protocol section 7, lineage).
final class ConnectionRegistry: Sendable {
    private struct State {
        var live: [String: Connection] = [:]
        /// The next number of an id that several want, while the one that has it lives.
        var numbers: [String: Int] = [:]
        var lost: Set<String> = []
        var lostInOrder: Deque<String> = []
    }

    private let state = Mutex(State())
    /// Enough for the largest outage a server of ours can have; the oldest are forgotten first.
    private static let lostLimit = 200_000

    /// Makes `id` free to use: one already in use gets `#2`, `#3`, … (protocol section 2).
    func reserve(_ id: String, for connection: (String) -> Connection) -> Connection {
        state.withLock { state in
            var free = id
            if state.live[id] != nil {
                // From where the last one left off: many under one name would else cost the square of their number.
                var number = state.numbers[id] ?? 2
                free = "\(id)#\(number)"
                while state.live[free] != nil {
                    number += 1
                    free = "\(id)#\(number)"
                }
                state.numbers[id] = number + 1
            }
            let made = connection(free)
            state.live[free] = made
            // Whoever is back under the very id needs nobody to claim it.
            state.lost.remove(free)
            return made
        }
    }

    func remove(_ id: String, lost: Bool) {
        state.withLock { state in
            state.live[id] = nil
            if !state.numbers.isEmpty { state.numbers[id] = nil }
            if lost { Self.remember(id, in: &state) }
        }
    }

    /// Ids that an earlier run of the server lost.
    func rememberLost(_ ids: some Sequence<String>) {
        state.withLock { state in
            for id in ids { Self.remember(id, in: &state) }
        }
    }

    /// Whether `id` was lost and nobody claimed it yet; it is claimed now.
    func claim(_ id: String) -> Bool {
        state.withLock { $0.lost.remove(id) != nil }
    }

    func connection(_ id: String) -> Connection? { state.withLock { $0.live[id] } }
    var all: [Connection] { state.withLock { Array($0.live.values) } }
    var count: Int { state.withLock { $0.live.count } }

    private static func remember(_ id: String, in state: inout State) {
        guard state.lost.insert(id).inserted else { return }
        state.lostInOrder.append(id)
        while state.lostInOrder.count > lostLimit, let oldest = state.lostInOrder.popFirst() { state.lost.remove(oldest) }
    }
}
