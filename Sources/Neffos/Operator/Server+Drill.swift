import Logging
import NIOCore
import NeffosFeed
import NeffosSession
import Synchronization

/// An outage on purpose: the listener goes away, connections are cut as a lost network would cut them, and the listener comes back.
extension Server {
    /// How long a listener that cannot be opened again is waited for, and how often it is tried.
    struct DrillTiming: Sendable {
        @TaskLocal static var current = DrillTiming()
        var patience = Duration.seconds(10)
        var pause = Duration.milliseconds(50)
        var longestPause = Duration.seconds(1)
    }

    private struct Drill: Sendable {
        var percent: Double
        var away: Duration
        var candidates: [Connection]
        var command: OperatorCommand
        var listener: Listener
        /// All endpoints behind the listener.
        var servers: [Server]
        var target: String
        /// When the listener went.
        var start = ContinuousClock.now
        var dropped = 0
    }

    /// Nothing is changed where it is refused.
    func drill(
        _ percent: Double, away: Milliseconds, of candidates: [Connection], _ command: OperatorCommand
    ) async -> OperatorOutcome {
        let target = "\(DrillPlan.text(percent)) of \(candidates.count)"
        func refuse(_ reason: String) -> OperatorOutcome { audit(command, target: target, .refused(reason)) }
        guard let current = running.withLock({ $0 }) else { return refuse("the server is not running") }
        guard let listener = current.host.listener else {
            return refuse("the listener is not this server's own, so it cannot stay away; ask the server that listens")
        }
        guard listener.isOurs else {
            return refuse("the listening socket was passed in, so it cannot be closed and opened again; let the server listen by itself")
        }
        let drill = Drill(
            percent: percent, away: .milliseconds(away), candidates: candidates, command: command, listener: listener,
            servers: [self] + current.others, target: target)
        // In a task of its own: the listener comes back, whatever becomes of whoever asked.
        let task = drilling.withLock { running -> Task<OperatorOutcome, Never>? in
            guard running == nil else { return nil }
            let task = Task { await self.run(drill) }
            running = task
            return task
        }
        guard let task else { return refuse("a drill is under way; wait for its end") }
        return await task.value
    }

    /// Ends a drill that is under way; the listener stays away. Called where the server stops.
    func endDrill() async {
        while let task = drilling.withLock({ $0 }) {
            task.cancel()
            _ = await task.value
        }
    }

    // MARK: Inside

    private func run(_ drill: Drill) async -> OperatorOutcome {
        var drill = drill
        var generator = SystemRandomNumberGenerator()
        let chosen = DrillPlan.pick(drill.percent, of: drill.candidates, using: &generator)
        for server in drill.servers { server.admission.withLock { $0.isAway = true } }
        // Before its effects, so that whoever follows the feed knows what they come from.
        audit(
            drill.command, target: drill.target, OperatorOutcome(count: chosen.count, result: "started, away \(Self.text(drill.away))"),
            away: Self.milliseconds(drill.away))
        drill.start = .now
        await drill.listener.close()
        drill.dropped = await visit(chosen, atOnce: Self.changedAtOnce) { connection -> Int? in
            guard connection.phase != .closed, connection.closeCause == nil else { return nil }
            connection.cut(CloseInfo(code: .abnormal, reason: "drill", by: .operator))
            return 1
        }.count
        try? await Task.sleep(until: drill.start + drill.away, clock: .continuous)
        var outcome = OperatorOutcome(count: drill.dropped)
        let text = "dropped \(drill.dropped) of \(drill.candidates.count)"
        switch await reopen(drill, patience: DrillTiming.current.patience) {
        case .opened:
            outcome.result = "\(text), away \(Self.text(ContinuousClock.now - drill.start))"
            drilling.withLock { $0 = nil }
        case .ended:
            outcome.result = "\(text); the server stopped before the listener was back"
            drilling.withLock { $0 = nil }
        case .failed(let reason):
            outcome.result = "\(text); the listener is still away: \(reason); it is tried on"
            drilling.withLock { [drill] in $0 = Task { await self.keepOpening(drill) } }
        }
        logger.notice("drill over", metadata: ["result": "\(outcome.result)"])
        return outcome
    }

    private func keepOpening(_ drill: Drill) async -> OperatorOutcome {
        if case .opened = await reopen(drill, patience: nil) { logger.notice("the listener is back", metadata: ["url": "\(url)"]) }
        drilling.withLock { $0 = nil }
        return OperatorOutcome(count: 0)
    }

    private enum Reopening {
        case opened
        /// The server stops.
        case ended
        case failed(String)
    }

    /// - Parameter patience: how long to try; nil: until it works or the server stops.
    private func reopen(_ drill: Drill, patience: Duration?) async -> Reopening {
        let start = ContinuousClock.now
        var pause = DrillTiming.current.pause
        var isTold = false
        while !Task.isCancelled {
            do {
                try await drill.listener.open()
                // Before anybody is accepted, so that whoever follows the feed knows from when on clients could come back.
                tellListenerIsBack(drill)
                for server in drill.servers { server.admission.withLock { $0.isAway = false } }
                try await drill.listener.accept()
                return .opened
            } catch is CancellationError {
                return .ended
            } catch {
                let reason = Dialer.text(of: error)
                if !isTold { logger.error("the listener cannot be opened again", metadata: ["reason": "\(reason)"]) }
                isTold = true
                if let patience, ContinuousClock.now - start >= patience { return .failed(reason) }
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, DrillTiming.current.longestPause)
        }
        return .ended
    }

    private func tellListenerIsBack(_ drill: Drill) {
        let away = ContinuousClock.now - drill.start
        feed?.publish(
            .operatorAction(
                .init(
                    action: FeedEvent.OperatorAction.listenerBack, by: OperatorText.cut(drill.command.by, to: OperatorText.mostNameBytes),
                    target: drill.target, count: drill.dropped, result: "away \(Self.text(away))", away: Self.milliseconds(away))))
    }

    private static func microseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
    }

    private static func milliseconds(_ duration: Duration) -> Milliseconds { microseconds(duration) / 1000 }

    private static func text(_ duration: Duration) -> String { OperatorText.duration(microseconds: microseconds(duration)) }
}
