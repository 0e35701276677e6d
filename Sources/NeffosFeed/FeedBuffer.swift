import Synchronization

/// The events of one event loop on their way into the feed. The loop never waits for anybody: what finds no room is dropped and counted.
///
/// It is used from its loop only; the feed's thread empties it, which is what the lock is for.
package final class FeedBuffer: Sendable {
    /// The most bytes that names and bodies in a buffer may take.
    package static let usualByteLimit = 64 << 20

    let id: Int
    private let signal: FeedSignal
    private let now: @Sendable () -> FeedTime
    private let contents: Mutex<Contents>

    struct Contents: Sendable {
        var backlog: FeedBacklog
        var isRetired = false
    }

    init(id: Int, capacity: Int, byteLimit: Int, signal: FeedSignal, now: @escaping @Sendable () -> FeedTime) {
        self.id = id
        self.signal = signal
        self.now = now
        contents = Mutex(Contents(backlog: FeedBacklog(capacity: capacity, byteLimit: byteLimit)))
    }

    /// Publishes an event that happened now. It is not built when nobody listens; where there is no room for it, it is built to be
    /// counted by type.
    package func publish(_ kind: @autoclosure () -> FeedEvent.Kind) {
        guard signal.isObserved else { return }
        append(FeedEvent(time: now(), kind: kind()))
    }

    /// Publishes an event that happened at `time`.
    package func publish(at time: FeedTime, _ kind: @autoclosure () -> FeedEvent.Kind) {
        guard signal.isObserved else { return }
        append(FeedEvent(time: time, kind: kind()))
    }

    /// Answers the snapshot source's question: who is on this loop at this very moment, and its counters, which are added up over all
    /// loops.
    package func publishSnapshotPart(_ connections: [FeedEvent.FeedSnapshot.Present], counters: [String: Int]) {
        guard signal.isObserved else { return }
        contents.withLock { $0.backlog.append(FeedBacklog.Part(connections: connections, counters: counters)) }
        signal.notice()
    }

    /// Its loop ends: what is in it is still drained, then the feed forgets it and asks it for no more parts.
    package func retire() {
        contents.withLock { $0.isRetired = true }
        signal.notice()
    }

    func append(_ event: FeedEvent) {
        let isHalfFull = contents.withLock { contents in
            contents.backlog.append(event)
            return contents.backlog.isHalfFull
        }
        if isHalfFull { signal.hasten() } else { signal.notice() }
    }

    func withContents(_ body: (inout Contents) -> Void) {
        contents.withLock { body(&$0) }
    }
}
