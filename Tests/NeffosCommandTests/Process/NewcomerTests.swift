import Foundation
import TestSupport
import Testing

@testable import NeffosCommand

/// The mistakes that a newcomer makes: each is one line that says what, where and what to do, and has the right exit code.
@Suite(.fewAtOnce) struct NewcomerTests {
    struct Mistake: CustomTestStringConvertible, Sendable {
        var what: String
        /// The configuration's text; `FILE` in the line is its name.
        var file: String?
        var arguments: [String] = []
        var environment: [String: String] = [:]
        var code = CommandStatus.configuration
        var line: String
        var testDescription: String { what }
    }

    private static let mistakes: [Mistake] = [
        Mistake(
            what: "a value of the wrong type", file: "limits:\n  connections: many\n",
            line: "FILE:2:16: limits.connections: \"many\" is not a whole number; write one, like 100000"),
        Mistake(
            what: "a list where one value belongs", file: "server: {path: [/a]}\n",
            line: "FILE:1:16: \"server.path\" takes one value, not a list; write it after the colon"),
        Mistake(
            what: "a typo in a key", file: "security:\n  orgins: [same]\n",
            line: "FILE:2:3: unknown key \"security.orgins\"; did you mean \"security.origins\"?"),
        Mistake(
            what: "a typo in a threshold", file: "lints: {herd: {retruns: 5}}\n",
            line: "FILE:1:16: unknown key \"lints.herd.retruns\"; did you mean \"lints.herd.returns\"?"),
        Mistake(
            what: "a duration without a unit, in the file", file: "heartbeat: {every: 25}\n",
            line: "FILE:1:20: heartbeat.every: \"25\" has no unit; write ms, s, m or h after the number, like 250ms or 5s"),
        Mistake(
            what: "a duration without a unit, on the command line", arguments: ["--duration", "30"], code: .usage,
            line: "The value '30' is invalid for '--duration <duration>': \"30\" has no unit; write ms, s, m or h after the number, "
                + "like 250ms or 5s; see neffos serve --help"),
        Mistake(
            what: "a threshold out of its range", environment: ["NEFFOS_LINTS_HERD_SHARE": "101"],
            line: "environment: NEFFOS_LINTS_HERD_SHARE: 101 is out of range; write 1 to 100"),
        Mistake(
            what: "an unknown lint", arguments: ["--allow", "hrd"], code: .usage,
            line: "--allow: \"hrd\" is no lint; did you mean \"herd\"? See neffos serve --help"),
        Mistake(
            what: "an unknown figure", arguments: ["--expect", "retruned>=1"], code: .usage,
            line:
                "--expect 'retruned>=1': unknown figure \"retruned\" at character 1; did you mean \"returned\"? See neffos serve --help"
        ),
        Mistake(
            what: "a missing configuration", arguments: ["--config", "/nowhere/neffos.yaml"],
            line: "/nowhere/neffos.yaml: cannot read the configuration file: No such file or directory; check --config"),
        Mistake(
            what: "a missing log folder", arguments: ["--log-file", "/nowhere/log"],
            line: "/nowhere/log: cannot write the log: No such file or directory; check log.file or --log-file"),
        Mistake(
            what: "a missing certificate", file: "server: {tls: {certificate: /nowhere/c.pem, key: /dev/null}}\n",
            line: "FILE:1:16: server.tls.certificate: the file /nowhere/c.pem is missing or not readable; check its path and permissions"),
        Mistake(
            what: "a bad certificate", file: "server: {tls: {certificate: /dev/null, key: /dev/null}}\n",
            line: "FILE:1:16: server.tls.certificate: the file /dev/null is no certificate; write the chain as PEM, the server's own first"),
        Mistake(
            what: "a certificate without its key", environment: ["NEFFOS_SERVER_TLS_CERTIFICATE": "/dev/null"],
            line: "environment: NEFFOS_SERVER_TLS_CERTIFICATE: server.tls.certificate without server.tls.key; set both, or none"),
        Mistake(
            what: "a missing token", file: "admin: {listen: 127.0.0.1:0}\n",
            line: "FILE:1:9: admin.listen is 127.0.0.1:0, which needs admin.token; set it, like file:/etc/neffos/admin-token"),
        Mistake(
            what: "a missing token file", environment: ["NEFFOS_SECURITY_AUTHORIZATION_BEARER": "file:/nowhere/tokens"],
            line: "environment: NEFFOS_SECURITY_AUTHORIZATION_BEARER: security.authorization.bearer: "
                + "the file /nowhere/tokens cannot be read: No such file or directory; check its path and permissions"),
        Mistake(
            what: "a token's algorithm left out", environment: ["NEFFOS_SECURITY_AUTHORIZATION_JWT_KEY": "/dev/null"],
            line: "environment: NEFFOS_SECURITY_AUTHORIZATION_JWT_KEY: security.authorization.jwt.key without "
                + "security.authorization.jwt.algorithm; write HS256, RS256 or ES256"),
    ]

    @Test(arguments: mistakes)
    func `a mistake is one line that names the remedy`(mistake: Mistake) async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        var arguments = ["serve", "--headless"] + mistake.arguments
        if let text = mistake.file {
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("neffos.yaml")))
            arguments += ["--config", folder.file("neffos.yaml")]
        }
        let command = try CommandProcess(arguments, environment: mistake.environment)
        #expect(try await command.exit() == mistake.code.rawValue)
        let line = mistake.line.split(separator: "FILE", omittingEmptySubsequences: false).joined(separator: folder.file("neffos.yaml"))
        #expect(command.standardError == "neffos: \(line)\n")
        #expect(command.standardOutput == "")
    }

    @Test func `a file that may not be read is said so`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let file = folder.file("neffos.yaml")
        try Data("server: {path: /echo}\n".utf8).write(to: URL(fileURLWithPath: file))
        chmod(file, 0)
        // Root may read anything, unless it gives that up.
        let isRoot = getuid() == 0
        guard !isRoot || access("/usr/bin/setpriv", X_OK) == 0 else { return }
        let script = (isRoot ? "exec /usr/bin/setpriv --bounding-set=-all --inh-caps=-all " : "exec ") + "\"$@\""
        let command = try CommandProcess(
            ["serve", "--headless", "--config", file], launcher: .init(script: script, input: .nullDevice))
        #expect(try await command.exit() == 78)
        #expect(command.standardError == "neffos: \(file): cannot read the configuration file: Permission denied; check --config\n")
    }
}
