import NeffosFeed

/// Exact counts from a feed, in sets of names that no client can make longer. Pure.
struct MetricsLedger: Sendable {
    struct Close: Hashable, Sendable, Comparable {
        var code: String
        var by: String
        static func < (left: Close, right: Close) -> Bool { (left.code, left.by) < (right.code, right.by) }
    }

    /// Upper bounds of the histogram of tries.
    static let tries: [Double] = [1, 2, 3, 5, 10, 20, 50, 100]
    /// What stands for a name that is not in its set, or was lost with a gap of the feed.
    static let other = "other"
    static let unknown = "unknown"
    /// Codes that the protocols define; a client can send any up to 4999.
    private static let codes: Set<Int> = [1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014]
    private static let statuses: Set<Int> = [400, 401, 403, 404, 405, 408, 413, 426, 429, 431, 500, 501, 503]
    /// Lints and causes are ours and few; a tape of others' could have any.
    private static let mostNames = 64

    private(set) var closes: [Close: Int] = [:]
    private(set) var rejections: [String: Int] = [:]
    /// Answered, and left without an answer.
    private(set) var probes: [String: Int] = ["answered": 0, "unanswered": 0]
    /// How many came back with so many tries: one count a bucket.
    private(set) var triesCounts = [Int](repeating: 0, count: MetricsLedger.tries.count + 1)
    private(set) var triesSum = 0
    private(set) var returned = 0
    private(set) var violations = 0
    private(set) var incidents: [String: Int] = [:]
    private(set) var openIncident: FeedEvent.IncidentFigures?
    private(set) var lints: [String: Int] = [:]
    private(set) var lintsRaised: [String: Int] = [:]
    private(set) var actions: [String: Int] = [:]
    private(set) var sample: FeedEvent.Sample?
    private(set) var startedAt: FeedTime?
    private(set) var version = ""

    mutating func take(_ event: FeedEvent) {
        switch event.kind {
        case .serverStarted(let state):
            startedAt = event.time
            version = state.version
        case .probe(let probe): probes[probe.admitted ? "answered" : "unanswered", default: 0] += 1
        case .connectionOpened(let opened):
            guard opened.tries > 0 || opened.previous != nil else { return }
            returned += 1
            let tries = max(0, opened.tries)
            triesCounts[Self.tries.firstIndex { Double(tries) <= $0 } ?? Self.tries.count] += 1
            triesSum = triesSum.addingReportingOverflow(tries).partialValue
        case .connectionRejected(let rejected):
            rejections[Self.statuses.contains(rejected.status) ? String(rejected.status) : Self.other, default: 0] += 1
        case .connectionClosed(let closed):
            let code = Self.codes.contains(closed.code) ? String(closed.code) : Self.other
            closes[Close(code: code, by: closed.by.rawValue), default: 0] += 1
        case .protocolViolation: violations += 1
        case .incidentOpened(let figures):
            Self.count(figures.cause, in: &incidents)
            openIncident = figures
        case .incidentUpdated(let figures): openIncident = figures
        case .incidentClosed: openIncident = nil
        case .lintRaised(let lint):
            Self.count(lint.lint, in: &lints)
            Self.count(lint.lint, in: &lintsRaised)
        case .lintCleared(let lint):
            if let count = lints[lint.lint] { lints[lint.lint] = max(0, count - 1) }
        case .operatorAction(let action): Self.count(action.action, in: &actions)
        case .sample(let sample): self.sample = sample
        case .feedGap(let gap): take(gap)
        default: break
        }
    }

    /// What was lost is counted all the same; only what it was in detail nobody knows.
    private mutating func take(_ gap: FeedEvent.FeedGap) {
        func lost(_ type: FeedEventType) -> Int { max(0, gap.kinds[type.rawValue] ?? 0) }
        let probes = lost(.probe)
        if probes > 0 { self.probes[Self.unknown, default: 0] += probes }
        let closed = lost(.connectionClosed)
        if closed > 0 { closes[Close(code: Self.unknown, by: Self.unknown), default: 0] += closed }
        let rejected = lost(.connectionRejected)
        if rejected > 0 { rejections[Self.unknown, default: 0] += rejected }
        violations += lost(.protocolViolation)
    }

    private static func count(_ name: String, in counts: inout [String: Int]) {
        let name = String(name.prefix(64))
        counts[counts[name] != nil || counts.count < mostNames ? name : other, default: 0] += 1
    }
}
