import NIOCore

/// Runs the tasks of handlers on an event loop: what a handler resumes with after a wait is on its connection's loop again.
///
/// A task left on a loop that was shut down never ends: connections end before their loops.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
