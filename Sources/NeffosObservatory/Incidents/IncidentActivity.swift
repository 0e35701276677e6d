import NeffosFeed

/// What happened each second of an incident, the most in any one, and the probes.
struct IncidentActivity: Sendable {
    enum What: Sendable { case close, probe, upgrade, rejection }

    /// The width of a bucket of ``returns``.
    static let step: Milliseconds = 100
    static let mostSteps = 1_200

    /// One series, its newest second, and its peak.
    struct Counter: Sendable {
        var values: [Int] = []
        var newest = -1
        var count = 0
        var peak = 0

        mutating func add(_ number: Int, second: Int) {
            if second > newest {
                newest = second
                count = 0
            }
            if second == newest {
                count += number
                peak = max(peak, count)
            }
            guard second < Incident.Series.limit else { return }
            while values.count <= second { values.append(0) }
            values[second] += number
        }
    }

    let start: FeedTime
    var probes = 0
    var answered = 0
    var closeCounter = Counter()
    var probeCounter = Counter()
    var upgradeCounter = Counter()
    var rejectionCounter = Counter()
    /// Returns and answered probes of the first two minutes, finely: whether they come in bursts.
    var returns: [Int32] = []
    var knocks: [Int32] = []
    /// Where probes and refusals came from.
    var addresses = KnockBook()

    init(start: FeedTime) { self.start = start }

    mutating func add(_ what: What, _ number: Int = 1, at time: FeedTime) {
        let second = max(0, time - start) / 1000
        switch what {
        case .close: closeCounter.add(number, second: second)
        case .probe: probeCounter.add(number, second: second)
        case .upgrade:
            upgradeCounter.add(number, second: second)
            IncidentActivity.count(&returns, time - start)
        case .rejection: rejectionCounter.add(number, second: second)
        }
    }

    private static func count(_ buckets: inout [Int32], _ since: Milliseconds) {
        let bucket = max(0, since) / step
        guard bucket < mostSteps else { return }
        while buckets.count <= bucket { buckets.append(0) }
        buckets[bucket] += 1
    }

    mutating func probe(_ remote: CompactRemote, admitted: Bool, at time: FeedTime) {
        probes += 1
        if admitted {
            answered += 1
            IncidentActivity.count(&knocks, time - start)
        }
        addresses.probe(remote)
        add(.probe, at: time)
    }

    mutating func rejection(_ remote: CompactRemote, reason: String, at time: FeedTime) {
        addresses.reject(remote, reason: reason)
        add(.rejection, at: time)
    }

    var peaks: Incident.Peaks {
        var peaks = Incident.Peaks()
        peaks.closes = closeCounter.peak
        peaks.probes = probeCounter.peak
        peaks.upgrades = upgradeCounter.peak
        peaks.rejected = rejectionCounter.peak
        return peaks
    }

    /// All of one length: up to `time`, or the limit.
    func series(until time: FeedTime) -> Incident.Series {
        let length = min(Incident.Series.limit, max(0, time - start) / 1000 + 1)
        func padded(_ values: [Int]) -> [Int] {
            Array(values.prefix(length)) + [Int](repeating: 0, count: max(0, length - values.count))
        }
        var series = Incident.Series()
        series.closes = padded(closeCounter.values)
        series.probes = padded(probeCounter.values)
        series.upgrades = padded(upgradeCounter.values)
        series.rejected = padded(rejectionCounter.values)
        return series
    }

    /// Whether returns came in bursts; nil while there are too few to tell.
    /// - Parameter interval: of the clients, where they told.
    func shape(interval: Milliseconds?, _ settings: LintSettings) -> Incident.Shape? {
        let lint = LintCatalogue.ID.herd
        let count = returns.reduce(0) { $0 + Int($1) }
        guard count >= settings[lint, "returns"] else { return nil }
        let window = settings[lint, "window"]
        let shares = [returns, knocks].compactMap { buckets -> Double? in
            guard buckets.reduce(0, { $0 + Int($1) }) >= settings[lint, "returns"] else { return nil }
            return HerdShape.share(buckets, interval: interval, window: window)
        }
        guard let share = shares.max() else { return nil }
        let burst = returns.indices.max { returns[$0] < returns[$1] } ?? 0
        return Incident.Shape(
            kind: share * 100 >= Double(settings[lint, "share"]) ? .herd : .spread, share: share, interval: interval,
            burst: Int(returns[burst]), burstAt: burst * IncidentActivity.step)
    }
}
