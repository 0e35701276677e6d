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
    func outcome(_ step: Int, _ input: ReconnectMachine.Input) {
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
        if configuration.shouldReconnect == nil, environment.wait == nil {
            // The usual case needs no task.
            state.value.waitTimer = loop.scheduleTask(in: TimeAmount(delay)) {
                self.state.value.waitTimer = nil
                self.outcome(step, .waited)
            }
            return
        }
        let drop = dropInfo
        state.value.work = Task {
            if let shouldReconnect = configuration.shouldReconnect, await !shouldReconnect(drop, tries) {
                return self.loop.execute { self.outcome(step, .declined) }
            }
            if let wait = environment.wait { try? await wait(delay) } else { try? await Task.sleep(for: delay) }
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
        let probe = dialer.probe(on: loop, within: configuration.probeWithin, keepsLine: !state.value.avoidsLines)
        state.value.probe = probe
        probe.result.whenComplete { result in
            switch result {
            case .success(let line):
                guard step == self.state.value.step else { return line?.close() ?? () }
                self.state.value.probe = nil
                self.state.value.line = line
                self.outcome(step, .probeAnswered)
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
