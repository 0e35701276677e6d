public import NeffosFeed

/// How the picture comes to the console.
public enum SourceStatus: Sendable, Hashable {
    /// The server is this very process, or an attached one that answers.
    case live
    /// A tape is played.
    case replay(Replay)
    /// An attached server does not answer.
    case offline(tries: Int, since: FeedTime)

    /// Where a tape is.
    public struct Replay: Sendable, Hashable {
        /// The time of the tape.
        public var position: FeedTime
        public var first: FeedTime
        public var last: FeedTime
        /// Seconds of the tape a second.
        public var speed: Double
        public var isPaused: Bool
        public var isAtEnd: Bool
        public init(position: FeedTime, first: FeedTime, last: FeedTime, speed: Double, isPaused: Bool, isAtEnd: Bool) {
            self.position = position
            self.first = first
            self.last = last
            self.speed = speed
            self.isPaused = isPaused
            self.isAtEnd = isAtEnd
        }
    }
}
