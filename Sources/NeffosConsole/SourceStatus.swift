public import NeffosFeed

/// How the picture comes to the console.
public enum SourceStatus: Sendable, Hashable {
    /// The server is this very process, or an attached one that answers.
    case live
    /// A tape is played.
    case replay(Replay)
    /// An attached server does not answer.
    case offline(tries: Int, since: FeedTime)

    /// Whether no time passes in the picture.
    var standsStill: Bool {
        if case .replay(let tape) = self { tape.isPaused || tape.isAtEnd } else { false }
    }

    /// What there is to say at once, and how many such sayings there were.
    var notice: Notice? { if case .replay(let tape) = self { tape.notice } else { nil } }

    /// A sentence for the operator.
    public struct Notice: Sendable, Hashable {
        public var text: String
        /// Rises with each, so that the same sentence can be said again.
        public var number: Int
        public init(text: String, number: Int) {
            self.text = text
            self.number = number
        }
    }

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
        /// What there is to say at once: of lines that cannot be read, or why a command did nothing.
        public var notice: Notice?
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
