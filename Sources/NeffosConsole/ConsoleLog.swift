public import NeffosFeed

/// The newest log lines of the process, for the console's log pane. A bounded value: the oldest line goes when it is full.
public struct ConsoleLog: Sendable, Hashable {
    /// How serious a line is.
    public enum Level: Sendable, Hashable, Comparable, CaseIterable { case debug, info, warning, error }

    /// One line.
    public struct Line: Sendable, Hashable {
        /// When it was written.
        public var time: FeedTime
        /// How serious it is.
        public var level: Level
        /// As it was written; the console makes it safe to show.
        public var text: String
        public init(time: FeedTime, level: Level, text: String) {
            self.time = time
            self.level = level
            self.text = text
        }
    }

    /// How many lines are kept.
    public let capacity: Int
    /// Oldest first.
    public private(set) var lines: [Line] = []
    /// Lines ever written, those that went included: it tells whether something is new.
    public private(set) var written = 0

    /// - Parameter capacity: how many lines are kept.
    public init(capacity: Int = 500) { self.capacity = max(1, capacity) }

    /// Adds a line, in place of the oldest where there is no room.
    public mutating func append(_ line: Line) {
        // Room is made in quarters, so that a full log does not move all of its lines for each new one.
        if lines.count >= capacity { lines.removeFirst(max(1, capacity / 4)) }
        lines.append(line)
        written += 1
    }
}
