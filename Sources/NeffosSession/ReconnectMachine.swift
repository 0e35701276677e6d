package import NeffosWire

/// A client's way back after a drop: wait, probe, dial, restore (protocol sections 6 and 7).
///
/// It knows no time and no network: each input gives the actions to carry out, whose outcome is the next input. An input that does not fit
/// the state is a late arrival and does nothing.
package struct ReconnectMachine {
    package enum Input {
        /// The very first dial failed, with nothing to come back to yet.
        case firstDialFailed
        /// The connection is gone, with the peer's close code (nil: the network was lost) and what it was in.
        case dropped(CloseCode?, membership: [Membership])
        /// The wait is over.
        case waited
        /// The application does not want the attempt that is waited for.
        case declined
        /// The `HEAD` had no answer.
        case probeFailed
        /// The `HEAD` had an answer, whatever its status.
        case probeAnswered
        /// The upgrade failed, or the connection ended before the ack.
        case dialFailed
        /// The server answered the ack with `H`.
        case dialRefused
        /// The ack is complete.
        case acknowledged
        /// All of `restore` has been asked for; what failed has been logged.
        case restored
        /// Our own side closes for good.
        case stop
    }

    package enum Action: Equatable {
        /// Wait as long as ``Backoff/delay(attempt:random:)`` says.
        case wait(attempt: Int)
        case probe
        /// Upgrade; on the way back with `X-Websocket-Reconnect: tries`.
        case dial(tries: Int)
        /// Connect these namespaces and join their rooms, in order.
        case restore([Membership])
        /// The end; nothing more comes of any input.
        case giveUp(Reason)
    }

    package enum Reason: Equatable, Sendable {
        /// Our own side closed.
        case stopped
        /// The server closed with a code that one does not come back after.
        case closed(CloseCode)
        /// The server answered `H`.
        case refused
        /// The policy never comes back.
        case disabled
        /// The application did not want another attempt.
        case declined
        /// As many attempts were made as the policy allows.
        case triesExhausted
    }

    package enum State: Equatable, Sendable { case connected, waiting, probing, dialing, restoring, stopped }

    package let policy: ReconnectPolicy
    /// Connected, as far as this machine knows, until the first drop.
    package private(set) var state = State.connected
    /// Attempts in this outage, the coming one included: 1 from the drop on. A first connection's own first dial counts as one of those
    /// that are made for it. 0 before the first failure.
    package private(set) var tries = 0
    /// Whether there was no connection yet.
    private var isFirst = true
    /// What is to be restored. A second drop before all is restored keeps it.
    package private(set) var snapshot: [Membership] = []

    package init(policy: ReconnectPolicy) { self.policy = policy }

    package mutating func handle(_ input: Input) -> [Action] {
        if case .stop = input { return state == .stopped ? [] : giveUp(.stopped) }
        switch (state, input) {
        case (.connected, .firstDialFailed):
            guard policy.comesBack, policy.retriesFirstDial else { return giveUp(.disabled) }
            tries = 1
            return tryAgain()
        case (.connected, .dropped(let code, let membership)):
            snapshot = membership
            return drop(code)
        case (.restoring, .dropped(let code, let membership)):
            snapshot = entered(membership)
            return drop(code)
        case (.dialing, .dropped(let code, _)):
            if let code, !Self.comesBack(after: code) { return giveUp(.closed(code)) }
            return tryAgain()
        case (.waiting, .waited):
            guard policy.probes else { return dial() }
            state = .probing
            return [.probe]
        case (.waiting, .declined): return giveUp(.declined)
        case (.probing, .probeFailed), (.dialing, .dialFailed): return tryAgain()
        case (.probing, .probeAnswered): return dial()
        case (.dialing, .dialRefused): return giveUp(.refused)
        case (.dialing, .acknowledged):
            isFirst = false
            state = snapshot.isEmpty ? .connected : .restoring
            return snapshot.isEmpty ? [] : [.restore(snapshot)]
        case (.restoring, .restored):
            state = .connected
            snapshot = []
            return []
        default: return []
        }
    }

    /// Whether our client comes back after the server closed with `code` (protocol section 6).
    package static func comesBack(after code: CloseCode) -> Bool {
        switch code.rawValue {
        case 1001, 1006, 1011, 1012, 1013: true
        default: false
        }
    }

    /// The local side does not want to come back to a namespace, or to a room of it: it left while the way back was still going on.
    package mutating func forget(_ namespace: String, room: String? = nil) {
        snapshot.forget(namespace, room: room)
    }

    private mutating func drop(_ code: CloseCode?) -> [Action] {
        if let code, !Self.comesBack(after: code) { return giveUp(.closed(code)) }
        guard policy.comesBack else { return giveUp(.disabled) }
        tries = 0
        isFirst = false
        return tryAgain()
    }

    private mutating func dial() -> [Action] {
        state = .dialing
        return [.dial(tries: tries)]
    }

    private mutating func tryAgain() -> [Action] {
        if let maxTries = policy.maxTries, tries >= maxTries { return giveUp(.triesExhausted) }
        tries += 1
        state = .waiting
        // Nothing is waited for before the very first dial.
        return [.wait(attempt: isFirst ? tries - 1 : tries)]
    }

    private mutating func giveUp(_ reason: Reason) -> [Action] {
        state = .stopped
        snapshot = []
        return [.giveUp(reason)]
    }

    /// The snapshot, and after it what was entered beside it while it was being restored.
    ///
    /// - Parameter membership: what the connection is in.
    package func entered(_ membership: [Membership]) -> [Membership] {
        var all = snapshot
        for entered in membership {
            guard let index = all.firstIndex(where: { $0.namespace == entered.namespace }) else {
                all.append(entered)
                continue
            }
            all[index].rooms += entered.rooms.filter { !all[index].rooms.contains($0) }
        }
        return all
    }
}

extension [Membership] {
    /// Takes out a namespace with its rooms, or one of its rooms.
    package mutating func forget(_ namespace: String, room: String? = nil) {
        guard let room else { return removeAll { $0.namespace == namespace } }
        for index in indices where self[index].namespace == namespace { self[index].rooms.removeAll { $0 == room } }
    }
}
