public import NeffosFeed

/// What is worth a look.
extension Observatory {
    /// Which lints are raised, and from where on. A lint that is no longer wanted clears within a second.
    public var lintSettings: LintSettings {
        get { lintBook.settings }
        set {
            lintBook.settings = newValue
            tracker.configuration.lints = newValue
        }
    }

    /// Lints that are raised now, in the order of ``LintCatalogue/all``, of each the newest first, at most 256.
    public var lints: [LintRow] { lintBook.rows }

    /// Takes the figures of connections, as they were asked for; they are no part of the feed.
    public mutating func take(_ figures: [ConnectionFigures], at time: FeedTime) {
        guard !figures.isEmpty else { return }
        revision += 1
        for each in figures {
            table.take(each, at: time)
            guard let index = table.index(of: each.connection) else { continue }
            // Most have nothing to wait for, and are not on the list.
            if each.queuedBytes == 0, consumers.since.isEmpty { continue }
            let record = table.records[index]
            let finding = consumers.take(each, record, subject: subject(record), lintBook.settings, at: time)
            if let finding, let event = lintBook.take(finding, at: max(now, time)) { pending.append(event) }
        }
    }

    mutating func lint(_ findings: [LintFinding], at time: FeedTime) -> [FeedEvent] {
        findings.compactMap { lintBook.take($0, at: time) }
    }

    /// A client by its key, or by its id where it has none.
    func subject(_ record: ConnectionTable.Record) -> String { table.key(of: record) ?? record.id }

    /// What came of the last event beside it, and, where a second has passed, what clears by itself.
    mutating func settleLints(second: Int64) -> [FeedEvent] {
        var derived: [FeedEvent] = []
        if !pending.isEmpty {
            derived += pending
            pending = []
        }
        if !tracker.findings.isEmpty {
            derived += lint(tracker.findings, at: now)
            tracker.findings = []
        }
        guard now.second != second else { return derived }
        derived += lintBook.settle(at: now)
        let table = table
        let late = acknowledgements.due(after: lintBook.settings[LintCatalogue.ID.neverAcknowledged, "after"], at: now) { name in
            table.index(of: name).map { table.records[$0] }.flatMap { $0.acknowledgedAfter < 0 ? $0 : nil }
        }
        if !late.isEmpty { derived += lint(late, at: now) }
        kicks.forget(before: now + -RecentKicks.remembered)
        return derived
    }

    /// A connection came back, or is new.
    mutating func noteReturn(_ opened: FeedEvent.ConnectionOpened, at time: FeedTime) -> [FeedEvent] {
        let key: String? = BoundedText.cut(opened.key, to: BoundedText.label)
        let isByItself = tracker.open?.cause.isPlanned != true
        lineage.returned(key: key, id: opened.connection, previous: opened.previous, isByItself: isByItself, at: time)
        guard isByItself else { return [] }
        let table = table
        let finding = flaps.returned(opened.connection, key: key, lineage: lineage, lintBook.settings, at: time) {
            table.index(of: opened.connection).map { table.count(sharingKeyOf: $0) } ?? 1
        }
        return finding.map { lint([$0], at: time) } ?? []
    }
}
