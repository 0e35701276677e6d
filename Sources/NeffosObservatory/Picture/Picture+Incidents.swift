import DequeModule
import NeffosFeed

private let never = FeedTime(milliseconds: 0)

extension NamespaceMembership {
    static func code(_ list: inout [NamespaceMembership], _ coder: inout PictureCoder) throws {
        try coder.list(&list, NamespaceMembership(name: "")) {
            try $0.text(&$1.name)
            try $0.texts(&$1.rooms)
        }
    }
}

extension Loss {
    static var blank: Loss { Loss(id: "", key: nil, remote: "", namespaces: [], since: never) }

    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.list(&ids, "") {
            var name = CompactName($1)
            try $0.name(&name)
            if $0.isReading { $1 = name.string }
        }
        try coder.optionalText(&key)
        var endpoint = CompactRemote(remote)
        try coder.remote(&endpoint)
        if coder.isReading { remote = endpoint.string }
        try NamespaceMembership.code(&namespaces, &coder)
        try coder.time(&since)
        try coder.optional(&connection, "") {
            var name = CompactName($1)
            try $0.name(&name)
            if $0.isReading { $1 = name.string }
        }
        try coder.bool(&isExact)
        try coder.bool(&isGuest)
        try coder.int(&tries)
        try coder.bool(&acknowledged)
        try coder.optional(&pending, []) { coder, spots in
            var list = Array(spots)
            try coder.list(&list, Spot(namespace: "")) { try Spot.code(&$1, &$0) }
            if coder.isReading { spots = Set(list) }
        }
        try coder.bool(&namespacesBack)
        try coder.bool(&roomsBack)
        try coder.optionalInt(&restored)
        try coder.time(&lastStep)
        try coder.time(&attachedAt)
        try coder.number(&interval)
        try coder.bool(&hasLeft)
        try coder.bool(&isStray)
        try coder.bool(&isQueued)
        try coder.check(Int(interval) < LogHistogram.buckets && !ids.isEmpty)
    }
}

extension Loss.Spot {
    static func code(_ spot: inout Loss.Spot, _ coder: inout PictureCoder) throws {
        try coder.text(&spot.namespace)
        try coder.optionalText(&spot.room)
    }
}

extension IncidentLedger {
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.list(&losses, most: 2 * IncidentTracker.mostLosses, .blank) { try $1.code(&$0) }
        let count = losses.count
        func index(_ coder: inout PictureCoder, _ value: inout Int) throws {
            try coder.int(&value)
            try coder.check(value >= 0 && value < count)
        }
        func names(_ table: inout [String: Int], _ coder: inout PictureCoder) throws {
            try coder.table(&table, "", 0) {
                var name = CompactName($1)
                try $0.name(&name)
                if $0.isReading { $1 = name.string }
                try index(&$0, &$2)
            }
        }
        try names(&byID, &coder)
        try names(&byConnection, &coder)
        try coder.table(&groups, "", Group()) {
            try $0.text(&$1)
            try $0.list(&$2.members, 0, index)
            try $0.list(&$2.queue, 0, index)
            try $0.table(&$2.byPlaces, [], []) {
                try NamespaceMembership.code(&$1, &$0)
                try $0.list(&$2, 0, index)
            }
        }
        try coder.bool(&hasSharedKeys)
        try coder.int(&upgraded)
        try coder.int(&namespacesBack)
        try coder.int(&roomsBack)
        try coder.int(&settled)
        var values = restored.values
        try coder.list(&values, 0) { try $0.int(&$1) }
        if coder.isReading { restored = SortedValues(values) }
        try coder.table(&tries, most: IncidentLedger.mostTries + 1, 0, 0) {
            try $0.int(&$1)
            try $0.int(&$2)
        }
        var counts = intervals.counts
        try coder.list(&counts, most: LogHistogram.buckets, 0) { try $0.number(&$1) }
        guard let read = LogHistogram(counts: counts) else { throw PictureError.damaged }
        intervals = read
        try coder.int(&lead)
        try coder.list(&recentlyBack, Back(index: 0, at: never)) {
            try index(&$0, &$1.index)
            try $0.time(&$1.at)
        }
        try coder.table(&overdue, most: LintBook.mostSubjects, 0, "") {
            try index(&$0, &$1)
            try $0.text(&$2)
        }
        try coder.int(&fastestTry)
        try coder.check(fastestTry > 0)
        try coder.time(&lastProgress)
        try coder.time(&lastStart)
    }
}

extension IncidentActivity {
    static func code(_ activity: inout IncidentActivity, _ coder: inout PictureCoder) throws {
        var start = activity.start
        try coder.time(&start)
        if coder.isReading { activity = IncidentActivity(start: start) }
        try coder.int(&activity.probes)
        try coder.int(&activity.answered)
        try activity.closeCounter.code(&coder)
        try activity.probeCounter.code(&coder)
        try activity.upgradeCounter.code(&coder)
        try activity.rejectionCounter.code(&coder)
        try coder.list(&activity.returns, most: mostSteps, 0) { try $0.number(&$1) }
        try coder.list(&activity.knocks, most: mostSteps, 0) { try $0.number(&$1) }
        try coder.table(&activity.addresses.probes, most: KnockBook.capacity, .ipv4(0, port: 0), 0) {
            try $0.remote(&$1)
            try $0.number(&$2)
        }
        try coder.table(&activity.addresses.refusals, most: KnockBook.mostRefused, .ipv4(0, port: 0), "") {
            try $0.remote(&$1)
            try $0.text(&$2)
        }
        try coder.bool(&activity.addresses.isIncomplete)
    }
}

extension IncidentActivity.Counter {
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.list(&values, most: Incident.Series.limit, 0) { try $0.int(&$1) }
        try coder.int(&newest)
        try coder.int(&count)
        try coder.int(&peak)
    }
}

extension FeedEvent.IncidentFigures {
    static var blank: FeedEvent.IncidentFigures { .init(incident: 0, cause: "", dropped: nil) }

    /// Those of an open incident, which have no missing keys.
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.int(&incident)
        try coder.text(&cause)
        try coder.optionalInt(&dropped)
        try coder.int(&probes)
        try coder.int(&probed)
        try coder.int(&upgraded)
        try coder.int(&namespacesBack)
        try coder.int(&roomsBack)
        try coder.optionalInt(&missing)
        try coder.optionalInt(&p50)
        try coder.optionalInt(&p95)
        try coder.optionalInt(&p99)
    }
}

extension Incident.Whereabouts {
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.int(&refused)
        try coder.int(&knocked)
        try coder.int(&silent)
        try coder.bool(&isIncomplete)
    }
}

extension Incident.Shape {
    static var blank: Incident.Shape { .init(kind: .spread, share: 0, interval: nil, burst: 0, burstAt: 0) }

    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.choice(&kind)
        try coder.double(&share)
        try coder.optionalInt(&interval)
        try coder.int(&burst)
        try coder.int(&burstAt)
        try coder.check(share >= 0 && share <= 1)
    }
}

extension Incident {
    static var blank: Incident { Incident(number: 0, cause: .network, openedAt: never, dropped: nil) }

    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.int(&number)
        try coder.choice(&cause)
        try coder.time(&openedAt)
        try coder.optionalTime(&closedAt)
        try coder.optionalInt(&dropped)
        try coder.int(&probes)
        try coder.int(&probed)
        try coder.int(&upgraded)
        try coder.int(&namespacesBack)
        try coder.int(&roomsBack)
        try coder.optionalInt(&missing)
        try coder.optionalInt(&p50)
        try coder.optionalInt(&p95)
        try coder.optionalInt(&p99)
        try coder.table(&tries, most: IncidentLedger.mostTries + 1, 0, 0) {
            try $0.int(&$1)
            try $0.int(&$2)
        }
        try coder.optionalInt(&away)
        var saw = clientsSaw.map { [$0.lowerBound, $0.upperBound] } ?? []
        try coder.list(&saw, most: 2, 0) { try $0.int(&$1) }
        try coder.check(saw.isEmpty || (saw.count == 2 && saw[0] <= saw[1]))
        clientsSaw = saw.isEmpty ? nil : saw[0]...saw[1]
        try coder.optionalInt(&clientInterval)
        try coder.optional(&whereabouts, Whereabouts()) { try $1.code(&$0) }
        try coder.optional(&shape, .blank) { try $1.code(&$0) }
        try coder.int(&kicked)
        try coder.list(
            &slowest, most: IncidentLedger.mostSlowest, Returned(key: nil, id: "", connection: nil, tries: 0, restored: 0)
        ) {
            try $0.optionalText(&$1.key)
            try $0.text(&$1.id)
            try $0.optionalText(&$1.connection)
            try $0.int(&$1.tries)
            try $0.int(&$1.restored)
        }
        try coder.int(&peaks.closes)
        try coder.int(&peaks.probes)
        try coder.int(&peaks.upgrades)
        try coder.int(&peaks.rejected)
        for path in [\Series.closes, \Series.probes, \Series.upgrades, \Series.rejected] as [WritableKeyPath<Series, [Int]>] {
            try coder.list(&series[keyPath: path], most: Series.limit, 0) { try $0.int(&$1) }
        }
        try coder.list(
            &missingClients, most: IncidentTracker.mostMissing, MissingClient(key: nil, remote: "", namespaces: [], ids: [], count: 0)
        ) {
            try $0.optionalText(&$1.key)
            try $0.text(&$1.remote)
            try NamespaceMembership.code(&$1.namespaces, &$0)
            try $0.texts(&$1.ids)
            try $0.int(&$1.count)
            try $0.int(&$1.knocks)
            try $0.optionalText(&$1.refusal)
        }
    }
}

extension FeedEvent.ConnectionOpened {
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.text(&connection)
        try coder.optionalText(&key)
        try coder.optionalText(&previous)
        try coder.text(&remote)
        try coder.optionalText(&userAgent)
        try coder.int(&tries)
        try coder.bool(&tls)
    }
}

extension IncidentTracker.Recent {
    static func code(_ recent: inout IncidentTracker.Recent, _ coder: inout PictureCoder) throws {
        try coder.time(&recent.time)
        var kind = 0
        var loss = Loss.blank
        var by = FeedEvent.ClosedBy.network
        var number = 0
        var opened = FeedEvent.ConnectionOpened(connection: "", key: nil, remote: "", userAgent: nil, tries: 0)
        var spot = Loss.Spot(namespace: "")
        var text = ""
        var remote = CompactRemote.ipv4(0, port: 0)
        var admitted = false
        switch recent.what {
        case .drop(let value, let who, let before): (kind, loss, by, number) = (0, value, who, before)
        case .opened(let value): (kind, opened) = (1, value)
        case .acknowledged(let value): (kind, text) = (2, value)
        case .gained(let value, let connection): (kind, spot, text) = (3, value, connection)
        case .left(let value): (kind, text) = (4, value)
        case .probe(let value, let answered): (kind, remote, admitted) = (5, value, answered)
        case .rejection(let value, let reason): (kind, remote, text) = (6, value, reason)
        }
        try coder.int(&kind)
        switch kind {
        case 0:
            try loss.code(&coder)
            try coder.choice(&by)
            try coder.int(&number)
            recent.what = .drop(loss, by: by, openBefore: number)
        case 1:
            try opened.code(&coder)
            recent.what = .opened(opened)
        case 2, 4:
            try coder.text(&text)
            recent.what = kind == 2 ? .acknowledged(text) : .left(text)
        case 3:
            try Loss.Spot.code(&spot, &coder)
            try coder.text(&text)
            recent.what = .gained(spot, text)
        case 5:
            try coder.remote(&remote)
            try coder.bool(&admitted)
            recent.what = .probe(remote, admitted: admitted)
        case 6:
            try coder.remote(&remote)
            try coder.text(&text)
            recent.what = .rejection(remote, reason: text)
        default: throw PictureError.damaged
        }
    }
}

extension IncidentTracker {
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.int(&configuration.closesPerSecond)
        try coder.double(&configuration.percent)
        try coder.int(&configuration.least)
        try coder.int(&configuration.settle)
        try coder.int(&number)
        try coder.optional(
            &open,
            Open(
                number: 0, cause: .network, openedAt: never, isCounted: false, activity: IncidentActivity(start: never),
                ledger: IncidentLedger(start: never), publishedAt: never)
        ) {
            try $0.int(&$1.number)
            try $0.choice(&$1.cause)
            try $0.time(&$1.openedAt)
            try $0.bool(&$1.isCounted)
            try $0.optionalInt(&$1.away)
            try IncidentActivity.code(&$1.activity, &$0)
            try $1.ledger.code(&$0)
            try $0.optional(&$1.published, .blank) { try $1.code(&$0) }
            try $0.time(&$1.publishedAt)
            try $0.optional(&$1.whereabouts, Incident.Whereabouts()) { try $1.code(&$0) }
            try $0.optional(&$1.shape, .blank) { try $1.code(&$0) }
        }
        try coder.list(&over, most: IncidentTracker.kept, .blank) { try $1.code(&$0) }
        try coder.list(&recent, Recent(time: never, what: .left(""))) { try Recent.code(&$1, &$0) }
        try coder.int(&recentDrops)
        try coder.list(&openDrops, Drop(time: never, openBefore: 0)) {
            try $0.time(&$1.time)
            try $0.int(&$1.openBefore)
        }
        try coder.optional(&sinceStart, IncidentActivity(start: never)) { try IncidentActivity.code(&$1, &$0) }
        try coder.optional(&action, Action(cause: .network, time: never)) {
            try $0.choice(&$1.cause)
            try $0.time(&$1.time)
        }
        var isPaused = pausedSince != nil
        try coder.bool(&isPaused)
        try coder.list(&recentKicks, Kick(loss: .blank, openBefore: 0)) {
            try $1.loss.code(&$0)
            try $0.int(&$1.openBefore)
        }
        try coder.time(&lookedAt)
        // As many as there are drops among the recent: a count that is not so would never come to an end.
        let drops = recent.count { if case .drop = $0.what { true } else { false } }
        try coder.check(drops == recentDrops)
        if coder.isReading { guessAbsences(isPaused: isPaused) }
    }

    /// When nobody could come: what programs of before do not read. What is added to it stands at its end, and is not read by those of now.
    mutating func codeAbsences(_ coder: inout PictureCoder) throws {
        let blank = Absence(since: never, until: never)
        try coder.optional(&listenerAway, blank) { try $1.code(&$0) }
        try coder.optionalTime(&pausedSince)
        var absences = open?.ledger.absences ?? []
        try coder.list(&absences, most: IncidentLedger.mostAbsences, blank) { try $1.code(&$0) }
        if coder.isReading { open?.ledger.absences = absences }
    }

    /// What is known of it from a server that does not tell.
    private mutating func guessAbsences(isPaused: Bool) {
        pausedSince = isPaused ? open?.openedAt ?? lookedAt : nil
        guard let open, open.cause == .drill, let away = open.away else { return }
        self.open?.ledger.absences = [Absence(since: open.drillStart, until: open.openedAt + away)]
    }
}

extension Absence {
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.time(&since)
        try coder.time(&until)
    }
}
