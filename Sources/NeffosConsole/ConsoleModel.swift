import NeffosFeed
import NeffosObservatory
import Terminal

/// Everything that the operator's keys have brought about: with an observatory and a size, it says what is on the screen.
struct ConsoleModel: Sendable {
    /// The smallest terminal on which the screens are whole.
    static let least = Size(columns: 80, rows: 24)
    /// How long an answer to a key stands in the alert line.
    static let noticing: Duration = .seconds(6)

    var size: Size
    var screen = ConsoleScreen.overview
    var connections = ConnectionsState()
    var rooms = RoomsState()
    var returns = ReturnsState()
    var events = EventsState()
    var nodes = NodesState()
    var log = ConsoleLog()
    var logPager = Pager()
    var isLogShown = false
    var isHelpShown = false
    var helpPager = Pager()
    /// How much time a step of the graphs is.
    var zoom = Resolution.second
    var isConfirmingQuit = false
    /// What lies over the screen and takes the keys.
    var dialog: Dialog?
    var notice: Notice?
    /// Commands that were given and are not done yet.
    var underway: [OperatorCommand] = []
    /// What was told of the connection whose detail is open.
    var details: ConnectionDetails?
    /// Whether anything can be steered, and how the picture comes.
    var steering = Steering.open
    var status = SourceStatus.live
    /// The picture that is held still while paused.
    private(set) var held: Held?

    /// Redraws a second, for the header.
    var refreshRate: Int
    /// Whether leaving stops a server.
    var isServing: Bool
    var canSuspend: Bool
    /// Whether the screens are drawn in ASCII, which makes what is escaped longer.
    var isASCII: Bool
    /// The time to which ages and the uptime are reckoned.
    var clock: FeedTime
    /// Seconds that the operator's clock is ahead of UTC.
    var utcOffset: Int

    init(
        size: Size, refreshRate: Int = 4, isServing: Bool = true, canSuspend: Bool = false, isASCII: Bool = false,
        clock: FeedTime = FeedTime(milliseconds: 0), utcOffset: Int = 0
    ) {
        self.size = size
        self.refreshRate = refreshRate
        self.isServing = isServing
        self.canSuspend = canSuspend
        self.isASCII = isASCII
        self.clock = clock
        self.utcOffset = utcOffset
    }

    /// An answer to a key.
    struct Notice: Sendable, Hashable {
        var text: String
        var until: Duration
        /// ``Theme/Role/good`` where something was done, ``Theme/Role/warn`` where not.
        var role = Theme.Role.warn
    }

    /// A picture and its time.
    struct Held: Sendable {
        var observatory: any ObservatoryReading
        var log: ConsoleLog
        var clock: FeedTime
    }

    var isPaused: Bool { held != nil }
    var isTooSmall: Bool { size.columns < Self.least.columns || size.rows < Self.least.rows }
    /// The time of the picture in view.
    var shownClock: FeedTime { held?.clock ?? clock }
    var shownLog: ConsoleLog { held?.log ?? log }

    /// What decides, beside the view, which keys there are.
    var abilities: KeyAbilities {
        if case .replay = status { return KeyAbilities(steering: steering, isTape: true) }
        return KeyAbilities(steering: steering, hasNodes: nodes.areSeveral)
    }

    /// What decides about keys, the innermost first.
    var context: KeyContext {
        if isConfirmingQuit { return .confirmQuit }
        if isHelpShown { return .help }
        switch dialog {
        case .menu: return .actions
        case .form: return .form
        case .confirmation: return .confirmAction
        case .columns: return .columns
        case nil: break
        }
        return viewContext
    }

    /// The same, without what lies over the screen: what the help is about.
    var viewContext: KeyContext {
        if isLogShown { return .log }
        if viewPrompt != nil { return .typing }
        switch screen {
        case .overview: return .overview
        case .connections:
            if connections.isEditingFilter { return .filter }
            return connections.isDetailOpen ? .connectionDetail : .connections
        case .rooms: return rooms.members == nil ? .rooms : .roomMembers
        case .events: return .events
        case .nodes: return .nodes
        case .returns:
            switch returns.mode {
            case .incidents: return .returns
            case .missing: return .missing
            case .probes: return .probes
            }
        }
    }

    var connectionsLayout: ConnectionsLayout {
        ConnectionsLayout(size: size, isDetailOpen: connections.isDetailOpen, isTapped: connections.tap != nil)
    }

    mutating func pause(_ observatory: any ObservatoryReading) {
        held = Held(observatory: observatory, log: log, clock: clock)
    }

    mutating func resume() { held = nil }

    /// The picture to show: the held one while paused.
    func shown(_ live: any ObservatoryReading) -> any ObservatoryReading { held?.observatory ?? live }

    /// Takes over what changed in the observatory, before a screen is drawn. It never changes what was chosen, only what became of it.
    mutating func refresh(from live: any ObservatoryReading, now: Duration) {
        if let notice, now >= notice.until { self.notice = nil }
        guard !isTooSmall else { return }
        let observatory = shown(live)
        if isLogShown {
            let rows = LogPane.rowCount(shownLog, columns: size.columns, ascii: isASCII)
            logPager.clamp(count: rows, visible: ConsoleLayout(size: size).logRows)
        }
        switch screen {
        case .overview: break
        case .connections:
            let layout = connectionsLayout
            connections.refresh(from: observatory, now: now, visible: layout.visibleRows)
            connections.tap?.refresh(from: observatory.recentEvents)
            if connections.isDetailOpen, let rect = layout.detail {
                connections.story.refresh(connections.selected, from: observatory.recentEvents)
                let lines = DetailLines(observatory, self).lines(columns: DetailLayout(rect, isTapped: false).fields.columns)
                connections.detail.clamp(
                    count: lines.count, visible: DetailLayout(rect, isTapped: connections.tap != nil).fields.rows)
            }
        case .rooms: rooms.refresh(from: observatory, now: now, size: size)
        case .events: events.refresh(from: observatory, now: now, size: size)
        case .nodes: nodes.refresh(visible: nodeRows)
        case .returns:
            let incidents = observatory.incidents
            returns.refresh(
                incidents: incidents, sources: observatory.probeSources.count,
                layout: ReturnsLayout(size: size, incidentCount: incidents.count))
        }
    }
}
