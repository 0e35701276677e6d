import NeffosObservatory

/// Whether those who came back came as a herd: all at the same moment, or in steps of an interval that they share.
struct ReturnShape: Sendable, Hashable {
    /// Fewer in one second than this harm nobody.
    static let least = 50

    /// The most that came in one second.
    var peak: Int
    /// Of so many.
    var of: Int
    /// Seconds between the steps; nil where they came in one.
    var step: Int?
    var steps: Int

    /// Nil where they came spread out.
    static func herd(_ incident: Incident) -> ReturnShape? {
        let total = incident.upgraded
        let hasProbes = incident.series.probes.contains { $0 > 0 }
        let bursts = bursts(hasProbes ? incident.series.probes : incident.series.upgrades)
        let gaps = zip(bursts, bursts.dropFirst()).map { $1 - $0 }
        let knocks = hasProbes ? incident.peaks.probes : incident.peaks.upgrades
        if let gap = gaps.first, gap >= 2, gaps.allSatisfy({ abs($0 - gap) <= 1 }), knocks >= least {
            return ReturnShape(peak: knocks, of: total, step: gap, steps: bursts.count)
        }
        // Two thirds within a second are no spread, however short the interval of the others is.
        let peak = incident.peaks.upgrades
        guard peak >= least, peak * 3 >= total * 2, bursts.count <= 1 else { return nil }
        return ReturnShape(peak: peak, of: total, step: nil, steps: 1)
    }

    /// The seconds at which bursts begin that have nearly all in them, with calm between; none where it is not so.
    private static func bursts(_ values: [Int]) -> [Int] {
        let all = values.reduce(0, +)
        guard let peak = values.max(), peak > 0 else { return [] }
        let least = max(5, peak / 10)
        var bursts: [Int] = []
        var inside = 0
        var isInside = false
        for (second, value) in values.enumerated() {
            if value >= least {
                if !isInside { bursts.append(second) }
                inside += value
            }
            isInside = value >= least
        }
        // A burst that lasts is no burst.
        let seconds = values.count { $0 >= least }
        return inside * 10 >= all * 9 && seconds <= bursts.count * 2 ? bursts : []
    }
}
