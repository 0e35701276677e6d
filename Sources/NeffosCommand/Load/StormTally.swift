import NIOCore
import Neffos
import Synchronization

/// What the clients of a storm go through, as they tell it.
final class StormTally: Sendable {
    struct Member: Sendable {
        /// In nanoseconds of the monotonic clock.
        var lostAt: UInt64?
        var restoredAt: UInt64?
        /// When its last probe began.
        var probedAt: UInt64 = 0
        var tries = 0
        var isAway = false
        /// A namespace or room could not be entered again.
        var isIncomplete = false
        /// What it does, and what failed last, for those that do not come back.
        var state = "connected"
        var problem: String?
    }

    struct State: Sendable {
        var members: [Member]
        var hasBegun = false
        /// From when the server could be reached, as far as we know.
        var listeningAt: UInt64?
        var lost = 0
        var restored = 0
        var droppedLater = 0
        var heads: [UInt64] = []
        var headsRefused = 0
        var headsFailed = 0
        var headsBad = 0
        var failures = 0
        var failureSample: String?
    }

    private let state: Mutex<State>

    init(count: Int) { state = Mutex(State(members: Array(repeating: Member(), count: count))) }

    var now: State { state.withLock { $0 } }
    var lost: Int { state.withLock { $0.lost } }
    var restored: Int { state.withLock { $0.restored } }

    /// What is lost from here on belongs to the outage.
    func begin() { state.withLock { $0.hasBegun = true } }

    /// The server can be reached, as far as we know: probes that begin now and fail are a fault.
    func listening(at now: UInt64 = NIODeadline.now().uptime) { state.withLock { $0.listeningAt = now } }

    // MARK: Told by clients, on their loops

    func trace(_ number: Int, _ step: ClientTrace) {
        switch step {
        case .probeAnswered(let status):
            let now = NIODeadline.now().uptime
            state.withLock { state in
                guard state.hasBegun else { return }
                state.heads.append(now)
                if status != 302 { state.headsBad += 1 }
            }
        case .changed(let change):
            let now = NIODeadline.now().uptime
            state.withLock { $0.changed(number, change, now: now) }
        case .connected, .secured, .upgraded, .acknowledged: break
        }
    }

    func problem(_ number: Int, _ problem: ClientProblem) {
        state.withLock { state in
            guard state.hasBegun else { return }
            if case .probeFailed = problem {
                // Of a crowd some hear late that nobody listened when they asked.
                if let listeningAt = state.listeningAt, state.members[number].probedAt >= listeningAt {
                    state.headsFailed += 1
                } else {
                    state.headsRefused += 1
                }
                return
            }
            state.failures += 1
            if state.failureSample == nil { state.failureSample = "\(problem)" }
            state.members[number].problem = "\(problem)"
            switch problem {
            case .namespaceLost, .roomLost: state.members[number].isIncomplete = true
            case .probeFailed, .dialFailed: break
            }
        }
    }
}

extension StormTally.State {
    mutating func changed(_ number: Int, _ change: ClientState, now: UInt64) {
        switch change {
        case .waiting(let tries):
            lose(number, now: now)
            members[number].tries = tries
            members[number].state = "waiting, try \(tries)"
        case .closed(let reason):
            lose(number, now: now)
            members[number].state = "ended: \(reason)"
        case .restoring:
            members[number].isIncomplete = false
            members[number].state = "entering its rooms"
        case .connected:
            guard members[number].isAway else { return }
            members[number].isAway = false
            members[number].state = "connected"
            guard hasBegun, !members[number].isIncomplete, members[number].restoredAt == nil else { return }
            members[number].restoredAt = now
            restored += 1
        case .probing:
            members[number].probedAt = now
            members[number].state = "probing, try \(members[number].tries)"
        case .dialing(let tries):
            members[number].tries = tries
            members[number].state = "dialing, try \(tries)"
        case .idle, .connecting: break
        }
    }

    private mutating func lose(_ number: Int, now: UInt64) {
        guard !members[number].isAway else { return }
        members[number].isAway = true
        guard hasBegun else { return }
        if members[number].lostAt == nil {
            members[number].lostAt = now
            lost += 1
        } else if members[number].restoredAt != nil {
            droppedLater += 1
        }
    }
}
