import NeffosFeed
import Synchronization

/// A file of `--feed` that is started anew with the first entry, or once it is clear that there is a server: where there is none, what was written
/// before stays.
final class FreshSink: FeedSink {
    private let output: FeedFileOutput
    private let sink: any FeedSink
    private let hasBegun = Mutex(false)

    init(_ output: FeedFileOutput, _ sink: any FeedSink) {
        self.output = output
        self.sink = sink
    }

    func begin() {
        hasBegun.withLock { hasBegun in
            if !hasBegun { output.startAnew() }
            hasBegun = true
        }
    }

    func receive(_ batch: [FeedEntry]) {
        begin()
        sink.receive(batch)
    }

    func finish() { sink.finish() }
}
