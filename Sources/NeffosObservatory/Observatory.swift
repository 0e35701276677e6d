public import NeffosFeed

/// The model of a server, made from its feed alone. Time is the events' own; nothing here reads a clock.
///
/// Everything that grows with what peers do is bounded; what is not kept is counted.
public struct Observatory: Sendable {
    /// A step of the clock backwards by more than this begins the graphs anew; smaller ones are events that come a little late.
    static let clockStep: Milliseconds = 60_000

    public internal(set) var now = FeedTime(milliseconds: 0)
    /// Rises whenever something that a screen could show has changed.
    public internal(set) var revision: UInt64 = 0
    /// The name of the node, as the feed's entries tell it.
    public var node: String?

    var table = ConnectionTable()
    var lineage = Lineage()
    var histories = Histories()
    var sources = ProbeSources()
    var kicks = RecentKicks()
    var lintBook: LintBook
    var acknowledgements = AcknowledgementWatch()
    var loops = LoopWatch()
    var consumers = ConsumerWatch()
    var flaps = FlapWatch()
    /// Lints that came of figures, which are no event: they are told with the next one.
    var pending: [FeedEvent] = []
    var log = AlertLog()
    /// The feed as it came; nothing is kept where its ``EventLog/capacity`` is 0.
    public var recentEvents = EventLog()
    var tracker: IncidentTracker
    var vital = Vitals()
    var totals = MessageTotals()
    var events = 0
    /// Where connections were that are losing everything now: forced events come before the close that explains them.
    var leaving: [String: Leaving] = [:]
    /// The time before the event that is being taken.
    var lastLifeSign = FeedTime(milliseconds: 0)
    /// What a server that starts takes for who was here before.
    var earlier: Roster?
    /// The `seq` of the newest entry that was taken.
    public internal(set) var seq = 0
    /// Incidents of a server that ran before, of which the feed knows nothing: see ``follow(_:isSameRun:until:)``.
    var inherited: [Incident] = []

    struct Leaving: Sendable {
        var since: FeedTime
        var namespaces: [NamespaceMembership]
    }

    /// - Parameter roster: what the state file of the server that ran before tells; used when `server.started` comes.
    public init(configuration: ObservatoryConfiguration = .init(), roster: Roster? = nil) {
        tracker = IncidentTracker(configuration: configuration)
        lintBook = LintBook(settings: configuration.lints)
        earlier = roster
    }

    /// Takes one entry of the feed, as ``apply(_:)-(FeedEvent)`` does, and keeps it among the recent ones.
    public mutating func apply(_ entry: FeedEntry) -> [FeedEvent] {
        recentEvents.append(entry)
        if node != entry.node { node = entry.node }
        seq = entry.seq
        return apply(entry.event)
    }

    /// Takes one event; returns events derived from it (`incident.*`, `lint.*`), for the host to publish. Those that come in are ignored.
    public mutating func apply(_ event: FeedEvent) -> [FeedEvent] {
        // All of them, so that the count is that of the feed's lines.
        events += 1
        switch event.kind {
        case .incidentOpened, .incidentUpdated, .incidentClosed, .lintRaised, .lintCleared, .message: return []
        default: break
        }
        revision += 1
        lastLifeSign = now
        var derived = move(to: event.time)
        derived += take(event.kind, at: event.time)
        vital.connections = table.count
        vital.connectionsPeak = max(vital.connectionsPeak, table.count)
        histories.setConnections(table.count)
        derived += tracker.tick(at: now)
        derived += settleLints(second: lastLifeSign.second)
        note(derived)
        return derived
    }

    /// Time passes without events: rates fall, incidents settle. To be called about once a second.
    public mutating func advance(to now: FeedTime) -> [FeedEvent] {
        guard now > self.now else { return [] }
        let before = self.now.second
        if now.second > before { revision += 1 }
        var derived = move(to: now)
        derived += tracker.tick(at: self.now)
        derived += settleLints(second: before)
        note(derived)
        return derived
    }

    mutating func move(to time: FeedTime) -> [FeedEvent] {
        var derived: [FeedEvent] = []
        if now - time > Observatory.clockStep {
            histories.restart()
            derived = tracker.restartClock(at: time)
            now = time
            table.setClock(time)
            leaving = [:]
            histories.advance(to: time.second, connections: table.count)
        } else if time > now {
            if time.second > now.second {
                histories.advance(to: time.second, connections: table.count)
                table.forgetFigures(before: time)
                if !leaving.isEmpty { leaving = leaving.filter { time - $0.value.since < 2_000 } }
            }
            now = time
            table.setClock(time)
        }
        return derived
    }

    /// What came of an event also stands among the alerts.
    private mutating func note(_ derived: [FeedEvent]) {
        guard !derived.isEmpty else { return }
        revision += 1
        for event in derived {
            switch event.kind {
            case .incidentOpened(let figures):
                log.add(.incidentOpened(figures.incident), AlertText.opened(figures, at: event.time))
            case .incidentUpdated(let figures): log.amend(.incidentOpened(figures.incident), detail: AlertText.lost(figures))
            case .incidentClosed(let figures):
                log.amend(.incidentOpened(figures.incident), detail: AlertText.lost(figures))
                log.add(.incidentClosed(figures.incident), AlertText.closed(figures, at: event.time))
            // The gap itself stands there already.
            case .lintRaised(let lint) where lint.lint != LintCatalogue.ID.lossyFeed:
                log.add(.lint(lint.lint, lint.subject), AlertText.lint(lint, at: event.time))
            default: break
            }
        }
    }

    // MARK: What there is to see

    public var vitals: Vitals {
        var vitals = vital
        vitals.node = node
        vitals.delta10s = table.count - histories.connections(secondsAgo: 10)
        vitals.namespaces = table.places.namespaceCount
        vitals.rooms = table.places.roomCount
        vitals.returned = histories.returned.total
        vitals.opened = histories.opened.total
        vitals.closed = histories.closed.total
        vitals.rejected = histories.rejected.total
        vitals.probes = histories.probes.total
        vitals.probeRate = histories.probes.rates
        vitals.openedRate = histories.opened.rates
        vitals.closedRate = histories.closed.rates
        return vitals
    }

    /// Newest first, at most 50.
    public var incidents: [Incident] { inherited.isEmpty ? tracker.incidents(at: now) : incidentsWithInherited }
    /// The last prober first, at most 256.
    public var probeSources: [ProbeSource] { sources.rows(at: now) }
    /// The same, but many addresses of one network as one row: `10.0.4.0/24`, with those that are no longer among ``probeSources``.
    public var probeNetworks: [ProbeSource] { sources.groupedRows(at: now) }
    /// Probe sources that were let go because there were more than are kept.
    public var forgottenProbeSources: Int { sources.forgotten }
    /// Newest first, at most 100.
    public var alerts: [Alert] { log.alerts }

    /// One value a second up to the last complete one, oldest first, at most 600.
    public func history(_ series: Series, buckets: Int) -> [Double] { history(series, resolution: .second, buckets: buckets) }

    /// One value a step up to the last complete one, oldest first, a second; where nothing is known, 0.
    /// - Parameters:
    ///   - buckets: how many, at most the ``Resolution/capacity`` of the resolution.
    ///   - peaks: the most of any second of a step, rather than the mean of its seconds.
    public func history(_ series: Series, resolution: Resolution, buckets: Int, peaks: Bool = false) -> [Double] {
        histories.rings(series).history(resolution, buckets, peaks: peaks)
    }

    /// Who is here, for the state file; from the beginning of a drain on, who was here then.
    public var roster: Roster {
        if vital.state == .draining || vital.state == .stopped, var earlier {
            earlier.savedAt = max(earlier.savedAt, now)
            return earlier
        }
        return Roster(savedAt: now, entries: table.records.map(entry))
    }

    private func entry(_ record: ConnectionTable.Record) -> Roster.Entry {
        var namespaces: [String: [String]] = [:]
        for namespace in table.memberships(of: record) { namespaces[namespace.name] = namespace.rooms }
        return Roster.Entry(connection: record.id, key: table.key(of: record), remote: record.remote, namespaces: namespaces)
    }

    public var summary: Summary {
        var summary = Summary()
        summary.totals.opened = histories.opened.total
        summary.totals.closed = histories.closed.total
        summary.totals.returned = histories.returned.total
        summary.totals.probes = histories.probes.total
        summary.totals.rejected = histories.rejected.total
        summary.totals.violations = vital.violations
        totals.fill(&summary, isEmpty: table.count == 0)
        summary.peaks.connections = vital.connectionsPeak
        summary.peaks.probesPerSecond = histories.probes.peak
        summary.incidents = incidents.reversed()
        summary.lints = lintBook.counts
        summary.feed.events = events
        summary.feed.missed = vital.missed
        return summary
    }
}
