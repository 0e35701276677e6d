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
    private let watch: RunWatch
    private let work = Mutex<[Task<Void, Never>]>([])

    init(_ drills: [DrillPlan], control: any OperatorControl, watch: RunWatch, logger: Logger) {
        self.watch = watch
        self.drills = drills
        self.control = control
        self.logger = logger
        progress = Mutex(drills.map { _ in .waiting })
    }

    /// Begins to count, and to wait. Two that fall together are not done at once: the server refuses the second, which is told.
    func start() {
        let start = ContinuousClock.now
        for (index, drill) in drills.enumerated() {
            switch drill.at {
            case .after(let time):
                begin {
                    do { try await Task.sleep(until: start + time.duration) } catch { return }
                    await self.perform(index)
                }
            case .when(let expectation):
                watch.when(expectation) { self.begin { await self.perform(index) } }
            }
        }
    }

    private func begin(_ body: @escaping @Sendable () async -> Void) {
        let task = Task { await body() }
        work.withLock { $0.append(task) }
    }

    private func perform(_ index: Int) async {
        let drill = drills[index]
        logger.notice("drill", metadata: ["drill": "\(drill.text)"])
        progress.withLock { $0[index] = .begun }
        let outcome = await control.perform(drill.command)
        progress.withLock { $0[index] = .over(outcome) }
        // The server says what became of one that it began.
        if outcome.isRefused { logger.warning("drill refused", metadata: ["drill": "\(drill.text)", "reason": "\(outcome.result)"]) }
    }

    /// What has not begun is not done any more.
    func stop() { work.withLock { for task in $0 { task.cancel() } } }

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
