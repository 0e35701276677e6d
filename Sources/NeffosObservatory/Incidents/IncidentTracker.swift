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
    }

    /// What happened within the last second, so that an incident that opens knows what came before it.
    private struct Recent: Sendable {
        enum What: Sendable {
            case drop(Loss, by: FeedEvent.ClosedBy, openBefore: Int)
            case opened(FeedEvent.ConnectionOpened)
            case acknowledged(String)
            case gained(Loss.Spot, String)
            case left(String)
            case probe(admitted: Bool)
            case rejection
        }
        var time: FeedTime
        var what: What
    }

    private let configuration: ObservatoryConfiguration
    private var number = 0
    private(set) var open: Open?
    /// Oldest first.
    private var over: [Incident] = []
    /// Those that are no longer kept.
    private(set) var forgotten = IncidentSums()
    private var recent: Deque<Recent> = []
    private var recentDrops = 0
    /// The drops of the last second while an incident is open, each with how many were open before it.
    private var openDrops: Deque<(time: FeedTime, openBefore: Int)> = []
    /// Set from a start without a roster until the first client has come back or it is too late for that.
    private var sinceStart: IncidentActivity?
    private var action: (cause: Incident.Cause, time: FeedTime)?
    private(set) var restores = RestoreHistogram()

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
        for entry in roster.entries.sorted(by: { ($0.key ?? "\u{10FFFF}", $0.connection) < ($1.key ?? "\u{10FFFF}", $1.connection) }) {
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
        begin(.restart, at: time, counted: true, away: max(0, time - roster.savedAt), activity: activity, ledger: ledger)
        events += publishOpening(at: time)
        return events
    }

    /// A drain or a stop ends what is open, and begins nothing.
    mutating func shutdown(at time: FeedTime) -> [FeedEvent] {
        forgetRecent()
        sinceStart = nil
        return close(at: time)
    }

    /// A drill's or a pause's closes come with the action that caused them, before or after it.
    mutating func act(_ performed: FeedEvent.OperatorAction, at time: FeedTime) {
        let cause: Incident.Cause
        switch performed.action {
        case "drill": cause = .drill
        case "listener away", "listener": cause = .listenerAway
        default: return
        }
        if let open, open.cause == .network || open.cause == .server, time - open.openedAt <= 2_000 {
            self.open?.cause = cause
        } else {
            action = (cause, time)
        }
    }

    // MARK: Connections

    mutating func drop(_ loss: Loss, by: FeedEvent.ClosedBy, openBefore: Int, at time: FeedTime) -> [FeedEvent] {
        if open != nil {
            let isStray = !isWave(openBefore: openBefore, at: time)
            open?.activity.add(.close, at: time)
            open?.ledger.drop(loss, isStray: isStray, at: time)
            return []
        }
        // From now on a return may be from here.
        sinceStart = nil
        expire(at: time)
        note(.drop(loss, by: by, openBefore: openBefore), at: time)
        recentDrops += 1
        guard let first = recent.first, case .drop(_, _, let before) = first.what, isMany(recentDrops, of: before) else { return [] }
        begin(
            causeOfRecent(at: time), at: first.time, counted: true, activity: IncidentActivity(start: first.time),
            ledger: IncidentLedger(start: first.time))
        let events = recent
        forgetRecent()
        for event in events { replay(event) }
        return publishOpening(at: time)
    }

    mutating func opened(_ opened: FeedEvent.ConnectionOpened, at time: FeedTime) -> [FeedEvent] {
        let isReturn = opened.tries > 0 || opened.previous != nil
        if open == nil, isReturn, let activity = sinceStart, time - activity.start <= IncidentTracker.firstClients {
            begin(
                .restart, at: activity.start, counted: false, activity: activity, ledger: IncidentLedger(start: activity.start))
            open?.ledger.lastStart = activity.start
            count(opened, at: time)
            return publishOpening(at: time)
        }
        if open == nil { note(.opened(opened), at: time) } else { count(opened, at: time) }
        return []
    }

    /// A connection whose opening was missed: it may be a lost client's, but begins nothing.
    mutating func found(_ opened: FeedEvent.ConnectionOpened, at time: FeedTime) {
        guard open != nil else { return }
        count(opened, at: time)
        open?.ledger.acknowledged(opened.connection, at: time)
    }

    mutating func acknowledged(_ connection: String, at time: FeedTime) {
        if open == nil { note(.acknowledged(connection), at: time) } else { open?.ledger.acknowledged(connection, at: time) }
    }

    mutating func gained(_ spot: Loss.Spot, connection: String, present: () -> [NamespaceMembership], at time: FeedTime) {
        if open == nil {
            note(.gained(spot, connection), at: time)
        } else {
            open?.ledger.gained(spot, connection: connection, present: present, at: time)
        }
    }

    /// - Parameter byClient: a client that the server or an operator closed may come back with tries, though nothing was lost.
    mutating func left(_ connection: String, byClient: Bool = true, at time: FeedTime) {
        if !byClient { sinceStart = nil }
        if open == nil { note(.left(connection), at: time) } else { open?.ledger.left(connection) }
    }

    mutating func probe(admitted: Bool, at time: FeedTime) {
        sinceStart?.probe(admitted: admitted, at: time)
        if open == nil { note(.probe(admitted: admitted), at: time) } else { open?.activity.probe(admitted: admitted, at: time) }
    }

    mutating func rejection(at time: FeedTime) {
        sinceStart?.add(.rejection, at: time)
        if open == nil { note(.rejection, at: time) } else { open?.activity.add(.rejection, at: time) }
    }

    /// Closes what is over, and tells what has changed, at most once a second.
    mutating func tick(at time: FeedTime) -> [FeedEvent] {
        expire(at: time)
        if let start = sinceStart?.start, time - start > IncidentTracker.firstClients { sinceStart = nil }
        guard let open else { return [] }
        if open.isCounted, open.ledger.isEverybodyBack, time - open.openedAt >= IncidentTracker.shortest { return close(at: time) }
        if open.ledger.losses.count >= IncidentTracker.mostLosses { return close(at: time) }
        let quiet = time - open.ledger.lastProgress
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

    /// The clock was set back: times of before mean nothing now.
    mutating func restartClock(at time: FeedTime) -> [FeedEvent] { shutdown(at: time) }

    // MARK: Inside

    /// Whether so many drops within a second make an incident.
    private func isMany(_ drops: Int, of openBefore: Int) -> Bool {
        guard drops >= configuration.least else { return false }
        return drops >= configuration.closesPerSecond
            || (openBefore > 0 && Double(drops) * 100 >= configuration.percent * Double(openBefore))
    }

    /// Whether a drop while an incident is open is one of so many that they would make one.
    private mutating func isWave(openBefore: Int, at time: FeedTime) -> Bool {
        while let first = openDrops.first, time - first.time >= 1_000 { openDrops.removeFirst() }
        openDrops.append((time, openBefore))
        return isMany(openDrops.count, of: openDrops.first?.openBefore ?? openBefore)
    }

    private mutating func begin(
        _ cause: Incident.Cause, at time: FeedTime, counted: Bool, away: Milliseconds? = nil, activity: IncidentActivity,
        ledger: IncidentLedger
    ) {
        number += 1
        sinceStart = nil
        open = Open(
            number: number, cause: cause, openedAt: time, isCounted: counted, away: away, activity: activity, ledger: ledger,
            publishedAt: time)
    }

    private mutating func publishOpening(at time: FeedTime) -> [FeedEvent] {
        guard let open else { return [] }
        let figures = figures(open)
        self.open?.published = figures
        self.open?.publishedAt = time
        return [FeedEvent(time: time, kind: .incidentOpened(figures))]
    }

    private mutating func close(at time: FeedTime) -> [FeedEvent] {
        guard let open else { return [] }
        var incident = incident(open, until: time)
        incident.closedAt = max(time, open.openedAt)
        restores.add(open.ledger.restored)
        self.open = nil
        if over.count == IncidentTracker.kept - 1 { forgotten.add(over.removeFirst()) }
        over.append(incident)
        return [FeedEvent(time: time, kind: .incidentClosed(incident.figures))]
    }

    private mutating func count(_ opened: FeedEvent.ConnectionOpened, at time: FeedTime) {
        guard let isCounted = open?.isCounted else { return }
        if open?.ledger.opened(opened, guests: !isCounted, at: time) == true { open?.activity.add(.upgrade, at: time) }
    }

    private mutating func causeOfRecent(at time: FeedTime) -> Incident.Cause {
        defer { action = nil }
        if let action, time - action.time <= IncidentTracker.actionBefore { return action.cause }
        var counts: [FeedEvent.ClosedBy: Int] = [:]
        for event in recent { if case .drop(_, let by, _) = event.what { counts[by, default: 0] += 1 } }
        if counts[.operator, default: 0] * 2 > recentDrops { return .drill }
        return counts[.server, default: 0] * 2 > recentDrops ? .server : .network
    }

    /// Only what follows a drop matters, so calm times cost nothing.
    private mutating func note(_ what: Recent.What, at time: FeedTime) {
        if case .drop = what {} else if recentDrops == 0 || recent.count >= 262_144 { return }
        recent.append(Recent(time: time, what: what))
    }

    private mutating func expire(at time: FeedTime) {
        while let first = recent.first {
            if case .drop = first.what {
                guard time - first.time >= 1_000 else { return }
                recentDrops -= 1
            }
            recent.removeFirst()
        }
    }

    private mutating func forgetRecent() {
        recent.removeAll()
        openDrops.removeAll()
        recentDrops = 0
    }

    private mutating func replay(_ event: Recent) {
        switch event.what {
        case .drop(let loss, _, _):
            open?.activity.add(.close, at: event.time)
            open?.ledger.drop(loss, at: event.time)
        case .opened(let opened): count(opened, at: event.time)
        case .acknowledged(let connection): open?.ledger.acknowledged(connection, at: event.time)
        case .gained(let spot, let connection): open?.ledger.gained(spot, connection: connection, present: { [] }, at: event.time)
        case .left(let connection): open?.ledger.left(connection)
        case .probe(let admitted): open?.activity.probe(admitted: admitted, at: event.time)
        case .rejection: open?.activity.add(.rejection, at: event.time)
        }
    }

    private func figures(_ open: Open) -> FeedEvent.IncidentFigures { summary(open).figures }

    /// All but the series and the missing, which take longer.
    private func summary(_ open: Open) -> Incident {
        let ledger = open.ledger
        var incident = Incident(
            number: open.number, cause: open.cause, openedAt: open.openedAt, dropped: open.isCounted ? ledger.losses.count : nil)
        incident.probes = open.activity.probes
        incident.probed = open.isCounted ? min(open.activity.answered, ledger.losses.count) : open.activity.answered
        incident.upgraded = ledger.upgraded
        incident.namespacesBack = ledger.namespacesBack
        incident.roomsBack = ledger.roomsBack
        incident.missing = open.isCounted ? ledger.losses.count - ledger.upgraded : nil
        incident.p50 = ledger.restored.percentile(50)
        incident.p95 = ledger.restored.percentile(95)
        incident.p99 = ledger.restored.percentile(99)
        incident.tries = ledger.tries
        incident.away = open.away
        return incident
    }

    private func incident(_ open: Open, until time: FeedTime) -> Incident {
        var incident = summary(open)
        incident.peaks = open.activity.peaks
        incident.series = open.activity.series(until: time)
        if open.isCounted { incident.missingClients = open.ledger.missing(limit: IncidentTracker.mostMissing) }
        return incident
    }
}
