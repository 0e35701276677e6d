import NeffosFeed
import NeffosObservatory
import Terminal

/// One stay at a terminal: the model, what is on the screen, and when it has to be drawn again.
struct ConsoleSession {
    private let backend: any TerminalBackend
    private let source: any ObservatorySource
    private let options: ConsoleOptions
    private let theme: Theme
    private let errands: ConsoleErrands
    private let preferences: ConsolePreferences
    private(set) var model: ConsoleModel
    /// What stands on the terminal; nil: not known.
    private var shown: Frame?
    private var drawnAt: Duration?
    private var drawnRevision: UInt64?
    private var drawnLog = 0
    private var drawnStatus = SourceStatus.live
    private var drawnSecond: Int64 = 0
    private var toldNotice = 0
    /// A key or the terminal asks for a picture at once.
    private var isUrgent = false
    private var figuresAskedAt: Duration?
    private var detailsAsked: (of: String, at: Duration)?
    /// Whose messages the server was asked for.
    private var tapped: String?
    private var clicks = ClickCounter()

    /// - Parameter wake: ends the wait of the console's thread; nil: as the backend does.
    init(backend: any TerminalBackend, source: any ObservatorySource, options: ConsoleOptions, wake: (@Sendable () -> Void)? = nil) {
        self.backend = backend
        self.source = source
        self.options = options
        let isASCII = options.ascii ?? !backend.isUTF8
        theme = Theme(
            depth: min(options.colorDepth ?? backend.colorDepth, backend.colorDepth), ascii: isASCII, background: options.background)
        model = ConsoleModel(
            size: backend.size, refreshRate: options.framesPerSecond, isServing: options.isServing, canSuspend: options.canSuspend,
            isASCII: isASCII)
        model.start(options.start)
        errands = ConsoleErrands(wake: wake ?? backend.waker)
        preferences = ConsolePreferences(path: options.stateFile)
        model.connections.columns = preferences.columns ?? model.connections.columns
        model.steering = Steering(source.control)
        model.status = source.status
        model.nodes.take(source.nodes)
    }

    /// Takes what came from the terminal; a result ends the console.
    mutating func take(_ event: TerminalEvent) -> ConsoleExit? {
        switch event {
        case .key(let key):
            isUrgent = true
            let now = options.uptime()
            model.clock = model.isPaused ? model.clock : options.clock()
            return follow(source.read { model.update(key, live: $0, now: now) }, now: now)
        case .mouse(let mouse):
            isUrgent = true
            let now = options.uptime()
            let isDouble = clicks.isDouble(mouse, at: now)
            return follow(source.read { model.update(mouse, isDouble: isDouble, live: $0, now: now) }, now: now)
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

    private mutating func follow(_ effects: [ConsoleEffect], now: Duration) -> ConsoleExit? {
        for effect in effects {
            switch effect {
            case .quit: return .quit
            case .redraw: forgetScreen()
            case .suspend: backend.suspend()
            case .perform(let command):
                if let control = source.control {
                    errands.perform(command, by: control)
                } else {
                    model.take(.refused("there is no server to steer any more"), of: command, now: now)
                }
            case .remember:
                if let problem = preferences.keep(columns: model.connections.columns) {
                    model.notice = ConsoleModel.Notice(text: problem, until: now + ConsoleModel.noticing)
                }
            case .replay(let command): source.replay(command)
            case .save: save(now: now)
            case .copy(let text): backend.copy(text)
            case .choose(let node):
                // What was asked of the other server is not for the picture of this one.
                if let control = source.control { tap(nil, by: control) }
                errands.turn()
                figuresAskedAt = nil
                detailsAsked = nil
                source.choose(node: node)
            }
        }
        return nil
    }

    /// Of the picture as it is now, or as it is held.
    private mutating func save(now: Duration) {
        guard let table = model.export else { return }
        let time = model.shownClock
        let file = ExportFile(directory: options.directory, at: time, utcOffset: options.utcOffset(time))
        let isBegun = errands.save(table, of: model.shown(source.read { $0 }), to: file)
        model.notice = ConsoleModel.Notice(
            text: isBegun ? "writing the table to a file" : "a table is still being written", until: now + ConsoleModel.noticing,
            role: isBegun ? .plain : .warn)
    }

    /// Takes over what the server answered.
    mutating func collect() {
        let reports = errands.take()
        guard !reports.isEmpty else { return }
        isUrgent = true
        for report in reports {
            switch report {
            case .outcome(let outcome, let command): model.take(outcome, of: command, now: options.uptime())
            case .details(let details, let connection): model.take(details, of: connection)
            case .saved(let outcome): model.take(outcome, now: options.uptime())
            }
        }
    }

    /// Asks for what the view needs beyond the feed, each at most once a second.
    private mutating func ask(now: Duration) {
        guard let control = source.control else { return }
        if let wish = model.figureWish, figuresAskedAt.map({ now - $0 >= .seconds(1) }) ?? true {
            figuresAskedAt = now
            let source = source
            let clock = options.clock
            let ids: [String]? = if case .of(let ids) = wish { ids } else { nil }
            errands.askFigures(of: ids, by: control) { source.take($0, at: clock()) }
        }
        if let wish = model.detailWish, detailsAsked.map({ $0.of != wish || now - $0.at >= .seconds(1) }) ?? true {
            detailsAsked = (wish, now)
            errands.askDetails(of: wish, by: control)
        }
        tap(model.tapWish, by: control)
    }

    /// The server publishes the messages of the connection in view, and of no other any more.
    private mutating func tap(_ wish: String?, by control: any OperatorControl) {
        guard wish != tapped, model.steering == .open else { return }
        if let tapped {
            // Often it ends because the connection is gone.
            let command = OperatorCommand(.tap(false), targets: .connections([tapped]), by: "console")
            errands.perform(command, by: control, isQuiet: true)
        }
        if let wish { errands.perform(OperatorCommand(.tap(true), targets: .connections([wish]), by: "console"), by: control) }
        tapped = wish
    }

    /// The console is left: nobody reads the tap any more.
    mutating func end() {
        if let control = source.control { tap(nil, by: control) }
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
        model.steering = Steering(source.control)
        model.status = source.status
        var isStatusNew = model.status != drawnStatus
        if !model.isPaused {
            let nodes = source.nodes
            let before = model.nodes.all
            if model.screen == .nodes ? nodes != before : nodes.map(\.headline) != before.map(\.headline) { isStatusNew = true }
            model.nodes.take(nodes)
        }
        drawnStatus = model.status
        let theme = theme
        let drawnRevision = drawnRevision
        let (frame, revision) = source.read { observatory -> (Frame?, UInt64) in
            if isUnchanged, !isStatusNew, observatory.revision == drawnRevision { return (nil, observatory.revision) }
            model.refresh(from: observatory, now: now)
            return (ConsoleRenderer.frame(observatory, model, theme: theme), observatory.revision)
        }
        self.drawnRevision = revision
        ask(now: now)
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
