import NIOCore
import Neffos
import Synchronization

/// Clients that are cut off one by one, and come back.
final class ReturnTally: Sendable {
    struct State: Sendable {
        var cuts = 0
        var returned = 0
        /// Fell out though nobody had cut them.
        var drops = 0
        var incomplete = 0
        var sample: String?
        /// From the loss to all rooms back.
        var latencies = Latencies()
        /// By number: when they were lost, in nanoseconds of the monotonic clock.
        var away: [Int: UInt64] = [:]
        var isCut: Set<Int> = []
    }

    private let state = Mutex(State())

    var now: State { state.withLock { $0 } }

    /// - Returns: whether it is there to be cut.
    func cut(_ number: Int) -> Bool {
        state.withLock { state in
            guard state.away[number] == nil, state.isCut.insert(number).inserted else { return false }
            state.cuts += 1
            return true
        }
    }

    /// Told by a client, on its loop.
    ///
    /// - Returns: whether it has just fallen out.
    func changed(_ number: Int, _ change: ClientState) -> Bool {
        let now = NIODeadline.now().uptime
        return state.withLock { state in
            switch change {
            case .closed(.requested): return false
            case .waiting, .closed:
                guard state.away[number] == nil else { return false }
                state.away[number] = now
                if state.isCut.remove(number) == nil { state.drops += 1 }
                return true
            case .connected:
                guard let since = state.away.removeValue(forKey: number) else { return false }
                state.returned += 1
                state.latencies.record(nanoseconds: now - since)
                return false
            default: return false
            }
        }
    }

    func problem(_ problem: ClientProblem) {
        switch problem {
        case .namespaceLost, .roomLost:
            state.withLock { state in
                state.incomplete += 1
                state.sample = state.sample ?? "\(problem)"
            }
        case .probeFailed, .dialFailed: state.withLock { $0.sample = $0.sample ?? "\(problem)" }
        }
    }
}
