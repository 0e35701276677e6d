import Logging
import NIOCore
import NeffosSession

/// The way back, as ``ReconnectMachine`` decides it.
extension Reconnector {
    func input(_ input: ReconnectMachine.Input) {
        for action in state.value.machine.handle(input) { perform(action) }
        guard case .connected = state.value.machine.state, state.value.phase == .running else { return }
        if status.state == .connected(status.id) { return }
        status.endRestoring()
        status.publish(.connected(status.id))
    }

    /// The outcome of what was begun as `step`.
    private func outcome(_ step: Int, _ input: ReconnectMachine.Input) {
        guard step == state.value.step, state.value.phase == .running || state.value.phase == .connecting else { return }
        self.input(input)
    }

    private func perform(_ action: ReconnectMachine.Action) {
        switch action {
        case .wait(let attempt): wait(attempt)
        case .probe: probe()
        case .dial(let tries):
            status.publish(.dialing(tries: tries))
            // A first connection was not lost before: the server is told of no tries.
            dial(tries: state.value.phase == .connecting ? 0 : tries)
        case .restore(let snapshot): restore(snapshot)
        case .giveUp(let reason):
            if state.value.phase == .connecting { return firstFailed(state.value.dialError ?? ClientError.ended) }
            end(self.reason(reason))
        }
    }

    private func wait(_ attempt: Int) {
        let tries = state.value.machine.tries
        status.publish(.waiting(tries: tries))
        let step = nextStep()
        let delay = Backoff(policy: configuration.reconnect.policy).delay(attempt: attempt, random: environment.random())
        let drop = dropInfo
        state.value.work = Task {
            if let shouldReconnect = configuration.shouldReconnect, await !shouldReconnect(drop, tries) {
                return self.loop.execute { self.outcome(step, .declined) }
            }
            try? await environment.wait(delay)
            self.loop.execute { self.outcome(step, .waited) }
        }
    }

    /// How the connection was lost, or where there was none yet, what stands in its way.
    private var dropInfo: CloseInfo {
        if state.value.phase == .running { return status.lastClose ?? .lost }
        if case .closedBeforeAck(let info)? = state.value.dialError as? ClientError { return info }
        return CloseInfo(code: .abnormal, reason: state.value.dialError.map { "\($0)" } ?? "", by: .network)
    }

    private func probe() {
        status.publish(.probing)
        let step = nextStep()
        let dial = dialer.probe(on: loop, within: configuration.probeWithin)
        state.value.dial = dial
        dial.result.whenComplete { result in
            switch result {
            case .success: self.outcome(step, .probeAnswered)
            case .failure(let error): self.probeFailed(step, error)
            }
        }
    }

    private func probeFailed(_ step: Int, _ error: any Error) {
        guard step == state.value.step else { return }
        if state.value.phase == .connecting { state.value.dialError = error }
        report(.probeFailed(error, tries: state.value.machine.tries))
        outcome(step, .probeFailed)
    }

    /// Enters the namespaces and rooms of before, in order. What fails is logged, and the others go on (protocol section 7).
    private func restore(_ snapshot: [Membership]) {
        guard let connection = state.value.connection else { return }
        status.publish(.restoring)
        let step = nextStep()
        let limit = configuration.restoreWithin
        state.value.work = Task {
            for membership in snapshot {
                let namespace = membership.namespace
                guard await self.isWanted(step, namespace) else { continue }
                do {
                    try await connection.connect(to: namespace, within: limit)
                } catch {
                    await self.report(step, .namespaceLost(namespace, error), namespace)
                    continue
                }
                for room in membership.rooms {
                    guard await self.isWanted(step, namespace, room) else { continue }
                    do {
                        try await connection.join(room, in: namespace, within: limit)
                    } catch {
                        await self.report(step, .roomLost(room, namespace: namespace, error), namespace)
                    }
                }
                if await self.isWanted(step, namespace) { self.status.cameBack(to: namespace) }
            }
            self.loop.execute { self.outcome(step, .restored) }
        }
    }

    /// Whether the restoring goes on and this is still to be entered: it may have been left meanwhile.
    private func isWanted(_ step: Int, _ namespace: String, _ room: String? = nil) async -> Bool {
        await onLoop { state in
            guard state.step == step, let entry = state.machine.snapshot.first(where: { $0.namespace == namespace }) else { return false }
            return room.map(entry.rooms.contains) ?? true
        }
    }

    /// - Parameter namespace: where it was not left meanwhile; and a connection that was lost again is no news about a room.
    private func report(_ step: Int, _ problem: ClientProblem, _ namespace: String) async {
        guard await isWanted(step, namespace) else { return }
        loop.execute { self.report(problem) }
    }

    private func onLoop(_ read: @escaping @Sendable (State) -> Bool) async -> Bool {
        await withCheckedContinuation { continuation in
            loop.execute { continuation.resume(returning: read(self.state.value)) }
        }
    }

    private func reason(_ reason: ReconnectMachine.Reason) -> ClientState.Reason {
        switch reason {
        case .stopped: .requested
        case .closed: .closed(state.value.lastEnd)
        case .refused: .refused(state.value.refusal)
        case .disabled, .declined: .lost(state.value.lastEnd)
        case .triesExhausted: .triesExhausted
        }
    }
}
