import NeffosConsole
import NeffosFeed
import NeffosObservatory

/// Plays a tape into a model. Pure: time that passes and commands are told to it, and the bytes of the tape are read where it is given them.
///
/// The model is given every second of the tape's time, as a server gives it its own, so that what it comes to does not depend on how
/// the tape was played: fast, slowly, or back and forth.
struct ReplayMachine: Sendable {
    /// Seconds of the tape a second.
    static let slowest = 0.125
    static let fastest = 1024.0
    /// Seconds without an event that the model is told one by one, and more where an incident is open then.
    static let mostSilentSeconds = 120
    /// Incidents that are remembered for going from one to the next.
    static let mostIncidents = 10_000

    /// How long after an incident opened it is looked at: it opens with the first few that are lost.
    static let sight: Milliseconds = 1_000

    /// Where it is to go as fast as it can.
    enum Goal: Sendable, Equatable {
        case elapsed(Milliseconds)
        case time(FeedTime)
        case nextEntry, nextIncident, end
    }

    private(set) var observatory: Observatory
    private(set) var isPaused = false
    private(set) var speed: Double
    private(set) var goal: Goal?
    /// Whether a command set the goal, rather than time.
    private(set) var isSeeking = false
    /// What there is to say of the last command, and how many such sayings there were.
    private(set) var notice: (text: String, number: Int) = ("", 0)
    /// Where on the axis it is: between the last entry and the next one.
    private(set) var elapsed: Milliseconds = 0
    /// Entries played so far.
    private(set) var entries = 0
    private var cursor: TapeCursor
    private var timeline: ReplayTimeline
    private var next: FeedEntry?
    /// Where the line of ``next`` begins.
    private var nextOffset: Int
    private var hasEnded = false
    /// Where it was when it began to look for an incident.
    private var origin: Milliseconds = 0
    /// What of the time that passed was less than a millisecond of the tape.
    private var fraction = 0.0
    private var checkpoints: ReplayCheckpoints
    private var keepsCheckpoints = true
    /// Where on the axis incidents opened, as far as it was played.
    private var incidents: [Milliseconds] = []
    private let first: FeedTime
    private let last: FeedTime

    /// - Parameters:
    ///   - tape: its first event says when it begins.
    ///   - last: the time of its last event.
    init(
        cursor: TapeCursor, first: FeedTime, last: FeedTime, observatory: Observatory, speed: Double = 1, isPaused: Bool = false,
        checkpointEvery interval: Int = 2_000
    ) {
        self.cursor = cursor
        self.first = first
        self.last = max(first, last)
        self.observatory = observatory
        self.speed = min(Self.fastest, max(Self.slowest, speed))
        self.isPaused = isPaused
        timeline = ReplayTimeline(start: first)
        nextOffset = cursor.offset
        checkpoints = ReplayCheckpoints(
            first: .init(observatory: observatory, timeline: timeline, offset: cursor.offset, entries: 0), interval: interval)
        fetch()
    }

    /// What is played next.
    var upcoming: FeedEntry? { next }
    var problems: TapeProblems { cursor.problems }
    var isAtEnd: Bool { next == nil && hasEnded }
    var position: FeedTime { timeline.time(at: elapsed, next: next?.event.time) }
    var checkpointCount: Int { checkpoints.all.count }

    var status: SourceStatus.Replay {
        .init(position: position, first: first, last: last, speed: speed, isPaused: isPaused, isAtEnd: isAtEnd)
    }

    // MARK: Time

    /// Lets real time pass. Returns what was played.
    /// - Parameter most: entries that are played at most; what is left is due at once.
    @discardableResult
    mutating func pass(_ time: Duration, most: Int) -> [FeedEntry] {
        if goal == nil, !isPaused, !isAtEnd {
            let milliseconds = min(max(0, time / .milliseconds(1) * speed) + fraction, 1e12)
            fraction = milliseconds - milliseconds.rounded(.down)
            goal = .elapsed(elapsed + Int(milliseconds))
        }
        return work(most: most)
    }

    /// Whether there is something to be played before any time has passed.
    var isBusy: Bool { goal != nil }

    /// How long nothing changes if nobody gives a command: until the next entry or the tape's next second; nil for ever.
    var idle: Duration? {
        if isBusy { return .zero }
        guard !isPaused, !isAtEnd else { return nil }
        let second = 1000 - Int(((position.milliseconds % 1000) + 1000) % 1000)
        let wait = next.map { min(second, max(0, timeline.elapsed(at: $0.event.time) - elapsed)) } ?? second
        return .milliseconds(1) * (Double(wait) / speed)
    }

    // MARK: Commands

    mutating func handle(_ command: ReplayCommand) {
        switch command {
        case .pauseOrGoOn: pauseOrGoOn()
        case .stepEntry:
            isPaused = true
            seek(.nextEntry)
        case .stepSecond:
            isPaused = true
            go(to: target + 1000)
        case .seek(let seconds): go(to: target + min(max(seconds, -1_000_000_000), 1_000_000_000) * 1000)
        case .toStart: go(to: 0)
        case .toEnd: seek(.end)
        case .faster: speed = min(Self.fastest, speed * 2)
        case .slower: speed = max(Self.slowest, speed / 2)
        case .nextIncident:
            if let known = incidents.first(where: { $0 + Self.sight > elapsed }) { return go(to: known + Self.sight) }
            origin = elapsed
            seek(.nextIncident)
        case .previousIncident:
            // The one it stands at counts as left, so that pressing again goes on.
            guard let known = incidents.last(where: { $0 + Self.sight < elapsed - 500 }) else { return say("no incident before this") }
            go(to: known + Self.sight)
        }
    }

    private mutating func pauseOrGoOn() {
        if isSeeking {
            // What takes long is stopped where it is.
            reach()
            isPaused = true
        } else if isAtEnd {
            // From the end there is only one way to go on.
            go(to: 0)
            isPaused = false
        } else {
            goal = nil
            isPaused.toggle()
        }
    }

    /// Where it is on its way to: several steps pressed at once add up.
    private var target: Milliseconds {
        if isSeeking, case .elapsed(let place) = goal { place } else { elapsed }
    }

    private mutating func seek(_ goal: Goal) {
        self.goal = goal
        isSeeking = true
        fraction = 0
    }

    private mutating func reach() {
        goal = nil
        isSeeking = false
    }

    private mutating func say(_ text: String) { notice = (text, notice.number + 1) }

    /// Plays all that is left, without keeping the way back.
    mutating func playToEnd() {
        keepsCheckpoints = false
        goal = .end
        while isBusy { work(most: 10_000) }
    }

    /// Plays up to a time of the tape.
    mutating func go(toTime time: FeedTime) { seek(.time(time)) }

    /// Plays on, or from the last checkpoint before it.
    private mutating func go(to place: Milliseconds) {
        let place = max(0, place)
        if place < elapsed, let checkpoint = checkpoints.last(before: place) {
            observatory = checkpoint.observatory
            timeline = checkpoint.timeline
            elapsed = timeline.elapsed
            entries = checkpoint.entries
            cursor.seek(to: checkpoint.offset)
            fetch()
        }
        seek(.elapsed(place))
    }

    // MARK: Playing

    @discardableResult
    private mutating func work(most: Int) -> [FeedEntry] {
        var played: [FeedEntry] = []
        while let goal {
            guard played.count < most else { return played }
            if next == nil {
                // A tape that is still being recorded may have grown.
                fetch()
                if next == nil {
                    finish(goal)
                    return played
                }
            }
            guard let next else { return played }
            let due = timeline.elapsed(at: next.event.time)
            switch goal {
            case .elapsed(let place) where due > place:
                tick(to: place)
                reach()
                return played
            case .time(let time) where next.event.time >= time:
                reach()
                return played
            default: break
            }
            let opened = play(next)
            played.append(next)
            if goal == .nextEntry {
                reach()
                return played
            }
            if goal == .nextIncident, opened { seek(.elapsed(elapsed + Self.sight)) }
        }
        return played
    }

    /// Nothing is left to be played.
    private mutating func finish(_ goal: Goal) {
        reach()
        guard goal == .nextIncident else { return }
        say("no incident after this")
        go(to: origin)
    }

    /// Lets the time between two entries pass.
    private mutating func tick(to place: Milliseconds) {
        guard place > elapsed else { return }
        elapsed = place
        pass(to: timeline.time(at: place, next: next?.event.time), includingEnd: true)
    }

    /// Whether an incident opened.
    private mutating func play(_ entry: FeedEntry) -> Bool {
        pass(to: entry.event.time, includingEnd: false)
        timeline.move(to: entry.event.time)
        elapsed = timeline.elapsed
        let derived = observatory.apply(entry)
        entries += 1
        let opened = derived.contains { if case .incidentOpened = $0.kind { true } else { false } }
        if opened, elapsed > incidents.last ?? -1, incidents.count < Self.mostIncidents { incidents.append(elapsed) }
        fetch()
        if keepsCheckpoints, checkpoints.isDue(at: entries) {
            checkpoints.add(.init(observatory: observatory, timeline: timeline, offset: nextOffset, entries: entries))
        }
        return opened
    }

    /// Tells the model each whole second up to a time.
    private mutating func pass(to time: FeedTime, includingEnd: Bool) {
        // Before its first event there is no time, and before a start no server that would have seen it pass.
        guard entries > 0, time > observatory.now, !isServerAway else { return }
        let lastSecond = includingEnd ? time.wholeSecond : (time + -1).wholeSecond
        var second = max(observatory.now.wholeSecond + 1, lastSecond - Int64(Self.mostSilentSeconds) + 1)
        if second > observatory.now.wholeSecond + 1 {
            // What settles, settles in the first of them, or once the listener of a drill was as long away as it was to be.
            var told = 0
            while observatory.now.wholeSecond < lastSecond, told < Self.mostSilentSeconds || observatory.openIncident != nil {
                _ = observatory.advance(to: FeedTime(second: observatory.now.wholeSecond + 1))
                told += 1
            }
            second = max(second, observatory.now.wholeSecond + 1)
        }
        while second <= lastSecond {
            _ = observatory.advance(to: FeedTime(second: second))
            second += 1
        }
    }

    private var isServerAway: Bool { if case .serverStarted = next?.event.kind { true } else { false } }

    private mutating func fetch() {
        nextOffset = cursor.offset
        next = cursor.next()
        hasEnded = next == nil
    }
}

extension FeedTime {
    fileprivate init(second: Int64) { self.init(milliseconds: second * 1000) }
    /// Whole seconds since 1970.
    fileprivate var wholeSecond: Int64 { milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000 }
}
