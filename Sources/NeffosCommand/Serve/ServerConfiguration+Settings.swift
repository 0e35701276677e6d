import Neffos

extension ServerConfiguration {
    /// The header that names the demo's clients where the configuration has none.
    static let demoHeader = "X-Username"

    init(_ settings: Settings, grace: DurationText, isDemo: Bool) {
        self.init()
        host = settings.listen.host
        port = settings.listen.port
        path = settings.path
        node = settings.node
        version = CommandVersion.text
        self.grace = grace.duration
        tls = settings.tls.map { TLSFiles(certificate: $0.certificate, key: $0.key) }
        identity = Identity(
            header: settings.identityHeader ?? (isDemo ? Self.demoHeader : nil), use: settings.identityUse == .id ? .id : .key)
        onConnect = OnConnect(connect: settings.connect, join: settings.join, refuse: settings.refuse)
        limits.messageBytes = settings.limits.messageBytes.bytes
        limits.connections = settings.limits.connections
        limits.connectionsPerAddress = settings.limits.connectionsPerAddress
        limits.namespacesPerConnection = settings.limits.namespacesPerConnection
        limits.roomsPerConnection = settings.limits.roomsPerConnection
        limits.outboxBytes = settings.limits.outboxBytes.bytes
        limits.ackWithin = settings.limits.ackWithin.duration
        limits.handshakeWithin = settings.limits.handshakeWithin.duration
        limits.admitPerSecond = settings.limits.admitPerSecond
        limits.probeHold = settings.limits.probeHold.duration
        heartbeat.every = settings.heartbeatEvery.duration
        origins = settings.origins
        parameterHeaders = settings.parameterHeaders
        trustedProxies = settings.trustedProxies
        heartbeat.timeout = settings.heartbeatTimeout.duration
    }
}

extension Settings {
    /// The relay, its actions checked when the configuration was read.
    var relayActions: [String: [String: RelayAction]] {
        relay.mapValues { events in events.compactMapValues(RelayAction.init(rawValue:)) }
    }
}
