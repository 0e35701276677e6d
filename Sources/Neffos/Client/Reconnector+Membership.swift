import NIOCore
import NeffosSession

/// What a client is in or comes back to, and those who wait for a connection.
extension Reconnector {
    // MARK: Membership

    /// What it is in, or while it is away, what it will enter again, in that order.
    func membership() async -> [Membership] {
        await withCheckedContinuation { continuation in
            loop.execute { continuation.resume(returning: self.wanted) }
        }
    }

    private var wanted: [Membership] {
        let machine = state.value.machine
        switch machine.state {
        case .connected, .restoring: return machine.entered(status.connection?.machine.membership ?? state.value.membership)
        case .waiting, .probing, .dialing: return machine.snapshot
        case .stopped: return []
        }
    }

    /// The local side leaves: it does not want to come back there either.
    ///
    /// - Returns: the connection to ask for it, nil while there is none and forgetting was all there was to do; and whether it was to be
    ///   entered again.
    func forget(_ namespace: String, room: String? = nil) async -> (connection: Connection?, wasAwaited: Bool) {
        await withCheckedContinuation { continuation in
            loop.execute {
                let wasAwaited = self.forgetNow(namespace, room: room)
                if room == nil { self.status.cameBack(to: namespace) }
                continuation.resume(returning: (self.status.connection, wasAwaited))
            }
        }
    }

    private func forgetNow(_ namespace: String, room: String?) -> Bool {
        func isIn(_ all: [Membership]) -> Bool {
            all.contains { $0.namespace == namespace && (room.map($0.rooms.contains) ?? true) }
        }
        var wasAwaited = isIn(state.value.machine.snapshot)
        state.value.machine.forget(namespace, room: room)
        // Between the end of the channel and that of its last handler, what it was in is not in the machine yet.
        if status.connection == nil, isIn(state.value.membership), state.value.connection != nil {
            wasAwaited = true
            state.value.membership.forget(namespace, room: room)
        }
        return wasAwaited
    }

    // MARK: Waiting for a connection

    /// Somebody who waits for a connection, until a deadline.
    struct Waiting {
        let waiter: ClientWaiter<Connection>
        let deadline: Scheduled<Void>
    }

    /// - Parameter last: one that has ended.
    /// - Returns: the acknowledged connection of the moment, or the next one.
    /// - Throws: ``NeffosError``: `timeout`, or `write closed` where the client has ended; `CancellationError`.
    func connection(after last: Connection?, by deadline: NIODeadline) async throws -> Connection {
        let waiter = ClientWaiter<Connection>()
        loop.execute {
            if let connection = self.status.connection, connection !== last { return waiter.resume(.success(connection)) }
            if self.state.value.phase == .ended { return waiter.resume(.failure(NeffosError(.writeClosed))) }
            let timer = self.loop.scheduleTask(deadline: deadline) { self.give(waiter, .failure(NeffosError(.timeout))) }
            self.state.value.waiting.append(Waiting(waiter: waiter, deadline: timer))
        }
        return try await waiter.value {
            self.loop.execute { self.give(waiter, .failure(CancellationError())) }
        }
    }

    private func give(_ waiter: ClientWaiter<Connection>, _ outcome: Result<Connection, any Error>) {
        if let index = state.value.waiting.firstIndex(where: { $0.waiter === waiter }) {
            state.value.waiting.remove(at: index).deadline.cancel()
        }
        waiter.resume(outcome)
    }

    func resumeWaiting(with connection: Connection) { resumeWaiting(.success(connection)) }

    func failWaiting() { resumeWaiting(.failure(NeffosError(.writeClosed))) }

    private func resumeWaiting(_ outcome: Result<Connection, any Error>) {
        let waiting = state.value.waiting
        state.value.waiting = []
        for entry in waiting {
            entry.deadline.cancel()
            entry.waiter.resume(outcome)
        }
    }
}
