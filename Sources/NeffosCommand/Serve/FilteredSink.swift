import NeffosFeed
import NeffosObservatory
import Synchronization

/// Hands on only what passes a filter; each event keeps its `seq`.
final class FilteredSink: FeedSink {
    private let filter: Mutex<FeedFilter>
    private let sink: any FeedSink

    init(_ query: Query, _ sink: any FeedSink) {
        filter = Mutex(FeedFilter(query))
        self.sink = sink
    }

    func receive(_ batch: [FeedEntry]) {
        let passed = filter.withLock { filter in batch.filter { filter.passes($0.event) } }
        if !passed.isEmpty { sink.receive(passed) }
    }

    func finish() { sink.finish() }
}
