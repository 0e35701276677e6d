package import NeffosFeed

/// What a model needs that goes on in another process: an attached console's.
extension Observatory {
    /// Who is here, as the feed would tell it; names longer than the model keeps are cut.
    package var snapshot: FeedEvent.FeedSnapshot {
        let connections = table.records.map { record in
            var namespaces: [String: [String]] = [:]
            for namespace in table.memberships(of: record) { namespaces[namespace.name] = namespace.rooms }
            return FeedEvent.FeedSnapshot.Present(
                connection: record.id, key: table.key(of: record), remote: record.remote, tries: Int(record.tries), namespaces: namespaces)
        }
        let vitals = vitals
        return FeedEvent.FeedSnapshot(
            connections: connections, counters: ["opened": vitals.opened, "closed": vitals.closed, "probes": vitals.probes])
    }

    /// How long clients took to be whole again, over all incidents that are over.
    package var restores: RestoreHistogram { tracker.restores }

    /// This picture takes the place of `older`, which a console has shown until now.
    ///
    /// The incidents of an earlier run of the server, of which this one knows nothing, stay in the list behind this one's, with the numbers that
    /// they had and ``Incident/runsBefore``. One that was open can be followed no more: it ends at `time`.
    ///
    /// - Parameters:
    ///   - isSameRun: whether `older` is of the same run of the server.
    ///   - time: when `older` stopped being told anything.
    package mutating func follow(_ older: Observatory, isSameRun: Bool, until time: FeedTime) {
        revision = max(revision, older.revision) + 1
        if recentEvents.count == 0 { recentEvents = older.recentEvents } else { recentEvents.capacity = older.recentEvents.capacity }
        if isSameRun {
            inherited = older.inherited
            return
        }
        let own = Set(tracker.incidents(at: now).map(\.openedAt))
        inherited = older.incidents.filter { !own.contains($0.openedAt) }.prefix(IncidentTracker.kept).map { incident in
            var incident = incident
            incident.runsBefore += 1
            if incident.isOpen { incident.closedAt = max(time, incident.openedAt) }
            return incident
        }
    }

    /// The server is silent: rates fall and ages grow. What becomes of incidents and who is ill nobody can tell meanwhile.
    package mutating func pass(to time: FeedTime) {
        guard time > now else { return }
        if time.second > now.second { revision += 1 }
        // It told of the second before.
        vital.sample = nil
        _ = move(to: time)
    }

    /// The incident that is open, without its series and its missing, which take longer.
    package var openIncident: Incident? { tracker.open.map { tracker.summary($0) } }

    /// Who is missing: in the incident that is open, else in the last one of this run.
    package var missingNow: Int? { tracker.open.map { tracker.summary($0).missing } ?? tracker.over.last?.missing }

    /// Newest first.
    var incidentsWithInherited: [Incident] { Array((tracker.incidents(at: now) + inherited).prefix(IncidentTracker.kept)) }

    /// Puts a line among the alerts that tells of the picture itself, not of the server.
    package mutating func note(title: String, detail: String, severity: Alert.Severity, at time: FeedTime) {
        log.add(.gap, Alert(time: time, kind: .gap, severity: severity, title: title, detail: detail))
        revision += 1
    }
}
