/// Something that happened in a neffos server, as the core publishes it.
///
/// Field names are those of the JSON lines. What a client named (ids, namespaces, rooms, agents, reasons) stands in them as it was: whoever
/// shows it makes it safe first.
public struct FeedEvent: Sendable, Hashable {
    /// When it happened.
    public var time: FeedTime
    /// What happened.
    public var kind: Kind

    /// - Parameters:
    ///   - time: when it happened.
    ///   - kind: what happened.
    public init(time: FeedTime, kind: Kind) {
        self.time = time
        self.kind = kind
    }

    /// The kinds of events; ``typeName`` is a kind's `type` in JSON lines. Counts are numbers of things, bytes are payload bytes, and an address is
    /// `address:port`, where nothing else is said.
    public enum Kind: Sendable, Hashable {
        /// A server listens.
        case serverStarted(ServerState)
        /// It answers no more probes and sends its clients away.
        case serverDraining(ServerState)
        /// The last client has gone.
        case serverStopped(ServerState)
        /// A client asked whether the server is there.
        case probe(Probe)
        /// An upgrade was answered with 101.
        case connectionOpened(ConnectionOpened)
        /// A request for the endpoint was refused.
        case connectionRejected(ConnectionRejected)
        /// A client was accepted, `after` its upgrade.
        case connectionAcknowledged(connection: String, after: Milliseconds)
        /// A connection has ended. It is the last event about it.
        case connectionClosed(ConnectionClosed)
        /// A connection entered a namespace.
        case namespaceConnected(NamespaceChange)
        /// A connection was refused a namespace, by either side.
        case namespaceDenied(NamespaceChange)
        /// A connection left a namespace.
        case namespaceDisconnected(NamespaceChange)
        /// A connection joined a room.
        case roomJoined(RoomChange)
        /// A connection was refused a room, by either side.
        case roomDenied(RoomChange)
        /// A connection left a room.
        case roomLeft(RoomChange)
        /// A message of a connection that is watched.
        case message(TappedMessage)
        /// A client broke a rule of the protocol.
        case protocolViolation(ProtocolViolation)
        /// Many connections were lost at once.
        case incidentOpened(IncidentFigures)
        /// How far they are back.
        case incidentUpdated(IncidentFigures)
        /// All are back, or nobody came back for a while who could.
        case incidentClosed(IncidentFigures)
        /// Something is worth a look.
        case lintRaised(Lint)
        /// It is not any more.
        case lintCleared(Lint)
        /// An operator did something.
        case operatorAction(OperatorAction)
        /// Figures of the last interval.
        case sample(Sample)
        /// Events were lost here.
        case feedGap(FeedGap)
        /// Who is here: after a gap it makes the picture right again.
        case snapshot(FeedSnapshot)
    }
}
