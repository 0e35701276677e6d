import Configuration

/// Precedence: command line, environment, file, defaults. All of them were checked before, so that what is read here is what was checked.
struct SettingsReader {
    private let reader: ConfigReader

    init(commandLine: [String: String], environment: [String: String], file: SettingsFile) {
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
            tls: try tls(),
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
            logLevel: try required("log.level"))
    }

    private func tls() throws(ValueError) -> Settings.TLS? {
        switch (text("server.tls.certificate"), text("server.tls.key")) {
        case (nil, nil): return nil
        case (let certificate?, let key?): return Settings.TLS(certificate: certificate, key: key)
        case (nil, _): throw ValueError("server.tls.key without server.tls.certificate", advice: "set both, or none")
        case (_, nil): throw ValueError("server.tls.certificate without server.tls.key", advice: "set both, or none")
        }
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
