import NIOCore
import NeffosSession
import NeffosWire

/// Enters the namespaces and rooms of before, in order. What fails is logged, and the others go on (protocol section 7).
extension Reconnector {
    func restore(_ snapshot: [Membership]) {
        guard let connection = state.value.connection else { return }
        status.publish(.restoring)
        enterNext(of: Restoration(snapshot), on: connection, step: nextStep())
    }

    private func enterNext(of restoration: Restoration, on connection: Connection, step: Int) {
        // Where it is closed, its owner is told next.
        guard step == state.value.step, connection.phase == .open else { return }
        var restoration = restoration
        guard let entry = restoration.next(wanted: state.value.machine.snapshot, hasEntered: { status.cameBack(to: $0) }) else {
            return outcome(step, .restored)
        }
        let rest = restoration
        state.value.entering = entry
        state.value.isAsking = true
        connection.enter(entry.namespace, room: entry.room, within: configuration.restoreWithin) { result in
            self.entered(entry, result, rest, on: connection, step: step)
        }
        state.value.isAsking = false
    }

    private func entered(
        _ entry: Restoration.Entry, _ result: Result<Message, any Error>, _ restoration: Restoration, on connection: Connection, step: Int
    ) {
        var restoration = restoration
        state.value.entering = nil
        for leaver in state.value.leaving { leaver.resume() }
        state.value.leaving = []
        if case .failure(let error) = result {
            if entry.room == nil { restoration.skip(entry.namespace) }
            report(entry, error, on: connection, step: step)
        }
        guard state.value.isAsking else { return enterNext(of: restoration, on: connection, step: step) }
        // Of thousands of rooms each may be told at once, which is not to be as many calls deep.
        let rest = restoration
        loop.execute { self.enterNext(of: rest, on: connection, step: step) }
    }

    /// A connection that was lost again, or what was left meanwhile, is no news.
    private func report(_ entry: Restoration.Entry, _ error: any Error, on connection: Connection, step: Int) {
        let isAwaited = state.value.machine.snapshot.contains { $0.namespace == entry.namespace }
        guard step == state.value.step, connection.phase == .open, isAwaited else { return }
        report(
            entry.room.map { .roomLost($0, namespace: entry.namespace, error) } ?? .namespaceLost(entry.namespace, error))
    }

    /// Returns once nobody waits for an answer about this any more: before that it cannot be left.
    func awaitAnswer(about namespace: String, room: String?) async {
        await withCheckedContinuation { continuation in
            loop.execute {
                guard self.state.value.entering == Restoration.Entry(namespace: namespace, room: room) else { return continuation.resume() }
                self.state.value.leaving.append(continuation)
            }
        }
    }
}
