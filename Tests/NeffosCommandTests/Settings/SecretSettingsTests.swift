import Foundation
import TestSupport
import Testing

@testable import NeffosCommand

@Suite struct SecretSettingsTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func write(_ text: String, _ name: String = "neffos.yaml") throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(name)))
        return folder.file(name)
    }

    private func failure(_ text: String, environment: [String: String] = [:]) throws -> [String] {
        let file = try write(text)
        let error = #expect(throws: SettingsFailure.self) { try LoadedSettings.load(file: file, environment: environment) }
        return (error?.lines ?? []).map { $0.hasPrefix(file) ? String($0.dropFirst(file.count)) : $0 }
    }

    @Test func `tokens come from the value, from a file with one a line, and from a variable`() throws {
        defer { folder.remove() }
        let tokens = try write("one\n\n  two\t\n", "tokens")
        let file = try write("security: {authorization: {bearer: [\"file:\(tokens)\", env:APP_TOKEN, three]}}\n")
        let loaded = try LoadedSettings.load(file: file, environment: ["APP_TOKEN": "four"])
        #expect(loaded.settings.bearer == ["one", "two", "four", "three"].map(Secret.init))
        #expect(loaded.files == [file, tokens])
        let single = try LoadedSettings.load(file: try write("security: {authorization: {bearer: only}}"), environment: [:])
        #expect(single.settings.bearer == [Secret("only")])
        let variable = try LoadedSettings.load(file: nil, environment: ["NEFFOS_SECURITY_AUTHORIZATION_BEARER": "a,file:\(tokens)"])
        #expect(variable.settings.bearer == ["a", "one", "two"].map(Secret.init))
    }

    @Test func `the key of signed tokens comes from a file or a variable, without its last line's end`() throws {
        defer { folder.remove() }
        let key = try write(SignedTokenTests.secret + "\n", "key")
        for source in [key, "file:\(key)", "env:APP_KEY"] {
            let file = try write("security: {authorization: {jwt: {key: \"\(source)\", algorithm: HS256, leeway: 5s, issuer: me}}}")
            let jwt = try LoadedSettings.load(file: file, environment: ["APP_KEY": SignedTokenTests.secret]).settings.jwt
            #expect(jwt == SignedTokenTests.settings(issuer: "me", leeway: 5000))
        }
    }

    @Test func `what is missing of a secret is said with its place, and nothing of the secret`() throws {
        defer { folder.remove() }
        #expect(
            try failure("security: {authorization: {bearer: file:/nowhere/t}}") == [
                ":1:28: security.authorization.bearer: the file /nowhere/t cannot be read: No such file or directory; "
                    + "check its path and permissions"
            ])
        #expect(
            try failure("admin:\n  token: env:APP_TOKEN") == [
                ":2:3: admin.token: the variable APP_TOKEN is not set; set it, or name another with env:"
            ])
        let empty = try write("\n", "empty")
        #expect(
            try failure("admin: {token: \"file:\(empty)\"}") == [
                ":1:9: admin.token: the file \(empty) has no token; write one, as long and random as a password"
            ])
        let short = try write("hunter2\n", "short")
        #expect(
            try failure("security: {authorization: {jwt: {key: \"\(short)\", algorithm: HS256}}}") == [
                ":1:34: security.authorization.jwt.key: the secret is shorter than 32 bytes; write a longer one, at random"
            ])
        #expect(
            try failure("security: {authorization: {jwt: {key: \"\(short)\"}}}") == [
                ":1:34: security.authorization.jwt.key without security.authorization.jwt.algorithm; write HS256, RS256 or ES256"
            ])
        for line in try failure("security: {authorization: {bearer: [\"hunter 2\", \"hunter\\t3\"]}}") { #expect(!line.contains("hunter")) }
    }

    @Test func `an admin address for others needs a token, and off this machine TLS`() throws {
        defer { folder.remove() }
        #expect(
            try failure("admin: {listen: 127.0.0.1:0}") == [
                ":1:9: admin.listen is 127.0.0.1:0, which needs admin.token; set it, like file:/etc/neffos/admin-token"
            ])
        #expect(
            try failure("admin: {listen: 0.0.0.0:9000, token: t}") == [
                ":1:9: admin.listen is 0.0.0.0:9000, which others may listen in on; "
                    + "set admin.tls.certificate and admin.tls.key, or listen on 127.0.0.1"
            ])
        for good in ["none", "/run/neffos/admin.sock", "unix:/admin.sock"] {
            let file = try write("admin: {listen: \(good)}")
            #expect(throws: Never.self) { try LoadedSettings.load(file: file, environment: [:]) }
        }
        let file = try write("admin: {listen: \"[::1]:9000\", token: t}")
        let admin = try LoadedSettings.load(file: file, environment: [:]).settings.admin
        #expect(admin == Settings.Admin(listen: .tcp(ListenAddress(host: "::1", port: 9000)), token: Secret("t"), tls: nil))
    }

    @Test func `all mistakes of the file, the environment and the command line are told at once`() throws {
        defer { folder.remove() }
        let file = try write("server: {path: x}\n")
        let error = #expect(throws: SettingsFailure.self) {
            try LoadedSettings.load(file: file, environment: ["NEFFOS_SERVER_LISTEN": "x"], commandLine: ["log.level": "loud"])
        }
        #expect(error?.lines.count == 3)
        let together = try failure("heartbeat: {timeout: 1s}\nserver: {tls: {key: k}}\nonConnect: {connect: [a]}\n")
        #expect(together.count == 3)
    }

    @Test func `a certificate that cannot be used is named`() throws {
        defer { folder.remove() }
        let wrong = try write("nothing", "wrong.pem")
        #expect(
            try failure("server:\n  tls: {certificate: \"\(wrong)\", key: \"\(wrong)\"}\n") == [
                ":2:9: server.tls.certificate: the file \(wrong) is no certificate; write the chain as PEM, the server's own first"
            ])
    }

    @Test func `a key that cannot be used is named by its own key, variable or option`() throws {
        let tls = try TLSFixture()
        defer {
            folder.remove()
            tls.remove()
        }
        let wrong = try write("nothing", "wrong.pem")
        let other = try write(TLSFixture.second.key, "other.pem")
        #expect(
            try failure("admin:\n  tls:\n    certificate: \"\(tls.certificate)\"\n    key: \"\(wrong)\"\n") == [
                ":4:5: admin.tls.key: the file \(wrong) is no private key; write it as PEM, not encrypted"
            ])
        let error = #expect(throws: SettingsFailure.self) {
            try LoadedSettings.load(
                file: nil, environment: ["NEFFOS_SERVER_TLS_CERTIFICATE": tls.certificate, "NEFFOS_SERVER_TLS_KEY": other],
                commandLine: [:])
        }
        let problem = "server.tls.key: the key \(other) is not the one of \(tls.certificate)"
        #expect(error?.lines == ["environment: NEFFOS_SERVER_TLS_KEY: \(problem); use the key that the certificate was made for"])
    }

    @Test func `a secret shows itself nowhere`() throws {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        var settings = try Settings.load(file: nil, environment: [:])
        settings.bearer = [secret]
        settings.admin.token = secret
        dump(settings, to: &dumped)
        #expect(!"\(secret) \(String(reflecting: secret)) \(settings) \(dumped)".contains("hunter2"))
    }

    @Test func `the report has each key with its value and where it is from, and no secret`() throws {
        defer { folder.remove() }
        let file = try write("server: {node: web-1}\nsecurity: {authorization: {bearer: [\"file:\(folder.file("tokens"))\", hunter2]}}\n")
        _ = try write("hunter3", "tokens")
        let loaded = try LoadedSettings.load(
            file: file, environment: ["NEFFOS_ADMIN_TOKEN": "hunter4", "NEFFOS_LIMITS_CONNECTIONS": "7"],
            commandLine: ["server.path": "/x"])
        let rows = loaded.report.map { $0.split(separator: " ", omittingEmptySubsequences: true).map(String.init) }
        #expect(rows.map(\.first) == SettingsSchema.keys.map(\.name))
        func row(_ name: String) -> [String]? { rows.first { $0[0] == name } }
        #expect(row("server.node") == ["server.node", "web-1", "\(file):1:10"])
        #expect(row("server.path") == ["server.path", "/x", "command", "line"])
        #expect(row("limits.connections") == ["limits.connections", "7", "NEFFOS_LIMITS_CONNECTIONS"])
        #expect(row("limits.messageBytes") == ["limits.messageBytes", "1MiB", "default"])
        #expect(row("namespaces")?.joined(separator: " ").hasPrefix("namespaces {default: {\"*\": ignore, chat: broadcast,") == true)
        #expect(!loaded.report.joined().contains("hunter"))
    }
}
