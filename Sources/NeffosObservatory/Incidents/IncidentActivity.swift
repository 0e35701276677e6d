import NeffosFeed

/// What happened each second of an incident, the most in any one, and the probes.
struct IncidentActivity: Sendable {
    enum What: Sendable { case close, probe, upgrade, rejection }

    /// One series, its newest second, and its peak.
    private struct Counter: Sendable {
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
    private(set) var probes = 0
    private(set) var answered = 0
    private var closeCounter = Counter()
    private var probeCounter = Counter()
    private var upgradeCounter = Counter()
    private var rejectionCounter = Counter()

    init(start: FeedTime) { self.start = start }

    mutating func add(_ what: What, _ number: Int = 1, at time: FeedTime) {
        let second = max(0, time - start) / 1000
        switch what {
        case .close: closeCounter.add(number, second: second)
        case .probe: probeCounter.add(number, second: second)
        case .upgrade: upgradeCounter.add(number, second: second)
        case .rejection: rejectionCounter.add(number, second: second)
        }
    }

    mutating func probe(admitted: Bool, at time: FeedTime) {
        probes += 1
        if admitted { answered += 1 }
        add(.probe, at: time)
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
}
