import Dispatch
import Synchronization

/// What buffers and the feed's thread tell each other: whether anybody listens, that there is something, that there is much.
///
/// A buffer is filled before it calls ``notice()``, and the thread calls ``beginDrain()`` before it looks into the buffers. Both do so
/// around the buffer's lock, so either the thread sees the event or the publisher sees the flag down and wakes it.
final class FeedSignal: Sendable {
    private let observed = Atomic<Bool>(false)
    private let pending = Atomic<Bool>(false)
    private let urgent = Atomic<Bool>(false)
    private let wake = DispatchSemaphore(value: 0)
    private let hurry = DispatchSemaphore(value: 0)

    var isObserved: Bool {
        get { observed.load(ordering: .relaxed) }
        set { observed.store(newValue, ordering: .relaxed) }
    }

    /// Something was published. Costs a load where the thread knows already.
    func notice() {
        if pending.load(ordering: .relaxed) { return }
        if !pending.exchange(true, ordering: .acquiringAndReleasing) { wake.signal() }
    }

    /// The thread should not wait for the end of its tick.
    func hasten() {
        if !urgent.load(ordering: .relaxed), !urgent.exchange(true, ordering: .acquiringAndReleasing) { hurry.signal() }
        notice()
    }

    /// Wakes the thread whatever the flags say. Its count of signals is then one too many, which costs one empty tick.
    func interrupt() {
        hurry.signal()
        wake.signal()
    }

    /// Sleeps until something is published, if it `mayDoze`, then one tick to gather. Returns whether the tick was cut short.
    func waitForTick(_ tick: DispatchTimeInterval, mayDoze: Bool) -> Bool {
        if mayDoze { wake.wait() }
        return hurry.wait(timeout: .now() + tick) == .success
    }

    func beginDrain(dozed: Bool) {
        urgent.store(false, ordering: .relaxed)
        if pending.exchange(false, ordering: .acquiringAndReleasing), !dozed {
            // The signal that came with the flag; left in place it would wake the thread for nothing.
            _ = wake.wait(timeout: .now())
        }
    }
}
