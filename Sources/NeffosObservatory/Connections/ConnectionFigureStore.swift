import NeffosFeed

/// The last figures of each connection and the rates since the ones before, in the order of the connections' records. It takes no memory
/// before the first figures come, and none again once nobody has asked for a while.
struct ConnectionFigureStore: Sendable {
    /// Figures older than this say nothing of now.
    static let keptFor: Milliseconds = 15_000
    /// Two times of asking that are closer than this make no rate.
    static let shortest: Milliseconds = 100

    struct Entry: Sendable {
        var messagesIn: Int64 = 0
        var messagesOut: Int64 = 0
        var bytesIn: Int64 = 0
        var bytesOut: Int64 = 0
        /// When they were taken; 0: never.
        var takenAt: Int64 = 0
        /// When something came of it last.
        var heardAt: Int64 = 0
        /// When a message was last known to come or go.
        var movedAt: Int64 = 0
        var rateIn: Float = 0
        var rateOut: Float = 0
        var byteRateIn: Float = 0
        var byteRateOut: Float = 0
        var queuedBytes: UInt32 = 0
        /// -1: none.
        var roundTrip: Int32 = -1
    }

    private(set) var entries: [Entry] = []
    private(set) var newest = FeedTime(milliseconds: 0)

    /// The figures of the record at `index`, where they are of now.
    func entry(_ index: Int, at now: FeedTime) -> Entry? {
        guard index < entries.count else { return nil }
        let entry = entries[index]
        guard entry.takenAt > 0, now.milliseconds - entry.takenAt <= Int64(ConnectionFigureStore.keptFor) else { return nil }
        return entry
    }

    /// - Parameters:
    ///   - index: of the record.
    ///   - count: how many records there are.
    mutating func take(_ figures: ConnectionFigures, index: Int, of count: Int, at time: FeedTime) {
        if entries.count < count {
            entries.reserveCapacity(count)
            for _ in entries.count..<count { entries.append(Entry()) }
        }
        newest = max(newest, time)
        let before = entries[index]
        var entry = Entry()
        entry.messagesIn = Int64(max(0, figures.messagesIn))
        entry.messagesOut = Int64(max(0, figures.messagesOut))
        entry.bytesIn = Int64(max(0, figures.bytesIn))
        entry.bytesOut = Int64(max(0, figures.bytesOut))
        entry.takenAt = max(1, time.milliseconds)
        let idle = Int64(min(max(0, figures.idle), 1 << 40))
        entry.heardAt = time.milliseconds - idle
        entry.queuedBytes = UInt32(clamping: figures.queuedBytes)
        entry.roundTrip = figures.roundTrip.map { Int32(clamping: max(0, $0)) } ?? -1
        let hasMoved = entry.messagesIn != before.messagesIn || entry.messagesOut != before.messagesOut
        // Of the first figures the time of its last sign of life is all that is known.
        entry.movedAt = before.takenAt == 0 ? entry.heardAt : hasMoved ? time.milliseconds : before.movedAt
        let elapsed = entry.takenAt - before.takenAt
        if before.takenAt > 0, elapsed < ConnectionFigureStore.shortest {
            (entry.rateIn, entry.rateOut) = (before.rateIn, before.rateOut)
            (entry.byteRateIn, entry.byteRateOut) = (before.byteRateIn, before.byteRateOut)
            if elapsed >= 0 {
                // The next ones are measured from where these were.
                (entry.messagesIn, entry.messagesOut) = (before.messagesIn, before.messagesOut)
                (entry.bytesIn, entry.bytesOut) = (before.bytesIn, before.bytesOut)
                entry.takenAt = before.takenAt
            }
        } else if before.takenAt > 0, elapsed <= 4 * ConnectionFigureStore.keptFor {
            func rate(_ now: Int64, _ then: Int64) -> Float { Float(max(0, now - then)) * 1000 / Float(elapsed) }
            entry.rateIn = rate(entry.messagesIn, before.messagesIn)
            entry.rateOut = rate(entry.messagesOut, before.messagesOut)
            entry.byteRateIn = rate(entry.bytesIn, before.bytesIn)
            entry.byteRateOut = rate(entry.bytesOut, before.bytesOut)
        }
        entries[index] = entry
    }

    /// As the table removes a record: the last one takes its place.
    mutating func remove(_ index: Int, of count: Int) {
        guard !entries.isEmpty else { return }
        // Those that came since the last figures have none yet.
        let last = entries.count == count ? entries[count - 1] : Entry()
        if index < entries.count { entries[index] = last }
        if entries.count == count { entries.removeLast() }
    }

    /// Gives the memory back when nobody asks any more.
    mutating func forget(before now: FeedTime) {
        if !entries.isEmpty, now - newest > 4 * ConnectionFigureStore.keptFor { entries = [] }
    }
}
