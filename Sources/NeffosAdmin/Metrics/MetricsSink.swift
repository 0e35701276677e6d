import NeffosFeed
import Synchronization

/// Counts what the feed tells, for whoever scrapes.
final class MetricsSink: FeedSink {
    private let state = Mutex(MetricsLedger())

    var ledger: MetricsLedger { state.withLock { $0 } }

    func receive(_ batch: [FeedEntry]) {
        state.withLock { ledger in for entry in batch { ledger.take(entry.event) } }
    }
}
