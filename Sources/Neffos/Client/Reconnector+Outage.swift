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
        guard step == state.value.step, state.value.phase == .running else { return }
        self.input(input)
    }

    private func perform(_ action: ReconnectMachine.Action) {
        switch action {
        case .wait(let attempt): wait(attempt)
        case .probe: probe()
        case .dial(let tries):
            status.publish(.dialing(tries: tries))
            dial(tries: tries)
        case .restore(let snapshot): restore(snapshot)
        case .giveUp(let reason): end(self.reason(reason))
        }
    }

    private func wait(_ attempt: Int) {
        status.publish(.waiting(tries: state.value.machine.tries))
        let step = nextStep()
        let delay = Backoff(policy: configuration.reconnect.policy).delay(attempt: attempt, random: environment.random())
        state.value.work = Task {
            try? await environment.wait(delay)
            self.loop.execute { self.outcome(step, .waited) }
        }
    }

    private func probe() {
        status.publish(.probing)
        let step = nextStep()
        let dial = dialer.probe(on: loop, within: configuration.probeWithin)
        state.value.dial = dial
        dial.result.whenComplete { result in
            switch result {
            case .success: self.outcome(step, .probeAnswered)
            case .failure: self.outcome(step, .probeFailed)
            }
        }
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
                    await self.report(step, error, "a namespace could not be entered again", namespace)
                    continue
                }
                for room in membership.rooms {
                    guard await self.isWanted(step, namespace, room) else { continue }
                    do {
                        try await connection.join(room, in: namespace, within: limit)
                    } catch {
                        await self.report(step, error, "a room could not be entered again", namespace, room)
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

    private func report(_ step: Int, _ error: any Error, _ what: Logger.Message, _ namespace: String, _ room: String = "") async {
        // A connection that was lost again is no news about the room.
        guard await isWanted(step, namespace) else { return }
        logger.warning(
            what,
            metadata: [
                "namespace": "\(ClientError.printable(namespace))", "room": "\(ClientError.printable(room))",
                "error": "\(ClientError.printable("\(error)"))",
            ])
    }

    private func onLoop(_ read: @escaping @Sendable (State) -> Bool) async -> Bool {
        await withCheckedContinuation { continuation in
            loop.execute { continuation.resume(returning: read(self.state.value)) }
        }
    }

    /// The local side leaves: it does not want to come back there either.
    ///
    /// - Returns: the connection to ask for it, nil while there is none and forgetting was all there was to do.
    func forget(_ namespace: String, room: String? = nil) async -> (connection: Connection?, wasAwaited: Bool) {
        await withCheckedContinuation { continuation in
            loop.execute {
                let wasAwaited = self.state.value.machine.snapshot.contains {
                    $0.namespace == namespace && (room.map($0.rooms.contains) ?? true)
                }
                self.state.value.machine.forget(namespace, room: room)
                if room == nil { self.status.cameBack(to: namespace) }
                continuation.resume(returning: (self.status.connection, wasAwaited))
            }
        }
    }

    private func reason(_ reason: ReconnectMachine.Reason) -> ClientState.Reason {
        switch reason {
        case .stopped: .requested
        case .closed: .closed(state.value.lastEnd)
        case .refused: .refused(state.value.refusal)
        case .disabled: .lost(state.value.lastEnd)
        case .triesExhausted: .triesExhausted
        }
    }
}
