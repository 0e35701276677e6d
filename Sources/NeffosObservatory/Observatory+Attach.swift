package import NeffosFeed

/// What a model needs that goes on in another process: an attached console's.
extension Observatory {
    /// Who is here, as the feed would tell it; names longer than the model keeps are cut.
    package var snapshot: FeedEvent.FeedSnapshot {
        let connections = table.records.map { record in
            var namespaces: [String: [String]] = [:]
            for namespace in table.memberships(of: record) { namespaces[namespace.name] = namespace.rooms }
            return FeedEvent.FeedSnapshot.Present(
                connection: record.id, key: record.key, remote: record.remote, tries: Int(record.tries), namespaces: namespaces)
        }
        let vitals = vitals
        return FeedEvent.FeedSnapshot(
            connections: connections, counters: ["opened": vitals.opened, "closed": vitals.closed, "probes": vitals.probes])
    }

    /// How long clients took to be whole again, over all incidents that are over.
    package var restores: RestoreHistogram { tracker.restores }

    /// The picture of a server that has started anew takes the place of `older`, its last run's: the incidents of that one stay in the list, behind
    /// this one's.
    ///
    /// Their numbers go on downwards from 0, since each run counts from 1. One that was open can no more be followed: it ends at `time`.
    package mutating func keepIncidents(of older: Observatory, until time: FeedTime) {
        let own = Set(tracker.incidents(at: now).map(\.openedAt))
        let olderOnes = older.incidents.filter { !own.contains($0.openedAt) }.prefix(IncidentTracker.kept)
        inherited = olderOnes.enumerated().map { index, incident in
            var incident = incident
            incident.number = -index
            if incident.isOpen { incident.closedAt = max(time, incident.openedAt) }
            return incident
        }
        revision += 1
    }

    /// Newest first.
    var incidentsWithInherited: [Incident] { Array((tracker.incidents(at: now) + inherited).prefix(IncidentTracker.kept)) }

    /// Puts a line among the alerts that tells of the picture itself, not of the server.
    package mutating func note(title: String, detail: String, severity: Alert.Severity, at time: FeedTime) {
        log.add(.gap, Alert(time: time, kind: .gap, severity: severity, title: title, detail: detail))
        revision += 1
    }
}
