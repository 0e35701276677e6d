import DequeModule
import NeffosFeed

/// Opens incidents, follows one at a time, and closes it.
struct IncidentTracker: Sendable {
    static let rosterAge: Milliseconds = 600_000
    static let mostMissing = 1000
    static let kept = 50
    /// An incident that has grown so large ends, so that one that never settles does not fill memory.
    static let mostLosses = 400_000
    /// Without a roster, a client with tries that comes so soon after the start came back from the server before it.
    static let firstClients: Milliseconds = 60_000
    /// An operator's action so shortly before the drops is their cause.
    static let actionBefore: Milliseconds = 10_000
    /// An incident is not over before its first second is.
    static let shortest: Milliseconds = 1_000
    /// Fewer closed by an operator within a second are no incident, whatever share of all they are.
    static let fewestKicks = 5

    /// An incident that is open.
    struct Open: Sendable {
        var number: Int
        var cause: Incident.Cause
        var openedAt: FeedTime
        /// Whether it is known how many were lost.
        var isCounted: Bool
        var away: Milliseconds?
        var activity: IncidentActivity
        var ledger: IncidentLedger
        var published: FeedEvent.IncidentFigures?
        var publishedAt: FeedTime
        /// As they were when they were looked at last: it takes a while.
        var whereabouts: Incident.Whereabouts?
        var shape: Incident.Shape?

        /// - Parameter since: when the drill began, where that is known. One of few has no incident of its own, but falls into another.
        mutating func listenerIsBack(since: FeedTime?, at time: FeedTime) {
            var since = since
            if cause == .drill, away == nil {
                away = max(0, time - (since ?? openedAt))
                since = min(since ?? drillStart, drillStart)
            }
            if let since { ledger.couldNotCome(Absence(since: since, until: time)) }
        }

        /// A drill closes the listener and drops at once, so that its incident begins as the listener goes; who was lost within the second
        /// before is among those it is measured by.
        var drillStart: FeedTime { openedAt + -1_000 }
    }

    struct Drop: Sendable {
        var time: FeedTime
        var openBefore: Int
    }

    struct Action: Sendable {
        var cause: Incident.Cause
        var time: FeedTime
    }

    struct Kick: Sendable {
        var loss: Loss
        var openBefore: Int
    }

    /// What happened within the last second, so that an incident that opens knows what came before it.
    struct Recent: Sendable {
        enum What: Sendable {
            case drop(Loss, by: FeedEvent.ClosedBy, openBefore: Int)
            case opened(FeedEvent.ConnectionOpened)
            case acknowledged(String)
            case gained(Loss.Spot, String)
            case left(String)
            case probe(CompactRemote, admitted: Bool)
            case rejection(CompactRemote, reason: String)
        }
        var time: FeedTime
        var what: What
    }

    var configuration: ObservatoryConfiguration
    var number = 0
    var open: Open?
    /// Oldest first.
    var over: [Incident] = []
    /// Those that are no longer kept.
    var forgotten = IncidentSums()
    var recent: Deque<Recent> = []
    var recentDrops = 0
    /// The drops of the last second while an incident is open, each with how many were open before it.
    var openDrops: Deque<Drop> = []
    /// Set from a start without a roster until the first client has come back or it is too late for that.
    var sinceStart: IncidentActivity?
    var action: Action?
    /// While the listener is closed for a drill: until when, as was announced; until it went, where nothing was.
    var listenerAway: Absence?
    /// While newcomers are kept out by an operator.
    var pausedSince: FeedTime?
    /// Whom an operator closed within the last second.
    var recentKicks: Deque<Kick> = []
    /// When lints and whereabouts were looked at last.
    var lookedAt = FeedTime(milliseconds: 0)
    /// What is to be said of single clients and of the shape of an incident; whoever owns this takes it away.
    var findings: [LintFinding] = []
    var restores = RestoreHistogram()

    init(configuration: ObservatoryConfiguration) { self.configuration = configuration }

    /// Newest first.
    func incidents(at now: FeedTime) -> [Incident] {
        (open.map { [incident($0, until: now)] } ?? []) + over.reversed()
    }

    // MARK: The server

    /// - Parameter roster: who was here before, nil where nothing tells.
    mutating func started(roster: Roster?, at time: FeedTime) -> [FeedEvent] {
        var events = shutdown(at: time)
        sinceStart = IncidentActivity(start: time)
        guard let roster, !roster.entries.isEmpty, abs(time - roster.savedAt) <= IncidentTracker.rosterAge else { return events }
        var ledger = IncidentLedger(start: time)
        // Nobody knows in which order they fell out; by name they are found sooner.
        let entries = roster.entries.sorted {
            NaturalOrder.compare($0.key, $1.key) ?? NaturalOrder.precedes($0.connection, $1.connection)
        }
        for entry in entries {
            let namespaces = entry.namespaces.map { NamespaceMembership(name: $0.key, rooms: $0.value.sorted()) }.sorted {
                $0.name < $1.name
            }
            ledger.drop(
                Loss(
                    id: entry.connection, key: BoundedText.cut(entry.key, to: BoundedText.label), remote: entry.remote,
                    namespaces: namespaces,
                    since: time), at: time)
        }
        var activity = IncidentActivity(start: time)
        activity.add(.close, roster.entries.count, at: time)
        ledger.lead = max(0, time - roster.savedAt)
        events += begin(.restart, at: time, counted: true, away: ledger.lead, activity: activity, ledger: ledger)
        events += publishOpening(at: time)
        return events
    }

    /// A drain or a stop ends what is open, and begins nothing.
    mutating func shutdown(at time: FeedTime) -> [FeedEvent] {
        forgetRecent()
        sinceStart = nil
        listenerAway = nil
        pausedSince = nil
        return close(at: time)
    }

    /// A drill's or a pause's closes come with the action that caused them, before or after it.
    ///
    /// A drill that drops so many that they make an incident is one of its own: what is open when it begins can be measured no more, and ends.
    /// - Parameter openBefore: how many connections are open.
    mutating func act(_ performed: FeedEvent.OperatorAction, openBefore: Int, at time: FeedTime) -> [FeedEvent] {
        let cause: Incident.Cause
        switch performed.action {
        case "drill":
            // It was refused, or had nobody to drop.
            guard performed.count > 0 else { return [] }
            cause = .drill
            listenerAway = Absence(since: time, until: time + min(max(0, performed.away ?? 0), FeedEvent.OperatorAction.mostAway))
        case FeedEvent.OperatorAction.listenerBack:
            open?.listenerIsBack(since: listenerAway?.since, at: time)
            listenerAway = nil
            return []
        case "listener away", "listener": cause = .listenerAway
        case "pause admission":
            guard performed.isInForce else { return [] }
            pausedSince = pausedSince ?? time
            return []
        case "resume admission":
            guard performed.isInForce else { return [] }
            if let pausedSince { open?.ledger.couldNotCome(Absence(since: pausedSince, until: time)) }
            pausedSince = nil
            return []
        default: return []
        }
        guard let open else {
            action = Action(cause: cause, time: time)
            return []
        }
        let isYoung = (open.cause == .network || open.cause == .server) && time - open.openedAt <= 2_000
        if isYoung, cause != .drill || open.ledger.losses.count <= performed.count {
            self.open?.cause = cause
            return []
        }
        guard cause == .drill else {
            action = Action(cause: cause, time: time)
            return []
        }
        // Fewer are strays of what is open, and the cause of nothing that comes later.
        guard isMany(performed.count, of: openBefore) else { return [] }
        action = Action(cause: cause, time: time)
        return close(at: time)
    }

    /// Closes what is over, and tells what has changed, at most once a second.
    mutating func tick(at time: FeedTime) -> [FeedEvent] {
        expire(at: time)
        if let start = sinceStart?.start, time - start > IncidentTracker.firstClients { sinceStart = nil }
        look(at: time)
        takeFindings()
        guard let open else { return [] }
        // If all are back, so is the listener, whatever is told of it.
        if open.isCounted, open.ledger.isEverybodyBack, time - open.openedAt >= IncidentTracker.shortest { return close(at: time) }
        if open.ledger.losses.count >= IncidentTracker.mostLosses { return close(at: time) }
        // While the listener is away nobody can come. Where it never tells that it is back, it is waited for as long as was announced.
        let quiet = open.ledger.quiet(until: time, without: listenerAway)
        if quiet >= configuration.settle {
            // A stray that is just away would be named as missing: it gets its time, but where there is always one it is not waited for.
            let isWaiting = quiet < 2 * configuration.settle && open.ledger.hasStrayAway(since: time + -configuration.settle)
            if !isWaiting { return close(at: time) }
        }
        guard time - open.publishedAt >= 1_000 else { return [] }
        let figures = figures(open)
        guard figures != open.published else { return [] }
        self.open?.published = figures
        self.open?.publishedAt = time
        return [FeedEvent(time: time, kind: .incidentUpdated(figures))]
    }

    /// The clock was set back: times of before mean nothing now. Newcomers that are kept out still are.
    mutating func restartClock(at time: FeedTime) -> [FeedEvent] {
        let isPaused = pausedSince != nil
        action = nil
        recentKicks = []
        defer { if isPaused { pausedSince = time } }
        return shutdown(at: time)
    }

    // MARK: Inside

    /// Whether what happens may be part of an incident that is not open yet.
    var isWatching: Bool { open == nil || open?.cause == .kick }

    mutating func takeFindings() {
        guard let said = open?.ledger.findings, !said.isEmpty else { return }
        findings += said
        open?.ledger.findings = []
    }

    /// Once a second: what takes a while to find out.
    mutating func look(at time: FeedTime, isLast: Bool = false) {
        guard open != nil, isLast || time - lookedAt >= 1_000 else { return }
        lookedAt = time
        open?.ledger.lookForStrays(after: configuration.lints[LintCatalogue.ID.roomNotRejoined, "after"], at: time)
        takeFindings()
        guard let open else { return }
        if open.isCounted { self.open?.whereabouts = open.ledger.whereabouts(open.activity.addresses) }
        let shape = open.activity.shape(interval: open.ledger.intervals.median, configuration.lints)
        self.open?.shape = shape
        guard let shape, shape.kind == .herd else { return }
        let interval = shape.interval.map { " of their interval of \($0) ms" } ?? ""
        findings.append(
            .raise(
                LintCatalogue.ID.herd, subject: "incident #\(open.number)",
                detail: "\(Int(shape.share * 100)) of 100 returns came at the same point\(interval), up to \(shape.burst) within 100 ms"))
    }

    /// Whether so many drops within a second make an incident.
    func isMany(_ drops: Int, of openBefore: Int) -> Bool {
        guard drops >= configuration.least else { return false }
        return drops >= configuration.closesPerSecond
            || (openBefore > 0 && Double(drops) * 100 >= configuration.percent * Double(openBefore))
    }

    /// Whether a drop while an incident is open is one of so many that they would make one.
    mutating func isWave(openBefore: Int, at time: FeedTime) -> Bool {
        while let first = openDrops.first, time - first.time >= 1_000 { openDrops.removeFirst() }
        openDrops.append(Drop(time: time, openBefore: openBefore))
        return isMany(openDrops.count, of: openDrops.first?.openBefore ?? openBefore)
    }

    /// What was open until now, after a kick, is over.
    mutating func begin(
        _ cause: Incident.Cause, at time: FeedTime, counted: Bool, away: Milliseconds? = nil, activity: IncidentActivity,
        ledger: IncidentLedger
    ) -> [FeedEvent] {
        let derived = close(at: time)
        number += 1
        sinceStart = nil
        recentKicks = []
        var ledger = ledger
        ledger.fastestTry = configuration.lints[LintCatalogue.ID.implausibleTries, "fastest"]
        lookedAt = time
        open = Open(
            number: number, cause: cause, openedAt: time, isCounted: counted, away: away, activity: activity, ledger: ledger,
            publishedAt: time)
        return derived
    }

    mutating func publishOpening(at time: FeedTime) -> [FeedEvent] {
        guard let open else { return [] }
        let figures = figures(open)
        self.open?.published = figures
        self.open?.publishedAt = time
        return [FeedEvent(time: time, kind: .incidentOpened(figures))]
    }

    mutating func close(at time: FeedTime) -> [FeedEvent] {
        look(at: time, isLast: true)
        guard let open else { return [] }
        var incident = incident(open, until: time)
        incident.closedAt = max(time, open.openedAt)
        restores.add(open.ledger.restored)
        incident.slowest = open.ledger.slowest()
        for subject in open.ledger.overdue.values.sorted() {
            findings.append(.clear(LintCatalogue.ID.roomNotRejoined, subject: subject))
        }
        self.open = nil
        if over.count == IncidentTracker.kept - 1 { forgotten.add(over.removeFirst()) }
        over.append(incident)
        return [FeedEvent(time: time, kind: .incidentClosed(incident.figures))]
    }

    mutating func count(_ opened: FeedEvent.ConnectionOpened, at time: FeedTime) {
        // No copy of what is open: the ledger would be copied whole at each return.
        guard let isCounted = open?.isCounted, let cause = open?.cause else { return }
        let guests = !isCounted && cause == .restart
        if open?.ledger.opened(opened, guests: guests, at: time) == true { open?.activity.add(.upgrade, at: time) }
    }

    mutating func causeOfRecent(at time: FeedTime) -> Incident.Cause {
        defer { action = nil }
        if let action, time - action.time <= IncidentTracker.actionBefore { return action.cause }
        var counts: [FeedEvent.ClosedBy: Int] = [:]
        for event in recent { if case .drop(_, let by, _) = event.what { counts[by, default: 0] += 1 } }
        if counts[.operator, default: 0] * 2 > recentDrops { return .drill }
        // While newcomers are kept out nobody can come back, whatever it was that they lost.
        if pausedSince != nil { return .listenerAway }
        return counts[.server, default: 0] * 2 > recentDrops ? .server : .network
    }

    /// Only what follows a drop matters, so calm times cost nothing.
    mutating func note(_ what: Recent.What, at time: FeedTime) {
        if case .drop = what {} else if recentDrops == 0 || recent.count >= 262_144 { return }
        recent.append(Recent(time: time, what: what))
    }

    mutating func expire(at time: FeedTime) {
        while let first = recent.first {
            if case .drop = first.what {
                guard time - first.time >= 1_000 else { return }
                recentDrops -= 1
            }
            recent.removeFirst()
        }
    }

    mutating func forgetRecent() {
        recent.removeAll()
        openDrops.removeAll()
        recentDrops = 0
    }

    mutating func replay(_ event: Recent) {
        switch event.what {
        case .drop(let loss, _, _): lose(loss, at: event.time)
        case .opened(let opened): count(opened, at: event.time)
        case .acknowledged(let connection): open?.ledger.acknowledged(connection, at: event.time)
        case .gained(let spot, let connection): open?.ledger.gained(spot, connection: connection, present: { [] }, at: event.time)
        case .left(let connection): open?.ledger.left(connection)
        case .probe(let remote, let admitted): open?.activity.probe(remote, admitted: admitted, at: event.time)
        case .rejection(let remote, let reason): open?.activity.rejection(remote, reason: reason, at: event.time)
        }
    }
}
