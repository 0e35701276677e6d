import NeffosObservatory

/// The whole configuration of `neffos serve`, checked: command line over environment over file over defaults.
struct Settings: Equatable {
    struct TLS: Equatable {
        var certificate: String
        var key: String
    }

    enum IdentityUse: String { case key, id }

    struct Limits: Equatable {
        var messageBytes: ByteCount
        var connections: Int
        var connectionsPerAddress: Int
        var namespacesPerConnection: Int
        var roomsPerConnection: Int
        var outboxBytes: ByteCount
        var ackWithin: DurationText
        var handshakeWithin: DurationText
        var admitPerSecond: Int
        var probeHold: DurationText
    }

    struct JWT: Equatable {
        enum Algorithm: String, CaseIterable { case HS256, RS256, ES256 }

        var algorithm: Algorithm
        /// The secret, or the public key as PEM.
        var key: Secret
        var issuer: String?
        var audience: String?
        /// How wrong the clock of whoever made a token may be.
        var leeway: DurationText
    }

    struct Admin: Equatable {
        /// nil: the usual socket.
        var listen: AdminPlace?
        var token: Secret?
        var tls: TLS?
    }

    struct Log: Equatable {
        enum Format: String, CaseIterable { case text, json }

        var level: String
        var format: Format
        var file: String?
    }

    struct Incidents: Equatable {
        var closesPerSecond: Int
        var percent: Double
        var least: Int
        var settle: DurationText
    }

    var listen: ListenAddress
    var path: String
    var node: String
    var tls: TLS?
    var identityHeader: String?
    var identityUse: IdentityUse
    var connect: [String]
    var join: [String: [String]]
    var refuse: String?
    /// Actions by event by namespace.
    var relay: [String: [String: String]]
    var limits: Limits
    var heartbeatEvery: DurationText
    var heartbeatTimeout: DurationText
    var incidents: Incidents
    var origins: [String]
    var parameterHeaders: [String]
    var trustedProxies: [String]
    /// Tokens, each of which lets a client in. Without any, and without ``jwt``, everybody may come.
    var bearer: [Secret]
    var jwt: JWT?
    var admin: Admin
    var lints: LintSettings
    var log: Log

    /// Reads the configuration, see ``LoadedSettings/load(file:environment:commandLine:)``.
    static func load(file: String?, environment: [String: String], commandLine: [String: String] = [:]) throws(SettingsFailure) -> Settings
    {
        try LoadedSettings.load(file: file, environment: environment, commandLine: commandLine).settings
    }
}
