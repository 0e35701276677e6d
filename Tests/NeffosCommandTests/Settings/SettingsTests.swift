import Foundation
import Neffos
import Testing

@testable import NeffosCommand

@Suite struct SettingsTests {
    private static let example = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Config/neffos.yaml").path

    private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("neffos-settings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("neffos.yaml")
        try Data(text.utf8).write(to: file)
        try body(file.path)
    }

    @Test func `without any configuration there is the default namespace, on loopback`() throws {
        let settings = try Settings.load(file: nil, environment: [:])
        #expect(settings.listen == ListenAddress(host: "127.0.0.1", port: 8080))
        #expect(settings.path == "/echo")
        #expect(settings.relay == RelayRule.standard)
        #expect(settings.limits.messageBytes.bytes == 1 << 20)
        #expect(settings.heartbeatTimeout.duration == .seconds(60))
        #expect(settings.incidents.percent == 10)
        #expect(settings.tls == nil && settings.identityHeader == nil && settings.refuse == nil && settings.connect.isEmpty)
    }

    @Test func `the example has every key, with its default`() throws {
        let file = try SettingsFile(text: String(contentsOfFile: Self.example, encoding: .utf8), name: "example")
        for key in SettingsSchema.keys {
            #expect(file.marks[key.name] != nil, "\(key.name) is not in Config/neffos.yaml")
            if key.isTable || key.standard == nil { continue }
            let standard: SettingsFile.Value =
                key.isList ? .list(SettingsKey.names(in: key.standard ?? "")) : .text(key.standard ?? "")
            #expect(file.values[key.name] == standard, "\(key.name) has another value in Config/neffos.yaml than its default")
        }
        #expect(try Settings.load(file: Self.example, environment: [:]) == Settings.load(file: nil, environment: [:]))
    }

    @Test func `every default is a value that its key takes`() {
        for key in SettingsSchema.keys {
            if let standard = key.standard { #expect(throws: Never.self, "\(key.name)") { try key.check(standard) } }
            #expect(!key.doc.isEmpty)
        }
    }

    @Test func `the command line wins over the environment, which wins over the file, which wins over the defaults`() throws {
        try withFile("server: {listen: 'file:1', path: /file, node: file}\nlimits: {messageBytes: 2MiB}\n") { file in
            let environment = ["NEFFOS_SERVER_LISTEN": "environment:2", "NEFFOS_SERVER_PATH": "/environment", "PATH": "/bin"]
            let settings = try Settings.load(file: file, environment: environment, commandLine: ["server.listen": "line:3"])
            #expect(settings.listen.description == "line:3")
            #expect(settings.path == "/environment")
            #expect(settings.node == "file")
            #expect(settings.limits.messageBytes.bytes == 2 << 20)
            #expect(settings.limits.connections == 100_000)
        }
    }

    @Test(arguments: SettingsSchema.keys.filter { !$0.isTable && $0.kind != .file }.map(\.name))
    func `each key's environment variable is taken`(name: String) throws {
        let key = try #require(SettingsSchema.key(name))
        let variable = key.environmentName
        #expect(throws: SettingsFailure.self) { try Settings.load(file: nil, environment: [variable: "\u{1}"]) }
        let other = [
            "limits.connections": "5", "heartbeat.every": "30s", "onConnect.connect": "default, default", "lints.warn": "herd, flapping",
            "security.authorization.jwt.key": "env:KEY", "security.authorization.jwt.algorithm": "HS256",
        ][name]
        var environment = [variable: other ?? key.standard ?? "x", "KEY": String(repeating: "k", count: 32)]
        // These two are nothing without each other.
        let jwt = "NEFFOS_SECURITY_AUTHORIZATION_JWT_"
        if variable == jwt + "KEY" { environment[jwt + "ALGORITHM"] = "HS256" }
        if variable == jwt + "ALGORITHM" { environment[jwt + "KEY"] = "env:KEY" }
        if name == "admin.listen" { environment[variable] = "none" }
        #expect(throws: Never.self) { try Settings.load(file: nil, environment: environment) }
    }

    @Test func `a variable's name is the key's path`() {
        #expect(SettingsSchema.key("limits.messageBytes")?.environmentName == "NEFFOS_LIMITS_MESSAGE_BYTES")
        #expect(Set(SettingsSchema.keys.map(\.environmentName)).count == SettingsSchema.keys.count)
    }

    @Test func `a number and a list from the environment are read`() throws {
        let variables = ["NEFFOS_LIMITS_ADMIT_PER_SECOND": "12", "NEFFOS_ON_CONNECT_CONNECT": "default", "NEFFOS_SERVER_NODE": ""]
        let settings = try Settings.load(file: nil, environment: variables)
        #expect(settings.limits.admitPerSecond == 12)
        #expect(settings.connect == ["default"])
        #expect(settings.node == "neffos")
    }

    @Test(arguments: [
        ("NEFFOS_SEVER_LISTEN", "x", "environment: unknown variable NEFFOS_SEVER_LISTEN; did you mean NEFFOS_SERVER_LISTEN?"),
        ("NEFFOS_CLUSTER_REDIS", "x", "environment: the variable NEFFOS_CLUSTER_REDIS is not available in this version; unset it"),
        ("NEFFOS_NAMESPACES", "x", "environment: NEFFOS_NAMESPACES: it is a table; write it in the configuration file"),
        (
            "NEFFOS_HEARTBEAT_EVERY", "5",
            "environment: NEFFOS_HEARTBEAT_EVERY: \"5\" has no unit; write ms, s, m or h after the number, like 250ms or 5s"
        ),
    ])
    func `a wrong variable is one line with the nearest name`(name: String, value: String, line: String) {
        #expect(throws: SettingsFailure(lines: [line])) { try Settings.load(file: nil, environment: [name: value]) }
    }

    @Test func `origins, headers and proxies reach the server's configuration`() throws {
        let text = "security: {origins: [same, 'https://a.org'], parameterHeaders: [X-Token]}\nproxies: {trusted: [10.0.0.0/8]}\n"
        try withFile(text) { file in
            let environment = ["NEFFOS_PROXIES_TRUSTED": "127.0.0.1, ::1"]
            let settings = try Settings.load(file: file, environment: environment)
            let configuration = ServerConfiguration(settings, grace: DurationText(milliseconds: 0), isDemo: false)
            #expect(configuration.origins == ["same", "https://a.org"])
            #expect(configuration.parameterHeaders == ["X-Token"])
            #expect(configuration.trustedProxies == ["127.0.0.1", "::1"])
        }
        let line =
            "environment: NEFFOS_PROXIES_TRUSTED: \"::1/200\" has no length of 0 to 128 after its /; "
            + "write an address or a range, like 10.0.0.0/8 or 2001:db8::/32"
        #expect(throws: SettingsFailure(lines: [line])) {
            try Settings.load(file: nil, environment: ["NEFFOS_PROXIES_TRUSTED": "127.0.0.1,::1/200"])
        }
    }

    @Test func `a missing file says so`() {
        let line = "/nowhere/neffos.yaml: cannot read the configuration file: No such file or directory; check --config"
        #expect(throws: SettingsFailure(lines: [line])) { try Settings.load(file: "/nowhere/neffos.yaml", environment: [:]) }
    }

    @Test(arguments: [
        (
            "heartbeat:\n  timeout: 5s\n",
            ":2:3: heartbeat.timeout (5s) is not longer than heartbeat.every (25s); make it at least twice as long"
        ),
        (
            "onConnect: {connect: [defualt]}\n",
            ":1:13: onConnect.connect has the namespace \"defualt\", which is not in namespaces; did you mean \"default\"?"
        ),
        (
            "server: {tls: {certificate: /nowhere/c.pem, key: /dev/null}}\n",
            ":1:16: server.tls.certificate: the file /nowhere/c.pem is missing or not readable; check its path and permissions"
        ),
    ])
    func `what only goes together is checked together`(text: String, line: String) throws {
        try withFile(text) { file in
            #expect(throws: SettingsFailure(lines: [file + line])) { try Settings.load(file: file, environment: [:]) }
        }
    }
}
