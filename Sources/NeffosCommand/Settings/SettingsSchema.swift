/// All keys of the configuration, in the order of the example. Validation, suggestions, environment names and defaults come from here.
enum SettingsSchema {
    static let keys: [SettingsKey] = most + LintKeys.thresholds.map(\.key) + logging

    private static let most: [SettingsKey] = [
        SettingsKey("server.listen", .address, "127.0.0.1:8080", "where to listen, HOST:PORT; port 0 picks a free one"),
        SettingsKey("server.path", .urlPath, "/echo", "the endpoint's path"),
        SettingsKey("server.node", .text, "neffos", "this server's name in the feed and on the screen"),
        SettingsKey("server.tls.certificate", .file, nil, "PEM file with the certificate chain; with it the endpoint is wss"),
        SettingsKey("server.tls.key", .file, nil, "PEM file with the private key"),

        SettingsKey("identity.header", .header, nil, "a request header whose value names the client"),
        SettingsKey("identity.as", .choice(["key", "id"]), "key", "whether that value is the client's lineage key or its connection id"),

        SettingsKey("onConnect.connect", .names, "", "namespaces that the server connects each newcomer to"),
        SettingsKey("onConnect.join", .roomsByNamespace, nil, "rooms that the server puts each newcomer in, by namespace"),
        SettingsKey("onConnect.refuse", .text, nil, "an error text that refuses every newcomer"),

        SettingsKey("namespaces", .relay, nil, "the relay: what happens with each event of each namespace"),

        SettingsKey("limits.messageBytes", .size(atLeast: 125), "1MiB", "the biggest message"),
        SettingsKey(
            "limits.connections", .count(0...10_000_000), "100000", "open connections, clamped to the descriptors there are; 0 is no bound"),
        SettingsKey("limits.connectionsPerAddress", .count(0...10_000_000), "0", "open connections from one address; 0 is no bound"),
        SettingsKey("limits.namespacesPerConnection", .count(0...1_000_000), "32", "namespaces of one connection; 0 is no bound"),
        SettingsKey("limits.roomsPerConnection", .count(0...1_000_000), "256", "rooms of one connection; 0 is no bound"),
        SettingsKey("limits.outboxBytes", .size(atLeast: 1024), "1MiB", "what may wait for a slow client before it is closed"),
        SettingsKey("limits.ackWithin", .duration(atLeast: 100), "10s", "how long a client may take for its first message"),
        SettingsKey("limits.handshakeWithin", .duration(atLeast: 100), "10s", "how long a request may take, and a probe holds a place"),
        SettingsKey("limits.admitPerSecond", .count(0...1_000_000), "0", "probes answered in a second; 0 is no bound"),
        SettingsKey("limits.probeHold", .duration(atLeast: 0), "5s", "how long a probe waits for its turn before it goes unanswered"),

        SettingsKey("heartbeat.every", .duration(atLeast: 100), "25s", "how often a quiet client is pinged"),
        SettingsKey("heartbeat.timeout", .duration(atLeast: 200), "60s", "how long a client may be silent before it is cut"),

        SettingsKey("security.origins", .origins, "same", "pages that may connect: same, * for any, null, or origins"),
        SettingsKey(
            "security.parameterHeaders", .parameterHeaders, "", "headers that a browser may send in the URL, beside the usual ones"),

        SettingsKey(
            "security.authorization.bearer", .tokens, nil,
            "tokens that let a client in, as file:PATH (one a line), env:NAME or themselves; one or a list"),
        SettingsKey(
            "security.authorization.jwt.key", .keySource, nil,
            "what signed tokens are checked with: a file, or env:NAME, with the secret or the public key as PEM"),
        SettingsKey(
            "security.authorization.jwt.algorithm", .choice(Settings.JWT.Algorithm.allCases.map(\.rawValue)), nil,
            "HS256, RS256 or ES256; tokens of any other are refused"),
        SettingsKey("security.authorization.jwt.issuer", .text, nil, "what a token's iss has to be"),
        SettingsKey("security.authorization.jwt.audience", .text, nil, "what a token's aud has to be, or have among others"),
        SettingsKey("security.authorization.jwt.leeway", .duration(atLeast: 0), "0s", "how wrong the clock of a token's maker may be"),

        SettingsKey(
            "admin.listen", .adminAddress, nil,
            "where operators' programs reach the server: a socket's path, HOST:PORT, or none; by default a socket by the port"),
        SettingsKey("admin.token", .token, nil, "the token they have to send, as file:PATH, env:NAME or itself; HOST:PORT needs one"),
        SettingsKey("admin.tls.certificate", .file, nil, "PEM file with the certificate chain of the admin address"),
        SettingsKey("admin.tls.key", .file, nil, "PEM file with its private key"),

        SettingsKey("proxies.trusted", .addresses, "", "addresses of proxies that are believed when they tell who a client is"),

        SettingsKey("incidents.closesPerSecond", .count(1...1_000_000), "20", "closes within a second that open an incident"),
        SettingsKey("incidents.percent", .percent, "10", "percent of the open connections, closed within a second, that open one"),
        SettingsKey("incidents.least", .count(1...1_000_000), "1", "fewer closes than this never open one"),
        SettingsKey("incidents.settle", .duration(atLeast: 100), "30s", "an incident closes when nobody came back for this long"),

        SettingsKey("lints.warn", .lints, "", "lints that warn, even those that are quiet by themselves"),
        SettingsKey("lints.allow", .lints, "", "lints that say nothing"),
    ]

    private static let logging: [SettingsKey] = [
        SettingsKey("log.level", .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]), "info", "what is logged"),
        SettingsKey("log.format", .choice(Settings.Log.Format.allCases.map(\.rawValue)), "text", "text, or json for one object a line"),
        SettingsKey("log.file", .outputFile, nil, "where the log goes, in place of standard error; opened anew on SIGHUP"),
    ]

    /// What is taken over while the server runs: keys, or the start of their names.
    static let reloadable = [
        "limits", "security.origins", "security.authorization", "server.tls", "lints", "log.level",
    ]

    /// Keys that are planned. They are no mistakes in typing, so their error says that this version has none of them.
    static let later: [String] = ["cluster"]

    static func key(_ name: String) -> SettingsKey? { keys.first { $0.name == name } }

    /// Names that may stand right under the path, in order and once each.
    static func names(under path: [String]) -> [String] {
        var names: [String] = []
        for key in keys where key.path.count > path.count && Array(key.path.prefix(path.count)) == path {
            let name = key.path[path.count]
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    static func isLater(_ path: [String]) -> Bool {
        let name = path.joined(separator: ".")
        return later.contains { name == $0 || name.hasPrefix($0 + ".") }
    }
}
