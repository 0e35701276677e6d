/// Where events go. A sink takes what it is given at once and never makes the core wait: slow work belongs behind a bounded queue of its own.
public protocol FeedSink: Sendable {
    /// Takes events in the order of their ``FeedEntry/seq``. Called on the feed's own thread, one batch at a time.
    func receive(_ batch: [FeedEntry])
    /// No more events will come; what is buffered should be written now. Called once, on the feed's own thread.
    func finish()
}

extension FeedSink {
    /// Does nothing: for a sink that buffers nothing.
    public func finish() {}
}
