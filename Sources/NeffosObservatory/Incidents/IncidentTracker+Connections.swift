import DequeModule
import NeffosFeed

/// What connections and probes do to incidents.
extension IncidentTracker {
    mutating func drop(_ loss: Loss, by: FeedEvent.ClosedBy, openBefore: Int, at time: FeedTime) -> [FeedEvent] {
        // Those whom an operator closes are no loss: what is lost beside them is an incident of its own.
        if let cause = open?.cause, cause != .kick {
            let isStray = !isWave(openBefore: openBefore, at: time)
            lose(loss, isStray: isStray, at: time)
            return []
        }
        // From now on a return may be from here.
        sinceStart = nil
        expire(at: time)
        note(.drop(loss, by: by, openBefore: openBefore), at: time)
        recentDrops += 1
        guard let first = recent.first, case .drop(_, _, let before) = first.what, isMany(recentDrops, of: before) else { return [] }
        let acted = action?.time
        let cause = causeOfRecent(at: time)
        // One that was lost just before a drill is among those it is measured by, but the drill's outage begins with the drill.
        let start = cause == .drill ? max(first.time, acted ?? first.time) : first.time
        var derived = begin(
            cause, at: start, counted: true, activity: IncidentActivity(start: start), ledger: IncidentLedger(start: start))
        let events = recent
        forgetRecent()
        for event in events { replay(event) }
        derived += publishOpening(at: time)
        return derived
    }

    /// A loss of the incident that is open.
    mutating func lose(_ loss: Loss, isStray: Bool = false, at time: FeedTime) {
        // It was whole, whatever becomes of it: its incident tells of its next return, the metrics of both.
        if let restored = loss.ids.first.flatMap({ open?.ledger.restored(as: $0) }) { restores.add(restored) }
        open?.activity.add(.close, at: time)
        open?.ledger.drop(loss, isStray: isStray, at: time)
    }

    /// An operator closed a connection: many at once make an incident in which nobody is missed.
    mutating func kick(_ loss: Loss, openBefore: Int, at time: FeedTime) -> [FeedEvent] {
        left(loss.ids.first ?? "", byClient: false, at: time)
        if open?.cause == .kick {
            open?.activity.add(.close, at: time)
            open?.ledger.drop(loss, at: time)
            return []
        }
        guard open == nil else { return [] }
        while let first = recentKicks.first, time - first.loss.since >= 1_000 { recentKicks.removeFirst() }
        recentKicks.append(Kick(loss: loss, openBefore: openBefore))
        guard let first = recentKicks.first, recentKicks.count >= IncidentTracker.fewestKicks,
            isMany(recentKicks.count, of: first.openBefore)
        else { return [] }
        let start = first.loss.since
        let kicks = recentKicks
        var derived = begin(
            .kick, at: start, counted: false, activity: IncidentActivity(start: start), ledger: IncidentLedger(start: start))
        for kick in kicks {
            open?.activity.add(.close, at: kick.loss.since)
            open?.ledger.drop(kick.loss, at: kick.loss.since)
        }
        derived += publishOpening(at: time)
        return derived
    }

    mutating func opened(_ opened: FeedEvent.ConnectionOpened, at time: FeedTime) -> [FeedEvent] {
        let isReturn = opened.tries > 0 || opened.previous != nil
        if open == nil, isReturn, let activity = sinceStart, time - activity.start <= IncidentTracker.firstClients {
            var derived = begin(
                .restart, at: activity.start, counted: false, activity: activity, ledger: IncidentLedger(start: activity.start))
            open?.ledger.lastStart = activity.start
            count(opened, at: time)
            derived += publishOpening(at: time)
            return derived
        }
        if isWatching { note(.opened(opened), at: time) }
        if open != nil { count(opened, at: time) }
        return []
    }

    /// A connection whose opening was missed: it may be a lost client's, but begins nothing.
    mutating func found(_ opened: FeedEvent.ConnectionOpened, isAcknowledged: Bool, at time: FeedTime) {
        guard open != nil else { return }
        count(opened, at: time)
        if isAcknowledged { open?.ledger.acknowledged(opened.connection, at: time) }
    }

    mutating func acknowledged(_ connection: String, at time: FeedTime) {
        if isWatching { note(.acknowledged(connection), at: time) }
        open?.ledger.acknowledged(connection, at: time)
    }

    mutating func gained(_ spot: Loss.Spot, connection: String, present: () -> [NamespaceMembership], at time: FeedTime) {
        if isWatching { note(.gained(spot, connection), at: time) }
        open?.ledger.gained(spot, connection: connection, present: present, at: time)
    }

    /// - Parameter byClient: a client that the server or an operator closed may come back with tries, though nothing was lost.
    mutating func left(_ connection: String, byClient: Bool = true, at time: FeedTime) {
        if !byClient { sinceStart = nil }
        if isWatching { note(.left(connection), at: time) }
        open?.ledger.left(connection)
    }

    mutating func probe(_ remote: CompactRemote, admitted: Bool, at time: FeedTime) {
        sinceStart?.probe(remote, admitted: admitted, at: time)
        if isWatching { note(.probe(remote, admitted: admitted), at: time) }
        open?.activity.probe(remote, admitted: admitted, at: time)
    }

    mutating func rejection(_ remote: CompactRemote, reason: String, at time: FeedTime) {
        sinceStart?.rejection(remote, reason: reason, at: time)
        if isWatching { note(.rejection(remote, reason: reason), at: time) }
        open?.activity.rejection(remote, reason: reason, at: time)
    }
}
