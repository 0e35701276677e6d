/// The type of an event, by the name that it has in the feed.
package enum FeedEventType: String, Sendable, Hashable, CaseIterable {
    case serverStarted = "server.started"
    case serverDraining = "server.draining"
    case serverStopped = "server.stopped"
    case probe
    case connectionOpened = "connection.opened"
    case connectionRejected = "connection.rejected"
    case connectionAcknowledged = "connection.acknowledged"
    case connectionClosed = "connection.closed"
    case namespaceConnected = "namespace.connected"
    case namespaceDenied = "namespace.denied"
    case namespaceDisconnected = "namespace.disconnected"
    case roomJoined = "room.joined"
    case roomDenied = "room.denied"
    case roomLeft = "room.left"
    case message
    case protocolViolation = "protocol.violation"
    case incidentOpened = "incident.opened"
    case incidentUpdated = "incident.updated"
    case incidentClosed = "incident.closed"
    case lintRaised = "lint.raised"
    case lintCleared = "lint.cleared"
    case operatorAction = "operator.action"
    case sample
    case feedGap = "feed.gap"
    case snapshot
}

/// What goes first when there is no room.
package enum FeedPriority: Sendable, Hashable {
    /// A picture without it is coarser, not wrong: dropped first.
    case sample
    /// A picture without it is wrong until the next snapshot: dropped only when a buffer is full.
    case state
}

extension FeedEvent.Kind {
    package var type: FeedEventType {
        switch self {
        case .serverStarted: .serverStarted
        case .serverDraining: .serverDraining
        case .serverStopped: .serverStopped
        case .probe: .probe
        case .connectionOpened: .connectionOpened
        case .connectionRejected: .connectionRejected
        case .connectionAcknowledged: .connectionAcknowledged
        case .connectionClosed: .connectionClosed
        case .namespaceConnected: .namespaceConnected
        case .namespaceDenied: .namespaceDenied
        case .namespaceDisconnected: .namespaceDisconnected
        case .roomJoined: .roomJoined
        case .roomDenied: .roomDenied
        case .roomLeft: .roomLeft
        case .message: .message
        case .protocolViolation: .protocolViolation
        case .incidentOpened: .incidentOpened
        case .incidentUpdated: .incidentUpdated
        case .incidentClosed: .incidentClosed
        case .lintRaised: .lintRaised
        case .lintCleared: .lintCleared
        case .operatorAction: .operatorAction
        case .sample: .sample
        case .feedGap: .feedGap
        case .snapshot: .snapshot
        }
    }

    /// The `type` of the event in the feed, like `connection.opened`.
    public var typeName: String { type.rawValue }

    /// Whether the event may be dropped before others are.
    package var priority: FeedPriority {
        switch self {
        case .sample, .probe, .message: .sample
        default: .state
        }
    }
}
