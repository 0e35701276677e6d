import Logging
public import NeffosFeed
import NeffosWire
import Synchronization

/// What an operator asks of a server. Each command comes back as one `operator.action` event, whatever came of it.
extension Server: OperatorControl {
    /// As ``ServerConfiguration/isReadOnly`` says.
    public var isReadOnly: Bool { configuration.isReadOnly }

    /// Does what an operator asks, and returns once it is done: a drill when the listener is back, a drain when it has begun.
    ///
    /// Targets that a filter finds are the model's to find, not the engine's: such a command is refused.
    public func perform(_ command: OperatorCommand) async -> OperatorOutcome {
        switch OperatorOrder.of(command, server: self) {
        case .refused(let outcome): return audit(command, target: OperatorText.targets(command), outcome)
        case .about(let targets):
            if case .drill(let percent, let away) = command.action {
                return await drill(percent, away: away, of: targets, command)
            }
            return audit(command, target: OperatorText.targets(command, found: targets), await carryOut(command.action, targets))
        case .general:
            if case .drain = command.action { return drain(by: command) }
            return audit(command, target: OperatorText.targets(command), await carryOut(command.action, []))
        }
    }

    private func carryOut(_ action: OperatorCommand.Action, _ targets: [Connection]) async -> OperatorOutcome {
        switch action {
        case .kick(let code, let reason, let holdOff):
            await kick(targets, code: CloseCode(rawValue: UInt16(clamping: code)), reason: reason, holdOff: holdOff)
        case .disconnect(let namespace): await move(targets, .disconnect(namespace))
        case .join(let namespace, let room): await move(targets, .join(namespace, room))
        case .leave(let namespace, let room): await move(targets, .leave(namespace, room))
        case .send(let namespace, let room, let event, let body):
            await send(OperatorText.message(namespace, room, event, body), to: targets)
        case .broadcast(let namespace, let room, let event, let body):
            await broadcastAll(OperatorText.message(namespace, room, event, body))
        case .ping: await ping(targets)
        case .tap(let isOn): await tap(targets, isOn)
        case .pauseAdmission: pauseAdmission(true)
        case .resumeAdmission: pauseAdmission(false)
        case .drain, .drill: .refused("it is done elsewhere")
        }
    }

    /// Publishes what came of a command.
    @discardableResult
    func audit(_ command: OperatorCommand, target: String, _ outcome: OperatorOutcome, away: Milliseconds? = nil) -> OperatorOutcome {
        feed?.publish(OperatorText.event(of: command, target: target, outcome, away: away))
        logger.info(
            "an operator's command",
            metadata: [
                "action": "\(command.action.name)", "by": "\(ClientError.printable(command.by))", "count": "\(outcome.count)",
                "result": "\(ClientError.printable(outcome.result))",
            ])
        return outcome
    }

    // MARK: Admission

    private func pauseAdmission(_ isPaused: Bool) -> OperatorOutcome {
        let was = admission.withLock { $0.pause(isPaused) }
        guard was == isPaused else { return OperatorOutcome(count: 0) }
        return OperatorOutcome(count: 0, result: isPaused ? FeedEvent.OperatorAction.pausedAlready : FeedEvent.OperatorAction.notPaused)
    }

    private func drain(by command: OperatorCommand) -> OperatorOutcome {
        let count = registry.count
        let outcome = audit(
            command, target: OperatorText.targets(command), OperatorOutcome(count: count, result: "draining, then the server stops"))
        let by = OperatorText.cut(command.by, to: OperatorText.mostNameBytes)
        // Nobody waits for it here: whoever asked is a client of somebody, and may be gone before all are. And before `run` hears of it, which
        // would stop without saying why.
        beginShutdown(grace: configuration.grace, reason: "drained by an operator")
        drainLatch.open()
        hooks.onDrainRequested?(by)
        return outcome
    }
}
