public import NeffosFeed
public import Terminal

/// How a console behaves.
public struct ConsoleOptions: Sendable {
    /// Redraws a second at most, 1 to 30.
    public var framesPerSecond: Int
    /// Whether leaving stops a server: it then asks first while there are clients.
    public var isServing: Bool
    /// Whether Ctrl-Z may stop the process; not where it serves.
    public var canSuspend: Bool
    /// Whether only ASCII is drawn; nil: as the terminal can.
    public var ascii: Bool?
    /// How many colours are used; nil: as many as the terminal has.
    public var colorDepth: ColorDepth?
    /// Whether clicks and the wheel are taken; the terminal's own selection of text then needs Shift.
    public var mouse: Bool
    /// Where the operator's choice of columns is kept, made when it is first needed; nil keeps nothing. See ``usualStateFile(environment:)``.
    public var stateFile: String?
    /// The time to which ages are reckoned: that of the feed shown, which for a tape is not today.
    public var clock: @Sendable () -> FeedTime
    /// What the colours are chosen for; nil: for either, in middle tones.
    public var background: Background?
    /// The view that it starts in.
    package var start = ConsoleStart()
    /// Where tables are saved; empty: the working directory.
    package var directory = ""
    /// Time that only goes forward, from anywhere.
    package var uptime: @Sendable () -> Duration
    /// Seconds that the operator's clock is ahead of UTC at a time.
    package var utcOffset: @Sendable (FeedTime) -> Int

    /// What a terminal's text stands on.
    public enum Background: String, Sendable, Hashable, CaseIterable { case dark, light }

    /// - Parameters: see the properties of the same names.
    public init(
        framesPerSecond: Int = 4, isServing: Bool = true, canSuspend: Bool = false, ascii: Bool? = nil, colorDepth: ColorDepth? = nil,
        mouse: Bool = false, stateFile: String? = nil, background: Background? = nil,
        clock: @escaping @Sendable () -> FeedTime = { FeedTime.now() }
    ) {
        self.framesPerSecond = min(30, max(1, framesPerSecond))
        self.isServing = isServing
        self.canSuspend = canSuspend
        self.ascii = ascii
        self.colorDepth = colorDepth
        self.mouse = mouse
        self.stateFile = stateFile
        self.background = background
        self.clock = clock
        let start = ContinuousClock.now
        uptime = { ContinuousClock.now - start }
        utcOffset = LocalTime.offset(at:)
    }

    /// Seconds that the clock of this machine's time zone is ahead of UTC at a time.
    package static func utcOffset(at time: FeedTime) -> Int { LocalTime.offset(at: time) }
}
