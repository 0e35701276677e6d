import Testing

@testable import NeffosCommand

@Suite struct SettingsFileTests {
    /// A file, and the start and the end of the one line that says what is wrong with it.
    struct Mistake: CustomTestStringConvertible, Sendable {
        var file: String
        var line: String
        var testDescription: String { line }
    }

    @Test(arguments: [
        Mistake(
            file: "limits:\n  mesageBytes: 1MiB\n",
            line: "f.yaml:2:3: unknown key \"limits.mesageBytes\"; did you mean \"limits.messageBytes\"?"),
        Mistake(file: "sever:\n  path: /\n", line: "f.yaml:1:1: unknown key \"sever\"; did you mean \"server\"?"),
        Mistake(file: "listen: localhost:1\n", line: "f.yaml:1:1: unknown key \"listen\"; did you mean \"server.listen\"?"),
        Mistake(
            file: "heartbeat: {zzzzzzzz: 1s}\n",
            line: "f.yaml:1:13: unknown key \"heartbeat.zzzzzzzz\"; there is heartbeat.every, heartbeat.timeout"),
        Mistake(file: "\ncluster:\n  redis: x\n", line: "f.yaml:2:1: the key \"cluster\" is not available in this version; remove it"),
        Mistake(
            file: "log:\n  format: jsno\n", line: "f.yaml:2:11: log.format: \"jsno\" is not one of its values; did you mean \"json\"?"),
        Mistake(
            file: "lints: {allow: [hrd]}\n", line: "f.yaml:1:17: lints.allow: \"hrd\" is no lint; did you mean \"herd\"?"),
        Mistake(
            file: "admin: {listen: 8080}\n",
            line: "f.yaml:1:17: admin.listen: \"8080\" has no port; write HOST:PORT, like 127.0.0.1:8080 or [::1]:8080, "
                + "or a socket's path like /run/neffos/admin.sock, or none"),
        Mistake(
            file: "admin: {token: \"my secret\"}\n",
            line: "f.yaml:1:16: admin.token: a token has characters that none may have; "
                + "use letters, digits and -._~+/= only, 4096 at most"),
        Mistake(
            file: "security:\n  authorization:\n    bearer: [good, \"no good\"]\n",
            line: "f.yaml:3:20: security.authorization.bearer: a token has characters that none may have; "
                + "use letters, digits and -._~+/= only, 4096 at most"),
        Mistake(
            file: "security: {authorization: {jwt: {algorithm: none}}}\n",
            line: "f.yaml:1:45: security.authorization.jwt.algorithm: \"none\" is not one of its values; there is HS256, RS256, ES256"),
        Mistake(
            file: "limits:\n  ackWithin: 10\n",
            line: "f.yaml:2:14: limits.ackWithin: \"10\" has no unit; write ms, s, m or h after the number, like 250ms or 5s"),
        Mistake(
            file: "limits: {messageBytes: lots}\n",
            line: "f.yaml:1:24: limits.messageBytes: \"lots\" is not a size; write bytes or a unit, like 512, 64KiB, 1MiB, 64kB or 1MB"),
        Mistake(
            file: "limits:\n  connections: many\n",
            line: "f.yaml:2:16: limits.connections: \"many\" is not a whole number; write one, like 100000"),
        Mistake(
            file: "limits:\n  admitPerSecond: many\n",
            line: "f.yaml:2:19: limits.admitPerSecond: \"many\" is not a whole number; write one, like 100"),
        Mistake(file: "limits:\n  connections: -1\n", line: "f.yaml:2:16: limits.connections: -1 is out of range; write 0 to 10000000"),
        Mistake(
            file: "limits:\n  connections: [1]\n",
            line: "f.yaml:2:16: \"limits.connections\" takes one value, not a list; write it after the colon"),
        Mistake(
            file: "identity: {as: kye}\n", line: "f.yaml:1:16: identity.as: \"kye\" is not one of its values; did you mean \"key\"?"),
        Mistake(
            file: "identity: {header: X User}\n",
            line: "f.yaml:1:20: identity.header: \"X User\" is no header name; write one like X-Username"),
        Mistake(
            file: "server: {path: echo}\n", line: "f.yaml:1:16: server.path: \"echo\" does not start with /; write a path like /echo"),
        Mistake(file: "server: 8080\n", line: "f.yaml:1:9: \"server\" is no single value; write a mapping with listen, path, node, tls"),
        Mistake(
            file: "incidents:\n  percent: 101\n",
            line: "f.yaml:2:12: incidents.percent: \"101\" is not a percentage; write a number from 0 to 100"),
        Mistake(file: "onConnect:\n  connect: default\n", line: "f.yaml:2:12: \"onConnect.connect\" takes a list; write [one, two]"),
        Mistake(
            file: "namespaces:\n  default:\n    echo: replay\n",
            line: "f.yaml:3:11: namespaces: \"replay\" is no action; did you mean \"reply\"?"),
        Mistake(
            file: "namespaces:\n  default:\n    _OnRomJoin: refuse\n",
            line: "f.yaml:3:5: namespaces: the event \"_OnRomJoin\" is no event of a relay; did you mean \"_OnRoomJoin\"?"),
        Mistake(
            file: "namespaces:\n  default:\n    _OnNativeMessage: reply\n",
            line: "f.yaml:3:5: namespaces: the event \"_OnNativeMessage\" is only for the namespace \"\"; move it there"),
        Mistake(
            file: "server: {path: /a, path: /b}\n", line: "f.yaml:1:10: the key \"path\" stands twice in one mapping; keep one of them"),
        Mistake(
            file: "security:\n  origins: [same, example.org]\n",
            line: "f.yaml:2:19: security.origins: \"example.org\" is no origin; write a scheme, a host and perhaps a port, like "
                + "https://example.org or http://localhost:3000, or same, * or null"),
        Mistake(
            file: "security:\n  parameterHeaders: [Cookie]\n",
            line: "f.yaml:2:22: security.parameterHeaders: the header \"Cookie\" is never taken from a URL; remove it"),
        Mistake(
            file: "proxies:\n  trusted:\n    - 10.0.0.1/8\n",
            line: "f.yaml:3:7: proxies.trusted: \"10.0.0.1/8\" has bits set behind its /8; write 10.0.0.0/8"),
        Mistake(file: "- a\n- b\n", line: "f.yaml:1:1: the file is no mapping of keys to values; start it with a key like \"server:\""),
    ])
    func `a mistake is one line with its place, what it is, and what to do`(mistake: Mistake) {
        #expect(throws: SettingsFailure(lines: [mistake.line])) { try SettingsFile(text: mistake.file, name: "f.yaml") }
    }

    @Test func `text that is no YAML says where it stops being any`() throws {
        let failure = try #require(throws: SettingsFailure.self) { try SettingsFile(text: "server:\n  path: [/a\n", name: "f.yaml") }
        #expect(failure.lines.count == 1)
        #expect(failure.lines[0].hasPrefix("f.yaml:3:1: this is no YAML: "))
    }

    @Test func `several mistakes are several lines, in their order`() throws {
        let text = "server:\n  pth: /\nlimits:\n  ackWithin: x\n"
        let failure = try #require(throws: SettingsFailure.self) { try SettingsFile(text: text, name: "f.yaml") }
        #expect(failure.lines.count == 2)
        #expect(failure.lines[0].hasPrefix("f.yaml:2:3: "))
        #expect(failure.lines[1].hasPrefix("f.yaml:4:14: "))
    }

    @Test func `no more than twenty mistakes are told`() throws {
        let text = (0..<100).map { "wrong\($0): 1\n" }.joined()
        let failure = try #require(throws: SettingsFailure.self) { try SettingsFile(text: text, name: "f.yaml") }
        #expect(failure.lines.count == 20)
    }

    @Test(arguments: ["", "# nothing\n", "server:\n", "server:\n  tls: {certificate: , key: }\n", "~\n"])
    func `keys without a value count as left out`(text: String) throws {
        #expect(try SettingsFile(text: text, name: "f.yaml").values.isEmpty)
    }

    @Test func `the relay takes names with dots, blanks and quotes`() throws {
        let text =
            "namespaces:\n  \"a.b c\":\n    \"*\": ignore\n    _OnRoomJoin: refuse\n  \"\":\n    _OnNativeMessage: broadcast\n  silent:\n"
        let relay = try SettingsFile(text: text, name: "f.yaml").relay
        #expect(relay == ["a.b c": ["*": "ignore", "_OnRoomJoin": "refuse"], "": ["_OnNativeMessage": "broadcast"], "silent": [:]])
    }

    @Test func `an anchor and its alias are one value`() throws {
        let file = try SettingsFile(text: "limits:\n  ackWithin: &t 7s\n  handshakeWithin: *t\n", name: "f.yaml")
        #expect(file.values["limits.handshakeWithin"] == .text("7s"))
    }
}
