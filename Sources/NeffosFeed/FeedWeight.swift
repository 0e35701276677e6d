extension FeedEvent.Kind {
    /// About how many bytes of memory the event holds. Peers choose names and bodies, so events are bounded by this too, not by number
    /// only.
    package var weight: Int {
        switch self {
        case .serverStarted(let state), .serverDraining(let state), .serverStopped(let state):
            return Self.weigh(state.url, state.version, state.reason)
        case .probe(let probe):
            return Self.weigh(probe.remote, probe.userAgent)
        case .connectionOpened(let opened):
            return Self.weigh(opened.connection, opened.key, opened.previous, opened.remote, opened.userAgent)
        case .connectionRejected(let rejected):
            return Self.weigh(rejected.remote, rejected.reason)
        case .connectionAcknowledged(let connection, _):
            return Self.weigh(connection)
        case .connectionClosed(let closed):
            return Self.weigh(closed.connection, closed.reason)
        case .namespaceConnected(let change), .namespaceDenied(let change), .namespaceDisconnected(let change):
            return Self.weigh(change.connection, change.namespace, change.error)
        case .roomJoined(let change), .roomDenied(let change), .roomLeft(let change):
            return Self.weigh(change.connection, change.namespace, change.room, change.error)
        case .message(let message):
            return Self.weigh(message.connection, message.namespace, message.room, message.event, message.body)
        case .protocolViolation(let violation):
            return Self.weigh(violation.connection, violation.kind, violation.detail)
        case .incidentOpened(let figures), .incidentUpdated(let figures), .incidentClosed(let figures):
            return (figures.missingKeys ?? []).reduce(Self.weigh(figures.cause)) { sum, missing in
                missing.connections.reduce(sum + Self.weigh(missing.key)) { $0 + Self.weigh($1) }
            }
        case .lintRaised(let lint), .lintCleared(let lint):
            return Self.weigh(lint.lint, lint.subject, lint.detail, lint.remedy)
        case .operatorAction(let action):
            return Self.weigh(action.action, action.by, action.target, action.result)
        case .sample:
            return Self.ownWeight
        case .feedGap(let gap):
            return gap.kinds.keys.reduce(Self.ownWeight) { $0 + Self.weigh($1) }
        case .snapshot(let snapshot):
            return snapshot.connections.reduce(Self.ownWeight) { $0 + $1.weight }
        }
    }

    private static let ownWeight = 256

    // No variadic parameter: it would allocate for each event.
    private static func weigh(
        _ first: String?, _ second: String? = nil, _ third: String? = nil, _ fourth: String? = nil, _ fifth: String? = nil
    ) -> Int {
        let start = ownWeight + (first?.utf8.count ?? 0) + (second?.utf8.count ?? 0)
        return start + (third?.utf8.count ?? 0) + (fourth?.utf8.count ?? 0) + (fifth?.utf8.count ?? 0)
    }
}

extension FeedEvent.FeedSnapshot.Present {
    fileprivate var weight: Int {
        let own =
            192 + connection.utf8.count + (key?.utf8.count ?? 0) + remote.utf8.count + (userAgent?.utf8.count ?? 0)
            + (previous?.utf8.count ?? 0)
        return namespaces.reduce(own) { sum, namespace in
            namespace.value.reduce(sum + 64 + namespace.key.utf8.count) { $0 + 16 + $1.utf8.count }
        }
    }
}
