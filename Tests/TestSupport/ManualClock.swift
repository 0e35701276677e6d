package import NeffosFeed
import Synchronization

/// A clock that stands still until a test moves it.
package final class ManualClock: Sendable {
    private let time: Mutex<FeedTime>

    /// Starts at 2026-01-31T12:00:00.000Z, or at `start`.
    package init(_ start: FeedTime = FeedTime(milliseconds: 1_769_860_800_000)) { time = Mutex(start) }

    package var now: FeedTime { time.withLock { $0 } }

    package func advance(by milliseconds: Milliseconds) { time.withLock { $0 = $0 + milliseconds } }

    /// Sets the clock, also back.
    package func set(_ now: FeedTime) { time.withLock { $0 = now } }

    /// The clock as what takes a clock wants it: `EventFeed(node: "n", now: clock.read)`.
    package var read: @Sendable () -> FeedTime { { self.now } }
}
