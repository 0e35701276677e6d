public import NeffosFeed

/// What a lint has to say, before it is known whether it is wanted.
enum LintFinding: Sendable {
    /// - Parameter remedy: nil for that of the catalogue.
    case raise(_ lint: String, subject: String, detail: String, remedy: String? = nil)
    case clear(_ lint: String, subject: String)

    var lint: String {
        switch self {
        case .raise(let lint, _, _, _), .clear(let lint, _): lint
        }
    }
}

/// The lints that are raised, each once a subject, until they clear.
struct LintBook: Sendable {
    /// The most subjects of one lint; more are counted.
    static let mostSubjects = 256

    struct Raised: Sendable {
        var detail: String
        var remedy: String
        var since: FeedTime
        /// When it was seen last.
        var last: FeedTime
        var count = 1
    }

    /// Of one lint.
    struct Shelf: Sendable {
        var raised: [String: Raised] = [:]
        var total = 0
        /// Subjects that found no place.
        var beyond = 0
    }

    var settings: LintSettings
    var shelves: [String: Shelf] = [:]

    init(settings: LintSettings) { self.settings = settings }

    /// How long after its last sighting a lint clears by itself, where nothing else clears it.
    private func quiet(_ lint: String) -> Milliseconds {
        switch lint {
        case LintCatalogue.ID.flapping: settings[lint, "within"]
        case LintCatalogue.ID.orphanProbe, LintCatalogue.ID.headOnlyPoller, LintCatalogue.ID.implausibleTries: 600_000
        // As long as its incident is open.
        case LintCatalogue.ID.roomNotRejoined: .max
        case LintCatalogue.ID.loopLag, LintCatalogue.ID.slowHandler: 10_000
        default: 60_000
        }
    }

    mutating func take(_ finding: LintFinding, at time: FeedTime) -> FeedEvent? {
        switch finding {
        case .raise(let lint, let subject, let detail, let remedy): raise(lint, subject, detail, remedy, at: time)
        case .clear(let lint, let subject): clear(lint, subject, at: time)
        }
    }

    private mutating func raise(_ lint: String, _ subject: String, _ detail: String, _ remedy: String?, at time: FeedTime) -> FeedEvent? {
        guard settings.isOn(lint) else { return nil }
        let subject: String = BoundedText.cut(subject, to: BoundedText.label)
        if shelves[lint]?.raised[subject] != nil {
            shelves[lint]?.raised[subject]?.last = time
            shelves[lint]?.raised[subject]?.detail = detail
            shelves[lint]?.raised[subject]?.count += 1
            return nil
        }
        guard (shelves[lint]?.raised.count ?? 0) < LintBook.mostSubjects else {
            shelves[lint]?.beyond += 1
            return nil
        }
        let remedy = remedy ?? LintCatalogue.lint(lint)?.remedy ?? ""
        let raised = Raised(detail: detail, remedy: remedy, since: time, last: time)
        shelves[lint, default: Shelf()].raised[subject] = raised
        shelves[lint]?.total += 1
        return FeedEvent(time: time, kind: .lintRaised(.init(lint: lint, subject: subject, detail: detail, remedy: remedy)))
    }

    private mutating func clear(_ lint: String, _ subject: String, at time: FeedTime) -> FeedEvent? {
        guard shelves[lint]?.raised.isEmpty == false,
            let gone = shelves[lint]?.raised.removeValue(forKey: BoundedText.cut(subject, to: BoundedText.label))
        else { return nil }
        return FeedEvent(
            time: time,
            kind: .lintCleared(
                .init(lint: lint, subject: BoundedText.cut(subject, to: BoundedText.label), detail: gone.detail, remedy: gone.remedy)))
    }

    /// Clears what was not seen for its time, and what is no longer wanted.
    mutating func settle(at time: FeedTime) -> [FeedEvent] {
        var events: [FeedEvent] = []
        for (lint, shelf) in shelves where !shelf.raised.isEmpty {
            let quiet = quiet(lint)
            let isOn = settings.isOn(lint)
            for (subject, raised) in shelf.raised.sorted(by: { $0.key < $1.key }) where !isOn || time - raised.last >= quiet {
                if let event = clear(lint, subject, at: time) { events.append(event) }
            }
        }
        return events.sorted { LintBook.name($0) < LintBook.name($1) }
    }

    /// Clears all of a lint.
    mutating func clearAll(_ lint: String, at time: FeedTime) -> [FeedEvent] {
        (shelves[lint]?.raised.keys.sorted() ?? []).compactMap { clear(lint, $0, at: time) }
    }

    private static func name(_ event: FeedEvent) -> String {
        if case .lintCleared(let lint) = event.kind { lint.lint } else { "" }
    }

    /// Those that are raised, in the order of the catalogue, the newest first.
    var rows: [LintRow] {
        LintCatalogue.all.flatMap { lint in
            (shelves[lint.id]?.raised ?? [:]).map { subject, raised in
                LintRow(
                    lint: lint.id, subject: subject, detail: raised.detail, remedy: raised.remedy, since: raised.since, last: raised.last,
                    count: raised.count)
            }.sorted { ($1.since, $0.subject) < ($0.since, $1.subject) }
        }
    }

    /// Of all that were ever raised.
    var counts: [Summary.LintCount] {
        LintCatalogue.all.compactMap { lint in
            guard let shelf = shelves[lint.id], shelf.total > 0 else { return nil }
            return .init(lint: lint.id, raised: shelf.total, active: shelf.raised.count)
        }
    }

    func isRaised(_ lint: String, _ subject: String) -> Bool { shelves[lint]?.raised[subject] != nil }

    func subjects(of lint: String) -> Set<String> { shelves[lint].map { Set($0.raised.keys) } ?? [] }
}

/// A lint that is raised now. What a peer named stands in it as it was: whoever shows it makes it safe first.
public struct LintRow: Sendable, Hashable {
    /// Its id: ``LintCatalogue`` says what it is.
    public var lint: String
    /// Whom or what it is about: a key, an id, an address, an incident.
    public var subject: String
    /// One sentence.
    public var detail: String
    public var remedy: String
    public var since: FeedTime
    /// When it was seen last.
    public var last: FeedTime
    /// How often it was seen.
    public var count: Int

    public init(lint: String, subject: String, detail: String, remedy: String, since: FeedTime, last: FeedTime, count: Int = 1) {
        self.lint = lint
        self.subject = subject
        self.detail = detail
        self.remedy = remedy
        self.since = since
        self.last = last
        self.count = count
    }
}
