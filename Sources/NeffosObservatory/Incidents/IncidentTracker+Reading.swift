import NeffosFeed

/// Incidents as they are told.
extension IncidentTracker {
    func figures(_ open: Open) -> FeedEvent.IncidentFigures { summary(open).figures }

    /// All but the series and the missing, which take longer.
    func summary(_ open: Open) -> Incident {
        let ledger = open.ledger
        var incident = Incident(
            number: open.number, cause: open.cause, openedAt: open.openedAt, dropped: open.isCounted ? ledger.losses.count : nil)
        incident.probes = open.activity.probes
        incident.probed = open.isCounted ? min(open.activity.answered, ledger.losses.count) : open.activity.answered
        incident.upgraded = ledger.upgraded
        incident.namespacesBack = ledger.namespacesBack
        incident.roomsBack = ledger.roomsBack
        incident.missing = open.isCounted ? ledger.losses.count - ledger.upgraded : nil
        incident.p50 = ledger.restored.percentile(50)
        incident.p95 = ledger.restored.percentile(95)
        incident.p99 = ledger.restored.percentile(99)
        incident.tries = ledger.tries
        incident.away = open.away
        incident.clientInterval = ledger.intervals.median
        incident.clientsSaw = ledger.clientsSaw
        incident.shape = open.shape
        incident.whereabouts = open.isCounted ? open.whereabouts : nil
        incident.kicked = open.cause == .kick ? ledger.losses.count : 0
        return incident
    }

    func incident(_ open: Open, until time: FeedTime) -> Incident {
        var incident = summary(open)
        incident.peaks = open.activity.peaks
        incident.series = open.activity.series(until: time)
        if open.isCounted { incident.missingClients = open.ledger.missing(limit: IncidentTracker.mostMissing, open.activity.addresses) }
        return incident
    }
}
