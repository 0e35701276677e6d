import NeffosFeed
import NeffosObservatory

/// The messages of one connection as they come, read from the newest entries of the feed. Bounded: of a flood some are shown, the rest counted.
struct MessageTap: Sendable {
    /// The most lines of one ``span``.
    static let most = 100
    /// Half a second, by the time of the events.
    static let span: Milliseconds = 500
    /// The most lines that are kept.
    static let capacity = 1000

    struct Line: Sendable, Hashable {
        var time: FeedTime
        var message: FeedEvent.TappedMessage
    }

    let connection: String
    /// Oldest first.
    private(set) var lines: [Line] = []
    /// Messages that are not shown.
    private(set) var skipped = 0
    /// Messages that came, those that are not shown included.
    private(set) var count = 0
    var isHex = false
    /// How far up from the newest line the operator has gone; 0 follows the newest.
    private(set) var back = 0
    /// Entries of the feed that were looked at, counted from its beginning.
    private var seen: Int
    private var slot: Int64?
    private var linesInSlot = 0

    /// From now on.
    init(_ connection: String, log: EventLog) {
        self.connection = connection
        seen = log.taken
    }

    /// Takes over what came since.
    mutating func refresh(from log: EventLog) {
        // A tape that was wound back has less behind it.
        if log.taken < seen { self = MessageTap(connection, log: log, isHex: isHex) }
        let first = max(seen, log.taken - log.count)
        for number in first..<max(first, log.taken) {
            let event = log[number - (log.taken - log.count)].event
            guard case .message(let message) = event.kind, message.connection == connection else { continue }
            take(message, at: event.time)
        }
        seen = log.taken
    }

    private init(_ connection: String, log: EventLog, isHex: Bool) {
        self.init(connection, log: log)
        self.isHex = isHex
    }

    private mutating func take(_ message: FeedEvent.TappedMessage, at time: FeedTime) {
        // The server passes over what comes too fast, and says how much.
        count += 1 + max(0, message.skipped)
        skipped += max(0, message.skipped)
        let slot = time.milliseconds / Int64(Self.span)
        if slot != self.slot {
            self.slot = slot
            linesInSlot = 0
        }
        linesInSlot += 1
        guard linesInSlot <= Self.most else {
            skipped += 1
            return
        }
        // Room is made in quarters, so that not all lines move for each new one.
        if lines.count >= Self.capacity { lines.removeFirst(Self.capacity / 4) }
        lines.append(Line(time: time, message: message))
        // Who reads further up stays there.
        if back > 0 { back = min(back + 1, lines.count) }
    }

    mutating func scroll(by rows: Int, visible: Int) { back = min(max(0, back - rows), max(0, lines.count - visible)) }

    /// The lines in view.
    func shown(_ rows: Int) -> ArraySlice<Line> { lines.dropLast(min(back, max(0, lines.count - rows))).suffix(max(0, rows)) }
}
