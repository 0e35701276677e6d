package import NeffosFeed
package import NeffosObservatory

/// Plays a tape into a model, in a few words: time stands still until ``after(_:)`` moves it.
package struct TapePlayer {
    package var observatory: Observatory
    package private(set) var time: FeedTime
    /// What the model derived, in order.
    package private(set) var derived: [FeedEvent] = []
    package private(set) var tape: [FeedEvent] = []
    private var places: [String: [String: [String]]] = [:]

    package init(
        configuration: ObservatoryConfiguration = .init(), roster: Roster? = nil, at milliseconds: Int64 = 1_000_000_000
    ) {
        observatory = Observatory(configuration: configuration, roster: roster)
        time = FeedTime(milliseconds: milliseconds)
    }

    package mutating func play(_ kind: FeedEvent.Kind) {
        let event = FeedEvent(time: time, kind: kind)
        tape.append(event)
        derived += observatory.apply(event)
    }

    /// Lets time pass without events, as a host does: second by second.
    package mutating func after(_ milliseconds: Int) {
        let end = time + milliseconds
        while time < end {
            time = min(end, time + 1_000)
            derived += observatory.advance(to: time)
        }
    }

    /// Moves time without telling the model.
    package mutating func skip(_ milliseconds: Int) { time = time + milliseconds }

    // MARK: The server

    private var state: FeedEvent.ServerState { .init(url: "ws://127.0.0.1:8080/echo", version: "1") }
    package mutating func start() { play(.serverStarted(state)) }
    package mutating func drain() { play(.serverDraining(state)) }
    package mutating func stop() { play(.serverStopped(state)) }

    package mutating func probe(_ remote: String = "10.0.0.1:5000", agent: String? = "agent", admitted: Bool = true) {
        play(.probe(.init(remote: remote, userAgent: agent, admitted: admitted)))
    }

    package mutating func reject(_ remote: String = "10.0.0.1:5000", status: Int = 403, reason: String = "origin", tries: Int = 0) {
        play(.connectionRejected(.init(remote: remote, status: status, reason: reason, tries: tries)))
    }

    // MARK: Connections

    package mutating func open(
        _ id: String, key: String? = nil, previous: String? = nil, tries: Int = 0, remote: String = "10.0.0.1:5000",
        agent: String? = "agent"
    ) {
        places[id] = [:]
        play(.connectionOpened(.init(connection: id, key: key, previous: previous, remote: remote, userAgent: agent, tries: tries)))
    }

    package mutating func acknowledge(_ id: String, after: Int = 1) { play(.connectionAcknowledged(connection: id, after: after)) }

    package mutating func enter(_ id: String, _ namespace: String) {
        if places[id]?[namespace] == nil { places[id]?[namespace] = [] }
        play(.namespaceConnected(.init(connection: id, namespace: namespace)))
    }

    package mutating func join(_ id: String, _ namespace: String, _ room: String) {
        places[id]?[namespace, default: []].append(room)
        play(.roomJoined(.init(connection: id, namespace: namespace, room: room)))
    }

    package mutating func part(_ id: String, _ namespace: String, _ room: String, forced: Bool = false) {
        places[id]?[namespace]?.removeAll { $0 == room }
        play(.roomLeft(.init(connection: id, namespace: namespace, room: room, forced: forced)))
    }

    package mutating func leave(_ id: String, _ namespace: String, forced: Bool = false) {
        for room in places[id]?[namespace] ?? [] { part(id, namespace, room, forced: true) }
        places[id]?[namespace] = nil
        play(.namespaceDisconnected(.init(connection: id, namespace: namespace, forced: forced)))
    }

    /// Opens, acknowledges, enters `default` and joins `lobby` there.
    package mutating func come(
        _ id: String, key: String? = nil, previous: String? = nil, tries: Int = 0, remote: String = "10.0.0.1:5000"
    ) {
        open(id, key: key, previous: previous, tries: tries, remote: remote)
        acknowledge(id)
        enter(id, "default")
        join(id, "default", "lobby")
    }

    /// Forced leaves, then the close, as the engine does.
    package mutating func close(_ id: String, code: Int = 1000, by: FeedEvent.ClosedBy = .client) {
        for namespace in (places[id] ?? [:]).keys.sorted() { leave(id, namespace, forced: true) }
        places[id] = nil
        play(.connectionClosed(.init(connection: id, code: code, reason: nil, by: by, lived: 1, messagesIn: 1)))
    }

    package mutating func drop(_ id: String) { close(id, code: 1006, by: .network) }

    // MARK: What came of it

    package var openings: [FeedEvent.IncidentFigures] {
        derived.compactMap { if case .incidentOpened(let figures) = $0.kind { figures } else { nil } }
    }
    package var updates: [FeedEvent.IncidentFigures] {
        derived.compactMap { if case .incidentUpdated(let figures) = $0.kind { figures } else { nil } }
    }
    package var closings: [FeedEvent.IncidentFigures] {
        derived.compactMap { if case .incidentClosed(let figures) = $0.kind { figures } else { nil } }
    }
}
