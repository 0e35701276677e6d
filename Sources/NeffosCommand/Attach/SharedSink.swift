import NeffosFeed
import Synchronization

/// One sink for the feeds of several servers, each of which comes on a thread of its own.
final class SharedSink: FeedSink {
    private let sink: Mutex<any FeedSink>

    init(_ sink: any FeedSink) { self.sink = Mutex(sink) }

    func receive(_ batch: [FeedEntry]) { sink.withLock { $0.receive(batch) } }
    /// One feed has ended; the others go on.
    func finish() {}
    /// All feeds have ended.
    func end() { sink.withLock { $0.finish() } }
}
