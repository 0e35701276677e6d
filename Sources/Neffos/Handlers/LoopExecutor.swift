import Dispatch
import NIOCore

/// Runs the tasks of handlers on an event loop: what a handler resumes with after a wait is on its connection's loop again.
final class LoopExecutor: TaskExecutor {
    private let gate: LoopGate

    init(_ gate: LoopGate) { self.gate = gate }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if gate.tryExecute({ job.runSynchronously(on: self.asUnownedTaskExecutor()) }) { return }
        // A handler that outlived its server: it finds its connection closed, and ends somewhere.
        DispatchQueue.global().async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
