import NeffosFeed

/// What each kind of event does to the model.
extension Observatory {
    mutating func take(_ kind: FeedEvent.Kind, at time: FeedTime) -> [FeedEvent] {
        switch kind {
        case .serverStarted(let state): return started(state, at: time)
        case .serverDraining(let state):
            keepRoster(at: time)
            phase(.draining, state)
            return tracker.shutdown(at: time)
        case .serverStopped(let state):
            keepRoster(at: time)
            phase(.stopped, state)
            return tracker.shutdown(at: time)
        case .probe(let probe):
            histories.probes.add(at: time.second)
            let remote = CompactRemote(BoundedText.cut(probe.remote, to: BoundedText.label))
            tracker.probe(remote, admitted: probe.admitted, at: time)
            return lint(sources.probe(probe, lintBook.settings, at: time), at: time)
        case .connectionOpened(let opened): return open(opened, at: time)
        case .connectionRejected(let rejected): reject(rejected, at: time)
        case .connectionAcknowledged(let connection, let after):
            table.acknowledge(connection, after: after)
            acknowledgements.hasSeenAny = true
            tracker.acknowledged(connection, at: time)
        case .connectionClosed(let closed): return close(closed, at: time)
        case .namespaceConnected(let change): enter(change.connection, change.namespace, nil, at: time)
        case .namespaceDisconnected(let change):
            remember(change.connection, forced: change.forced, at: time)
            _ = table.leave(BoundedText.cut(change.namespace, to: BoundedText.name), connection: change.connection)
        case .roomJoined(let change): enter(change.connection, change.namespace, change.room, at: time)
        case .roomLeft(let change):
            remember(change.connection, forced: change.forced, at: time)
            _ = table.part(
                BoundedText.cut(change.room, to: BoundedText.name), in: BoundedText.cut(change.namespace, to: BoundedText.name),
                connection: change.connection)
        case .protocolViolation(let violation): return violate(violation, at: time)
        case .operatorAction(let action): return tracker.act(action, openBefore: table.count, at: time)
        case .sample(let sample):
            vital.sample = sample
            histories.add(sample, at: time.second)
            totals.add(sample)
            return lint(loops.take(sample, lintBook.settings), at: time)
        case .feedGap(let gap):
            vital.missed += gap.missed
            log.add(.gap, AlertText.gap(gap, at: time))
            guard gap.missed >= lintBook.settings[LintCatalogue.ID.lossyFeed, "missed"] else { break }
            return lint(
                [.raise(LintCatalogue.ID.lossyFeed, subject: "feed", detail: "\(gap.missed) events were dropped")], at: time)
        case .snapshot(let snapshot): reconcile(snapshot, at: time)
        case .namespaceDenied, .roomDenied, .message, .incidentOpened, .incidentUpdated, .incidentClosed, .lintRaised, .lintCleared: break
        }
        return []
    }

    // MARK: The server

    private mutating func phase(_ phase: ServerPhase, _ state: FeedEvent.ServerState) {
        vital.state = phase
        vital.url = state.url
        vital.version = state.version
    }

    private mutating func keepRoster(at time: FeedTime) {
        if vital.state != .draining, vital.state != .stopped { earlier = roster }
        earlier?.savedAt = time
    }

    private mutating func started(_ state: FeedEvent.ServerState, at time: FeedTime) -> [FeedEvent] {
        // A server that was killed says nothing of those it lost: they are still in the table.
        if table.count > 0, vital.state != .draining, vital.state != .stopped {
            earlier = roster
            earlier?.savedAt = lastLifeSign
        }
        table.closeAll()
        leaving = [:]
        phase(.running, state)
        vital.startedAt = time
        vital.sample = nil
        defer { earlier = nil }
        return tracker.started(roster: earlier, at: time)
    }

    // MARK: Connections

    private mutating func open(_ opened: FeedEvent.ConnectionOpened, at time: FeedTime) -> [FeedEvent] {
        histories.opened.add(at: time.second)
        let isReturn = opened.tries > 0 || opened.previous != nil
        let key: String? = BoundedText.cut(opened.key, to: BoundedText.label)
        let isAfterKick = isReturn && kicks.take(opened, key: key, at: time)
        table.open(opened, isAfterKick: isAfterKick, at: time)
        acknowledgements.opened(opened.connection, at: time)
        if isReturn {
            histories.returned.add(at: time.second)
            vital.maxTries = max(vital.maxTries, opened.tries)
            if isAfterKick {
                vital.returnedAfterKick += 1
                log.add(.afterKick(key ?? opened.connection), AlertText.afterKick(opened, key: key, at: time))
            }
        }
        var derived = lint(sources.upgraded(remote: opened.remote, userAgent: opened.userAgent), at: time)
        derived += tracker.opened(opened, at: time)
        if isReturn { derived += noteReturn(opened, at: time) }
        return derived
    }

    private mutating func close(_ closed: FeedEvent.ConnectionClosed, at time: FeedTime) -> [FeedEvent] {
        histories.closed.add(at: time.second)
        totals.add(closed)
        let left = leaving.removeValue(forKey: closed.connection)
        guard let index = table.index(of: closed.connection) else { return [] }
        let record = table.records[index]
        let openBefore = table.count
        let namespaces = left?.namespaces ?? table.memberships(of: record)
        table.close(closed.connection)
        let key = table.key(of: record)
        lineage.closed(key: key, name: record.name, at: time)
        var derived: [FeedEvent] = []
        if closed.by == .server, closed.code == 1013 {
            let detail = "\(AlertText.shortID(record.id)) at \(record.remote) was closed with 1013"
            derived += lint([.raise(LintCatalogue.ID.slowConsumer, subject: key ?? record.id, detail: detail)], at: time)
        } else if let finding = consumers.closed(record.name, subject: key ?? record.id) {
            derived += lint([finding], at: time)
        }
        if vital.state == .draining || vital.state == .stopped { return derived }
        let loss = Loss(id: record.id, key: key, remote: record.remote, namespaces: namespaces, since: time)
        if closed.isKick {
            kicks.add(record.name, key: key, at: time)
            derived += tracker.kick(loss, openBefore: openBefore, at: time)
        } else if closed.isDrop {
            derived += tracker.drop(loss, by: closed.by, openBefore: openBefore, at: time)
        } else {
            tracker.left(closed.connection, byClient: closed.by == .client, at: time)
        }
        return derived
    }

    private mutating func reject(_ rejected: FeedEvent.ConnectionRejected, at time: FeedTime) {
        histories.rejected.add(at: time.second)
        let remote = CompactRemote(BoundedText.cut(rejected.remote, to: BoundedText.label))
        tracker.rejection(remote, reason: rejected.reason, at: time)
        sources.rejected(remote: rejected.remote, reason: rejected.reason)
        let address = BoundedText.address(of: BoundedText.cut(rejected.remote, to: BoundedText.label))
        log.add(
            .rejection(address: address, reason: BoundedText.cut(rejected.reason, to: BoundedText.label)),
            AlertText.rejection(rejected, address: address, at: time))
    }

    private mutating func violate(_ violation: FeedEvent.ProtocolViolation, at time: FeedTime) -> [FeedEvent] {
        vital.violations += 1
        if let connection = violation.connection { table.violate(connection) }
        let kind = BoundedText.cut(violation.kind, to: BoundedText.label)
        if let finding = finding(of: violation), lintBook.settings.isOn(finding.lint) { return lint([finding], at: time) }
        log.add(.violation(connection: violation.connection, kind: kind), AlertText.violation(violation, at: time))
        return []
    }

    /// A violation for which there is a lint, so that it is told once a client and not once a connection.
    private func finding(of violation: FeedEvent.ProtocolViolation) -> LintFinding? {
        guard let record = violation.connection.flatMap(table.index).map({ table.records[$0] }) else { return nil }
        switch violation.kind {
        case "tries":
            let detail = "\(subject(record)): " + BoundedText.cut(violation.detail, to: BoundedText.label)
            return .raise(LintCatalogue.ID.implausibleTries, subject: subject(record), detail: detail)
        case "no-ack": return AcknowledgementWatch.finding(record.remote, "did not send its M in time")
        default: return nil
        }
    }

    // MARK: Places

    private mutating func enter(_ connection: String, _ namespace: String, _ room: String?, at time: FeedTime) {
        let namespace = BoundedText.cut(namespace, to: BoundedText.name)
        let room = BoundedText.cut(room, to: BoundedText.name)
        if !leaving.isEmpty { leaving[connection] = nil }
        let isNews =
            room.map { self.table.join($0, in: namespace, connection: connection) } ?? self.table.enter(namespace, connection: connection)
        guard isNews else { return }
        let table = self.table
        tracker.gained(
            Loss.Spot(namespace: namespace, room: room), connection: connection, present: { table.memberships(of: connection) }, at: time)
    }

    /// Forced changes may be the beginning of a close: what the connection had before them is what it has lost.
    private mutating func remember(_ connection: String, forced: Bool, at time: FeedTime) {
        guard forced else {
            leaving[connection] = nil
            return
        }
        if let known = leaving[connection], time - known.since < 1_000 { return }
        leaving[connection] = Leaving(since: time, namespaces: table.memberships(of: connection))
    }

    // MARK: Gaps

    /// The picture is made right: whoever is not in the snapshot is gone, without a loss; whoever is new is here.
    private mutating func reconcile(_ snapshot: FeedEvent.FeedSnapshot, at time: FeedTime) {
        if vital.state == .starting { vital.state = .running }
        leaving = [:]
        let present = Set(snapshot.connections.map(\.connection))
        for id in table.ids where !present.contains(id) {
            table.close(id)
            tracker.left(id, at: time)
        }
        for connection in snapshot.connections {
            let id = connection.connection
            if !table.contains(id) {
                let opened = FeedEvent.ConnectionOpened(
                    connection: id, key: connection.key, previous: connection.previous, remote: connection.remote,
                    userAgent: connection.userAgent, tries: connection.tries, tls: connection.tls)
                // It cannot have come later than it is told of.
                table.open(opened, at: min(time, connection.opened ?? time))
                tracker.found(opened, isAcknowledged: connection.acknowledged, at: time)
            }
            // How long it took nobody knows any more.
            if connection.acknowledged { table.acknowledge(id, after: 0, isFirst: true) }
            let wanted = connection.namespaces.map { name, rooms in
                (BoundedText.cut(name, to: BoundedText.name), rooms.map { BoundedText.cut($0, to: BoundedText.name) })
            }
            for there in table.memberships(of: id) {
                guard let rooms = wanted.first(where: { $0.0 == there.name })?.1 else {
                    _ = table.leave(there.name, connection: id)
                    continue
                }
                for room in there.rooms where !rooms.contains(room) { _ = table.part(room, in: there.name, connection: id) }
            }
            for (name, rooms) in wanted {
                enter(id, name, nil, at: time)
                for room in rooms { enter(id, name, room, at: time) }
            }
        }
    }
}

extension FeedEvent.ConnectionClosed {
    /// Whether an operator sent it away; a drill cuts without a frame, and a kick has a code.
    var isKick: Bool { by == .operator && code != 1006 }

    /// Whether the client was lost, rather than gone by its own or an operator's will. A client's close without a code is its own leaving.
    var isDrop: Bool {
        switch by {
        case .network: true
        case .client: code != 1000 && code != 1001 && code != 1005
        case .server: [1001, 1006, 1011, 1012, 1013, 1014].contains(code)
        // A drill cuts without a frame; a kick has a code.
        case .operator: code == 1006
        }
    }
}
