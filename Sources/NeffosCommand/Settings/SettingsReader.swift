import Configuration
import NeffosObservatory

/// Precedence: command line, environment, file, defaults. All of them were checked before, so that what is read here is what was checked.
struct SettingsReader {
    private let reader: ConfigReader

    private let sources: SettingsSources

    init(_ sources: SettingsSources) {
        self.sources = sources
        let (commandLine, environment, file) = (sources.commandLine, sources.environment, sources.file)
        var written: [AbsoluteConfigKey: ConfigValue] = [:]
        for (name, value) in file.values {
            switch value {
            case .text(let text): written[Self.key(name)] = ConfigValue(.string(text), isSecret: false)
            case .list(let list): written[Self.key(name)] = ConfigValue(.stringArray(list), isSecret: false)
            }
        }
        var standard: [AbsoluteConfigKey: ConfigValue] = [:]
        for key in SettingsSchema.keys {
            guard let value = key.standard else { continue }
            let content: ConfigContent = key.isList ? .stringArray(SettingsKey.names(in: value)) : .string(value)
            standard[Self.key(key.name)] = ConfigValue(content, isSecret: false)
        }
        let given = Dictionary(
            uniqueKeysWithValues: commandLine.map { (Self.key($0.key), ConfigValue(.string($0.value), isSecret: false)) })
        reader = ConfigReader(providers: [
            InMemoryProvider(name: "command line", values: given),
            EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: ConfigKey(["neffos"])),
            InMemoryProvider(name: "file", values: written),
            InMemoryProvider(name: "defaults", values: standard),
        ])
    }

    func settings() throws(ValueError) -> Settings {
        Settings(
            listen: try ListenAddress(parsing: required("server.listen")),
            path: try required("server.path"),
            node: try required("server.node"),
            tls: tls("server.tls"),
            identityHeader: text("identity.header"),
            identityUse: Settings.IdentityUse(rawValue: try required("identity.as")) ?? .key,
            connect: list("onConnect.connect"),
            join: [:],
            refuse: text("onConnect.refuse"),
            relay: RelayRule.standard,
            limits: Settings.Limits(
                messageBytes: try ByteCount(parsing: required("limits.messageBytes")),
                connections: try count("limits.connections"),
                connectionsPerAddress: try count("limits.connectionsPerAddress"),
                namespacesPerConnection: try count("limits.namespacesPerConnection"),
                roomsPerConnection: try count("limits.roomsPerConnection"),
                outboxBytes: try ByteCount(parsing: required("limits.outboxBytes")),
                ackWithin: try duration("limits.ackWithin"),
                handshakeWithin: try duration("limits.handshakeWithin"),
                admitPerSecond: try count("limits.admitPerSecond"),
                probeHold: try duration("limits.probeHold")),
            heartbeatEvery: try duration("heartbeat.every"),
            heartbeatTimeout: try duration("heartbeat.timeout"),
            incidents: Settings.Incidents(
                closesPerSecond: try count("incidents.closesPerSecond"),
                percent: Double(try required("incidents.percent")) ?? 10,
                least: try count("incidents.least"),
                settle: try duration("incidents.settle")),
            origins: list("security.origins"),
            parameterHeaders: list("security.parameterHeaders"),
            trustedProxies: list("proxies.trusted"),
            // Secrets are read afterwards.
            bearer: [],
            jwt: try jwt(),
            admin: Settings.Admin(
                listen: try text("admin.listen").map { name throws(ValueError) in try AdminPlace(parsing: name) }, token: nil,
                tls: tls("admin.tls")),
            lints: try lints(),
            log: Settings.Log(
                level: try required("log.level"), format: Settings.Log.Format(rawValue: try required("log.format")) ?? .text,
                file: text("log.file")))
    }

    private func jwt() throws(ValueError) -> Settings.JWT? {
        let path = "security.authorization.jwt"
        guard let name = text("\(path).algorithm"), let algorithm = Settings.JWT.Algorithm(rawValue: name), text("\(path).key") != nil
        else {
            return nil
        }
        return Settings.JWT(
            algorithm: algorithm, key: Secret(""), issuer: text("\(path).issuer"), audience: text("\(path).audience"),
            leeway: try duration("\(path).leeway"))
    }

    private func lints() throws(ValueError) -> LintSettings {
        var lints = LintSettings(warn: Set(list("lints.warn")), allow: Set(list("lints.allow")))
        // Only what was set, so that a default stays the lint's own.
        for (key, lint, threshold) in LintKeys.thresholds where sources.source(of: key) != .standard {
            lints[lint, threshold.name] = try LintKeys.value(of: required(key.name), threshold.unit)
        }
        return lints
    }

    /// Only both files together; one alone is a mistake that is told elsewhere.
    private func tls(_ path: String) -> Settings.TLS? {
        guard let certificate = text("\(path).certificate"), let key = text("\(path).key") else { return nil }
        return Settings.TLS(certificate: certificate, key: key)
    }

    private static func key(_ name: String) -> AbsoluteConfigKey { AbsoluteConfigKey(name.split(separator: ".").map(String.init)) }

    private func text(_ name: String) -> String? {
        reader.string(forKey: ConfigKey(name.split(separator: ".").map(String.init)))
    }

    private func list(_ name: String) -> [String] {
        (reader.stringArray(forKey: ConfigKey(name.split(separator: ".").map(String.init))) ?? []).filter { !$0.isEmpty }
    }

    private func required(_ name: String) throws(ValueError) -> String {
        guard let value = text(name) else { throw ValueError("\(name) has no value", advice: "write one, or leave the key out") }
        return value
    }

    private func count(_ name: String) throws(ValueError) -> Int { Int(try required(name)) ?? 0 }

    private func duration(_ name: String) throws(ValueError) -> DurationText { try DurationText(parsing: required(name)) }
}
