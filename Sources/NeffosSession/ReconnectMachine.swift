package import NeffosWire

/// A client's way back after a drop: wait, probe, dial, restore (protocol sections 6 and 7).
///
/// It knows no time and no network: each input gives the actions to carry out, whose outcome is the next input. An input that does not fit
/// the state is a late arrival and does nothing.
package struct ReconnectMachine {
    package enum Input {
        /// The connection is gone, with the peer's close code (nil: the network was lost) and what it was in.
        case dropped(CloseCode?, membership: [Membership])
        /// The wait is over.
        case waited
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
        /// Upgrade, with `X-Websocket-Reconnect: tries`.
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
        /// As many attempts were made as the policy allows.
        case triesExhausted
    }

    package enum State: Equatable, Sendable { case connected, waiting, probing, dialing, restoring, stopped }

    package let policy: ReconnectPolicy
    /// Connected, as far as this machine knows, until the first drop.
    package private(set) var state = State.connected
    /// Attempts in this outage, the first included: 1 from the drop on. 0 before the first drop.
    package private(set) var tries = 0
    /// What is to be restored. A second drop before all is restored keeps it.
    package private(set) var snapshot: [Membership] = []

    package init(policy: ReconnectPolicy) { self.policy = policy }

    package mutating func handle(_ input: Input) -> [Action] {
        if case .stop = input { return state == .stopped ? [] : giveUp(.stopped) }
        switch (state, input) {
        case (.connected, .dropped(let code, let membership)):
            snapshot = membership
            return drop(code)
        case (.restoring, .dropped(let code, let membership)):
            addToSnapshot(membership)
            return drop(code)
        case (.dialing, .dropped(let code, _)):
            if let code, !Self.comesBack(after: code) { return giveUp(.closed(code)) }
            return tryAgain()
        case (.waiting, .waited):
            state = .probing
            return [.probe]
        case (.probing, .probeFailed), (.dialing, .dialFailed): return tryAgain()
        case (.probing, .probeAnswered):
            state = .dialing
            return [.dial(tries: tries)]
        case (.dialing, .dialRefused): return giveUp(.refused)
        case (.dialing, .acknowledged):
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
        guard let room else {
            snapshot.removeAll { $0.namespace == namespace }
            return
        }
        for index in snapshot.indices where snapshot[index].namespace == namespace { snapshot[index].rooms.removeAll { $0 == room } }
    }

    private mutating func drop(_ code: CloseCode?) -> [Action] {
        if let code, !Self.comesBack(after: code) { return giveUp(.closed(code)) }
        guard policy.comesBack else { return giveUp(.disabled) }
        tries = 1
        state = .waiting
        return [.wait(attempt: tries)]
    }

    private mutating func tryAgain() -> [Action] {
        if let maxTries = policy.maxTries, tries >= maxTries { return giveUp(.triesExhausted) }
        tries += 1
        state = .waiting
        return [.wait(attempt: tries)]
    }

    private mutating func giveUp(_ reason: Reason) -> [Action] {
        state = .stopped
        snapshot = []
        return [.giveUp(reason)]
    }

    /// Adds what was entered beside the snapshot while it was being restored.
    private mutating func addToSnapshot(_ membership: [Membership]) {
        for entered in membership {
            guard let index = snapshot.firstIndex(where: { $0.namespace == entered.namespace }) else {
                snapshot.append(entered)
                continue
            }
            snapshot[index].rooms += entered.rooms.filter { !snapshot[index].rooms.contains($0) }
        }
    }
}
