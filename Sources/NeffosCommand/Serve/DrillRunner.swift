import Logging
import NeffosFeed
import NeffosObservatory
import Synchronization

/// Has the drills of the command line done, each at its time.
final class DrillRunner: Sendable {
    private enum Progress: Sendable {
        case waiting
        case begun
        case over(OperatorOutcome)
    }

    /// By the drill's place.
    private let progress: Mutex<[Progress]>
    private let drills: [DrillPlan]
    private let control: any OperatorControl
    private let logger: Logger
    private let work = Mutex<Task<Void, Never>?>(nil)

    init(_ drills: [DrillPlan], control: any OperatorControl, logger: Logger) {
        self.drills = drills
        self.control = control
        self.logger = logger
        progress = Mutex(drills.map { _ in .waiting })
    }

    /// Begins to count; two that fall together are done one after the other.
    func start() {
        let start = ContinuousClock.now
        let inOrder = drills.indices.sorted { (drills[$0].at.milliseconds, $0) < (drills[$1].at.milliseconds, $1) }
        let task = Task {
            for index in inOrder {
                let drill = drills[index]
                do { try await Task.sleep(until: start + drill.at.duration) } catch { return }
                logger.notice("drill", metadata: ["drill": "\(drill.text)"])
                progress.withLock { $0[index] = .begun }
                let outcome = await control.perform(drill.command)
                progress.withLock { $0[index] = .over(outcome) }
                logger.notice("drill is over", metadata: ["connections": "\(outcome.count)", "result": "\(outcome.result)"])
            }
        }
        work.withLock { $0 = task }
    }

    /// What has not begun is not done any more.
    func stop() { work.withLock { $0?.cancel() } }

    /// Drills that did not happen, as expectations that were not met: a run that was to show a return and had none has shown nothing.
    var failures: [ExpectationResult] {
        zip(drills, progress.withLock { $0 }).compactMap { drill, progress in
            let actual: String
            switch progress {
            case .waiting: actual = "the run ended before it began"
            case .over(let outcome) where outcome.isRefused: actual = outcome.result
            case .over(let outcome) where outcome.count == 0: actual = "nobody was there to drop"
            case .begun, .over: return nil
            }
            return ExpectationResult(text: "--drill \(drill.text)", expected: "done", actual: actual, passed: false)
        }
    }
}
