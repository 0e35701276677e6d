public import NeffosFeed

/// Counts what the expectations of a run ask for and the model does not keep, and says what became of them.
///
/// Feed it each event (``take(_:)``), and ask it with the model of the same feed. The stop of a server closes connections, which is nobody's
/// failure: ``freeze(with:)`` just before it keeps the figures that it would distort.
public struct ExpectationBook: Sendable {
    private struct Counter: Sendable {
        var query: Query
        var matchers: [LinearRegexMatcher]
        var count = 0
    }

    public let expectations: [Expectation]
    private var counters: [Counter] = []
    private var follower: ConnectionFollower?
    private var peaks = FeedEvent.Sample()
    private var frozen: [ExpectationFigure: Double?] = [:]
    /// What had counted up before it mattered.
    var before: [ExpectationFigure: Double] = [:]

    public init(_ expectations: [Expectation]) {
        self.expectations = expectations
        for case .count(let query) in expectations.flatMap(\.parts).map(\.figure) where !counters.contains(where: { $0.query == query }) {
            counters.append(Counter(query: query, matchers: query.makeMatchers()))
        }
        if counters.contains(where: { $0.query.needsFacts }) { follower = ConnectionFollower() }
    }

    /// Takes the next event of the feed.
    public mutating func take(_ event: FeedEvent) {
        if case .sample(let sample) = event.kind {
            peaks.cpuPercent = max(peaks.cpuPercent, sample.cpuPercent)
            peaks.memoryBytes = max(peaks.memoryBytes, sample.memoryBytes)
            peaks.loopLag = max(peaks.loopLag, sample.loopLag)
        }
        guard !counters.isEmpty else { return }
        if follower == nil {
            count(event) { _ in nil }
        } else {
            var follower = self.follower.take()
            follower?.follow(event) { facts in count(event, facts: facts) }
            self.follower = follower
        }
    }

    private mutating func count(_ event: FeedEvent, facts: (String) -> ConnectionRow?) {
        for index in counters.indices where counters[index].query.matches(event, &counters[index].matchers, facts: facts) {
            counters[index].count += 1
        }
    }

    /// Keeps the figures as they are now, but for those that the stop of the server makes exact.
    public mutating func freeze(with observatory: Observatory) {
        for part in expectations.flatMap(\.parts) where !part.figure.isKnownAfterStop {
            frozen[part.figure] = .some(figure(part.figure, observatory))
        }
    }

    /// Whether all is as expected.
    public func isMet(with observatory: Observatory) -> Bool { results(with: observatory).allSatisfy(\.passed) }

    /// In the order of ``expectations``.
    public func results(with observatory: Observatory) -> [ExpectationResult] {
        results(missing: observatory.incidents.reversed().flatMap(\.missingClients)) { frozen[$0] ?? figure($0, observatory) }
    }

    func results(
        missing: @autoclosure () -> [Incident.MissingClient], _ figure: (ExpectationFigure) -> Double?
    ) -> [ExpectationResult] {
        expectations.map { expectation in
            let figures = expectation.parts.map { figure($0.figure) }
            let isMet = zip(expectation.parts, figures).map { part, figure in figure.map(part.comparison.holds) ?? false }
            let actual = zip(expectation.parts, figures).map { part, figure in
                let text = figure.map(part.figure.unit.text) ?? part.figure.absence
                return expectation.parts.count == 1 ? text : "\(part.figure.text) \(text)"
            }
            let namesMissing = zip(expectation.parts, isMet).contains { part, isMet in !isMet && part.figure.namesMissing }
            return ExpectationResult(
                text: expectation.text, expected: expectation.expected, actual: actual.joined(separator: ", "),
                passed: isMet.allSatisfy { $0 }, missing: namesMissing ? missing() : [])
        }
    }

    // MARK: Figures

    /// Nil where nothing tells.
    func figure(_ figure: ExpectationFigure, _ observatory: Observatory) -> Double? {
        switch figure {
        case .plain(let plain): self.figure(plain, observatory)
        case .restore(let percent):
            observatory.incidents.compactMap { percent == 50 ? $0.p50 : percent == 95 ? $0.p95 : $0.p99 }.max().map(Double.init)
        case .lint(let id): Double(observatory.summary.lints.first { $0.lint == id }?.raised ?? 0)
        case .count(let query): counters.first { $0.query == query }.map { Double($0.count) }
        case .connections(let query): Double(QueryTargets(query, in: observatory).ids.count)
        }
    }

    private func figure(_ plain: ExpectationFigure.Plain, _ observatory: Observatory) -> Double? {
        func number(_ number: Int) -> Double? { Double(number) }
        switch plain {
        case .connections: return number(observatory.connectionCount)
        case .connectionsPeak: return number(observatory.vitals.connectionsPeak)
        case .namespaces: return number(observatory.vitals.namespaces)
        case .rooms: return number(observatory.vitals.rooms)
        case .opened: return number(observatory.vitals.opened)
        case .closed: return number(observatory.vitals.closed)
        case .returned: return number(observatory.vitals.returned)
        case .probes: return number(observatory.vitals.probes)
        case .rejected: return number(observatory.vitals.rejected)
        case .violations: return number(observatory.vitals.violations)
        case .triesMax: return number(observatory.vitals.maxTries)
        case .messagesIn: return number(observatory.summary.totals.messagesIn)
        case .messagesOut: return number(observatory.summary.totals.messagesOut)
        case .bytesIn: return number(observatory.summary.totals.bytesIn)
        case .bytesOut: return number(observatory.summary.totals.bytesOut)
        case .probesPeak: return observatory.vitals.probeRate.peak
        case .openedPeak: return observatory.vitals.openedRate.peak
        case .closedPeak: return observatory.vitals.closedRate.peak
        case .messagesInPeak: return observatory.summary.peaks.messagesInPerSecond
        case .messagesOutPeak: return observatory.summary.peaks.messagesOutPerSecond
        case .incidents: return number(observatory.incidentSums.count)
        case .incidentsOpen: return number(observatory.incidents.lazy.filter(\.isOpen).count)
        case .dropped: return observatory.incidentSums.dropped.map(Double.init)
        case .upgraded: return observatory.incidentSums.upgraded.map(Double.init)
        case .missing: return observatory.incidentSums.missing.map(Double.init)
        case .lints: return number(observatory.summary.lints.reduce(0) { $0 + $1.raised })
        case .feedEvents: return number(observatory.summary.feed.events)
        case .feedMissed: return number(observatory.summary.feed.missed)
        case .cpuPeak: return peaks.cpuPercent
        case .memoryPeak: return number(peaks.memoryBytes)
        case .lagPeak: return peaks.loopLag
        }
    }
}

extension ExpectationFigure {
    /// Why there is no figure.
    fileprivate var absence: String {
        switch self {
        case .restore: "none, nobody came back in an incident"
        case .plain(.dropped), .plain(.upgraded), .plain(.missing): "unknown, no roster told who was here before"
        default: "none"
        }
    }
}
