/// Expectations of one incident of a server that has run for long: what went before is not its doing.
extension ExpectationBook {
    /// What has counted up until now counts for nothing in ``results(with:of:)``.
    public mutating func begin(with observatory: Observatory) {
        before = [:]
        for part in expectations.flatMap(\.parts) where part.figure.countsUp {
            before[part.figure] = figure(part.figure, observatory) ?? 0
        }
    }

    /// In the order of ``expectations``: the figures of incidents are those of `incident`, what counts up is since ``begin(with:)``, and the
    /// others are as they are.
    public func results(with observatory: Observatory, of incident: Incident) -> [ExpectationResult] {
        results(missing: incident.missingClients) { figure in
            if let own = incident.figure(figure) { return own }
            return self.figure(figure, observatory).map { $0 - (before[figure] ?? 0) }
        }
    }
}

extension Incident {
    /// - Returns: nil where the figure is none of an incident's; a nil within where nothing tells it.
    fileprivate func figure(_ figure: ExpectationFigure) -> Double?? {
        func told(_ number: Int?) -> Double?? { .some(number.map(Double.init)) }
        return switch figure {
        case .restore(50): told(p50)
        case .restore(95): told(p95)
        case .restore: told(p99)
        case .plain(.dropped): told(dropped)
        case .plain(.upgraded): told(upgraded)
        case .plain(.missing): told(missing)
        case .plain(.triesMax): told(tries.keys.max() ?? 0)
        case .plain(.probesPeak): told(peaks.probes)
        case .plain(.openedPeak): told(peaks.upgrades)
        case .plain(.closedPeak): told(peaks.closes)
        default: nil
        }
    }
}

extension ExpectationFigure {
    /// Those of a whole run that only grow.
    fileprivate var countsUp: Bool {
        switch self {
        case .lint: true
        case .plain(let plain):
            switch plain {
            case .opened, .closed, .returned, .probes, .rejected, .violations, .messagesIn, .messagesOut, .bytesIn, .bytesOut, .incidents,
                .lints, .feedEvents, .feedMissed:
                true
            case .connections, .connectionsPeak, .namespaces, .rooms, .triesMax, .probesPeak, .openedPeak, .closedPeak, .messagesInPeak,
                .messagesOutPeak, .incidentsOpen, .dropped, .upgraded, .missing, .cpuPeak, .memoryPeak, .lagPeak:
                false
            }
        case .restore, .count, .connections: false
        }
    }
}
