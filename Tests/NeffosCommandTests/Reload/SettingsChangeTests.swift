import Foundation
import Testing

@testable import NeffosCommand

@Suite struct SettingsChangeTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func load(_ text: String, environment: [String: String] = [:]) throws -> LoadedSettings {
        let file = folder.file("neffos.yaml")
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return try LoadedSettings.load(file: file, environment: environment)
    }

    @Test func `what a running server takes over is told from what waits for the next start`() throws {
        defer { folder.remove() }
        let old = try load("server: {path: /a}\nlimits: {connections: 5}\n")
        let new = try load(
            "server: {path: /b}\nlimits: {connections: 6}\nlog: {level: debug, format: json}\nsecurity: {origins: ['*']}\nlints: {allow: [herd]}\n"
        )
        let change = SettingsChange(from: old, to: new)
        #expect(change.applied == ["limits.connections", "security.origins", "lints.allow", "log.level"])
        #expect(change.waiting == ["server.path", "log.format"])
    }

    @Test func `the same values written otherwise are no change`() throws {
        defer { folder.remove() }
        let old = try load("limits: {connections: 5}\n")
        #expect(SettingsChange(from: old, to: try load("# a comment\nlimits:\n  connections: 5\nlog:\n")).isEmpty)
        #expect(SettingsChange(from: old, to: try load("", environment: ["NEFFOS_LIMITS_CONNECTIONS": "5"])).isEmpty)
    }

    @Test func `another secret in the same file is a change`() throws {
        defer { folder.remove() }
        let tokens = folder.file("tokens")
        let text = "security: {authorization: {bearer: \"file:\(tokens)\"}}\nadmin: {token: \"file:\(tokens)\"}\n"
        try Data("one".utf8).write(to: URL(fileURLWithPath: tokens))
        let old = try load(text)
        try Data("two".utf8).write(to: URL(fileURLWithPath: tokens))
        let change = SettingsChange(from: old, to: try load(text))
        #expect(change.applied == ["security.authorization.bearer"])
        #expect(change.waiting == ["admin.token"])
    }

    @Test func `other files of the certificate are taken over, TLS itself is not`() throws {
        defer { folder.remove() }
        var old = try load("")
        var new = old
        new.settings.tls = Settings.TLS(certificate: "c", key: "k")
        new.sources.commandLine = ["server.tls.certificate": "c"]
        #expect(SettingsChange(from: old, to: new).waiting == ["server.tls.certificate"])
        old.settings.tls = Settings.TLS(certificate: "d", key: "k")
        #expect(SettingsChange(from: old, to: new).applied == ["server.tls.certificate"])
    }
}
