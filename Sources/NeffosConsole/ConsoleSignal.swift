import Synchronization

/// What other threads tell the console's. Many changes before it looks are one wake-up.
final class ConsoleSignal: Sendable {
    private let changed = Atomic<Bool>(false)
    private let stopped = Atomic<Bool>(false)
    private let wake: @Sendable () -> Void

    init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

    var hasChange: Bool { changed.load(ordering: .acquiring) }
    var isStopped: Bool { stopped.load(ordering: .acquiring) }

    func change() {
        if !changed.exchange(true, ordering: .acquiringAndReleasing) { wake() }
    }

    func takeChange() { changed.store(false, ordering: .sequentiallyConsistent) }

    func stop() {
        stopped.store(true, ordering: .releasing)
        wake()
    }
}
