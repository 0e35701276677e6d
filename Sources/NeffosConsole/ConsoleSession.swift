import NeffosFeed
import NeffosObservatory
import Terminal

/// One stay at a terminal: the model, what is on the screen, and when it has to be drawn again.
struct ConsoleSession {
    private let backend: any TerminalBackend
    private let source: any ObservatorySource
    private let options: ConsoleOptions
    private let theme: Theme
    private var model: ConsoleModel
    /// What stands on the terminal; nil: not known.
    private var shown: Frame?
    private var drawnAt: Duration?
    private var drawnRevision: UInt64?
    private var drawnLog = 0
    private var drawnSecond: Int64 = 0
    private var toldNotice = 0
    /// A key or the terminal asks for a picture at once.
    private var isUrgent = false

    init(backend: any TerminalBackend, source: any ObservatorySource, options: ConsoleOptions) {
        self.backend = backend
        self.source = source
        self.options = options
        let isASCII = options.ascii ?? !backend.isUTF8
        theme = Theme(depth: min(options.colorDepth ?? backend.colorDepth, backend.colorDepth), ascii: isASCII)
        model = ConsoleModel(
            size: backend.size, refreshRate: options.framesPerSecond, isServing: options.isServing, canSuspend: options.canSuspend,
            isASCII: isASCII)
        if !options.eventFilter.isEmpty { model.events.setFilter(options.eventFilter) }
    }

    /// Takes what came from the terminal; a result ends the console.
    mutating func take(_ event: TerminalEvent) -> ConsoleExit? {
        switch event {
        case .key(let key):
            isUrgent = true
            let now = options.uptime()
            model.clock = model.isPaused ? model.clock : options.clock()
            let effects = source.read { model.update(key, live: $0, now: now) }
            for effect in effects {
                switch effect {
                case .quit: return .quit
                case .redraw: forgetScreen()
                case .suspend: backend.suspend()
                case .perform: break
                case .replay(let command): source.replay(command)
                }
            }
        case .resized(let size):
            model.size = size
            forgetScreen()
        case .resumed:
            model.size = backend.size
            forgetScreen()
        case .suspend:
            return take(.key(.control("z")))
        case .woken: break
        case .terminate(let signal): return .signal(signal)
        case .hangup: return .hangup
        }
        return nil
    }

    /// How long nothing has to be drawn if nothing happens; nil: for ever.
    func timeout(hasChange: Bool) -> Duration? {
        var next: Duration?
        func at(_ time: Duration) { next = min(next ?? time, time) }
        let now = options.uptime()
        if hasChange { at((drawnAt ?? now) + .seconds(1) / options.framesPerSecond) }
        if let notice = model.notice { at(notice.until) }
        // The uptime and the ages move with the whole second.
        if !model.isPaused, !source.status.standsStill { at(now + .milliseconds(1000 - Self.remainder(options.clock()))) }
        return next.map { max(.zero, $0 - now) }
    }

    func isDrawingDue(hasChange: Bool) -> Bool {
        if isUrgent { return true }
        let now = options.uptime()
        if let notice = model.notice, now >= notice.until { return true }
        if !model.isPaused, Self.second(options.clock()) != drawnSecond { return true }
        guard hasChange else { return false }
        return drawnAt.map { now - $0 >= .seconds(1) / options.framesPerSecond } ?? true
    }

    /// Draws what is different.
    mutating func draw() {
        let now = options.uptime()
        let clock = options.clock()
        let log = source.log
        if let notice = source.status.notice, notice.number != toldNotice {
            toldNotice = notice.number
            model.notice = .init(text: notice.text, until: now + ConsoleModel.noticing)
        }
        let isUnchanged = !isUrgent && model.notice == nil && Self.second(clock) == drawnSecond && log.written == drawnLog
        drawnAt = now
        drawnSecond = Self.second(clock)
        drawnLog = log.written
        isUrgent = false
        model.clock = clock
        model.log = log
        model.utcOffset = options.utcOffset(clock)
        let theme = theme
        let drawnRevision = drawnRevision
        let (frame, revision) = source.read { observatory -> (Frame?, UInt64) in
            if isUnchanged, observatory.revision == drawnRevision { return (nil, observatory.revision) }
            model.refresh(from: observatory, now: now)
            return (ConsoleRenderer.frame(observatory, model, theme: theme), observatory.revision)
        }
        self.drawnRevision = revision
        guard let frame else { return }
        let changes = FrameDiff.changes(from: shown, to: frame)
        if !changes.isEmpty || shown?.cursor != frame.cursor { backend.draw(changes, cursor: frame.cursor) }
        shown = frame
    }

    /// The next picture is written whole.
    private mutating func forgetScreen() {
        backend.clear()
        shown = nil
        isUrgent = true
    }

    private static func second(_ time: FeedTime) -> Int64 { time.milliseconds / 1000 }
    private static func remainder(_ time: FeedTime) -> Int64 { ((time.milliseconds % 1000) + 1000) % 1000 }
}
