public import NeffosFeed
import Synchronization

/// Holds the model of a running server: takes the feed, and publishes what the model derives from it.
public final class ObservatorySink: FeedSink {
    private let state: Mutex<Observatory>
    private let listener = Mutex<(@Sendable () -> Void)?>(nil)
    private let publish: @Sendable (FeedEvent) -> Void

    /// - Parameter feed: where `incident.*` and `lint.*` events go; nil where nobody is to hear of them, as with a recorded feed.
    public convenience init(_ observatory: Observatory = Observatory(), feed: EventFeed?) {
        self.init(observatory) { feed?.publish($0) }
    }

    init(_ observatory: Observatory, publish: @escaping @Sendable (FeedEvent) -> Void) {
        state = Mutex(observatory)
        self.publish = publish
    }

    /// Called off any event loop after a batch that changed something, once a batch at most.
    public var onChange: (@Sendable () -> Void)? {
        get { listener.withLock { $0 } }
        set { listener.withLock { $0 = newValue } }
    }

    /// Reads the model in place, under its lock: the body should be short.
    public func read<R>(_ body: (Observatory) throws -> R) rethrows -> R {
        try state.withLock { try body($0) }
    }

    /// Changes the model in place, under its lock: the body should be short.
    public func update(_ body: (inout Observatory) -> Void) {
        change { observatory in
            body(&observatory)
            return []
        }
    }

    public func receive(_ batch: [FeedEntry]) {
        change { observatory in
            var derived: [FeedEvent] = []
            for entry in batch { derived += observatory.apply(entry) }
            return derived
        }
    }

    /// Time passes without events; to be called about once a second.
    public func advance(to now: FeedTime) {
        change { $0.advance(to: now) }
    }

    private func change(_ body: (inout Observatory) -> [FeedEvent]) {
        let (derived, changed) = state.withLock { observatory in
            let before = observatory.revision
            let derived = body(&observatory)
            return (derived, observatory.revision != before)
        }
        for event in derived { publish(event) }
        if changed { onChange?() }
    }
}
