import Foundation
import TestSupport
import Testing

@testable import NeffosCommand

@Suite(.fewAtOnce) struct ConfigurationProcessTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func write(_ text: String, _ name: String = "neffos.yaml") throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(name)), options: .atomic)
    }

    private func serve(_ arguments: [String] = [], environment: [String: String] = [:]) throws -> CommandProcess {
        let usual = ["serve", "--headless", "--listen", "127.0.0.1:0", "--config", folder.file("neffos.yaml")]
        return try CommandProcess(usual + arguments, environment: environment)
    }

    /// What a client that asks for an echo ends with.
    private func dial(_ url: String, token: String? = nil) async throws -> Int32 {
        let header = token.map { ["--header", "Authorization: Bearer \($0)"] } ?? []
        return try await CommandProcess(["dial", url, "--once", "connect default; ask default echo hi"] + header).exit()
    }

    private func end(_ server: CommandProcess) async throws {
        server.signal(SIGTERM)
        #expect(try await server.exit() == 0)
    }

    @Test func `a good configuration is printed with where each value is from, and nothing is served`() async throws {
        defer { folder.remove() }
        try write("server: {node: web-1}\nsecurity: {authorization: {bearer: hunter2}}\n")
        let arguments = ["serve", "--config", folder.file("neffos.yaml"), "--check-config", "--path", "/x"]
        let check = try CommandProcess(arguments, environment: ["NEFFOS_LIMITS_CONNECTIONS": "7"])
        #expect(try await check.exit() == 0)
        #expect(check.standardError == "")
        let lines = check.standardOutput.split(separator: "\n").map(String.init)
        #expect(lines.first == "\(folder.file("neffos.yaml")): good")
        #expect(lines.count == SettingsSchema.keys.count + 1)
        #expect(lines.contains { $0.hasPrefix("server.path ") && $0.contains(" /x ") && $0.hasSuffix(" command line") })
        #expect(lines.contains { $0.hasPrefix("limits.connections ") && $0.hasSuffix(" NEFFOS_LIMITS_CONNECTIONS") })
        #expect(!check.standardOutput.contains("hunter2"))
    }

    @Test func `all mistakes of a bad one are told, a line each, and none shows a secret`() async throws {
        defer { folder.remove() }
        try write("server: {pth: /}\nlimits: {ackWithin: 5}\nadmin: {token: \"hunter 2\"}\n")
        let check = try CommandProcess(
            ["serve", "--config", folder.file("neffos.yaml"), "--check-config"], environment: ["NEFFOS_LOG_LEVEL": "loud"])
        #expect(try await check.exit() == 78)
        #expect(check.standardOutput == "")
        #expect(check.errorLines.count == 4)
        #expect(!check.standardError.contains("hunter"))
    }

    @Test func `tokens let in, are changed while it runs, and stand nowhere`() async throws {
        defer { folder.remove() }
        try write("hunter1\n", "tokens")
        try write("security: {authorization: {bearer: \"file:\(folder.file("tokens"))\"}}\n")
        let server = try serve(["--feed", folder.file("feed"), "--log-level", "trace", "--demo", "1"])
        let url = try await server.url()
        #expect(try await dial(url, token: "hunter1") == 0)
        #expect(try await dial(url) == 69)
        #expect(try await dial(url, token: "hunter2") == 69)
        try write("hunter2\n", "tokens")
        try await server.eventually("the change is told") { server.standardError.contains("changed=security.authorization.bearer") }
        #expect(try await dial(url, token: "hunter2") == 0)
        #expect(try await dial(url, token: "hunter1") == 69)
        try await server.eventually("the refusals are in the feed") {
            folder.text("feed").contains("\"status\":401,\"reason\":\"unknown token\"")
        }
        #expect(folder.text("feed").contains("\"reason\":\"no token\""))
        #expect(folder.text("feed").contains("\"key\":\"demo-1\""))
        try await end(server)
        #expect(!(folder.text("feed") + server.standardError + server.standardOutput).contains("hunter"))
    }

    @Test func `a change of the file is taken over, a mistake changes nothing, and what needs a restart is named`() async throws {
        defer { folder.remove() }
        try write("limits: {connections: 5}\nlog: {level: notice}\n")
        let server = try serve()
        let url = try await server.url()
        try write("limits: {connections: 6}\nserver: {node: other}\nheartbeat: {every: 5s}\n")
        try await server.eventually("the change is told") {
            server.standardError.contains(
                "the configuration was read again because=\"a file has changed\" changed=\"limits.connections, log.level\"")
        }
        try await server.eventually("the restart is told") {
            server.standardError.contains("the configuration has changes that need a restart keys=\"server.node, heartbeat.every\"")
        }
        try write("limits: {connections: many}\n")
        let wrong =
            "the configuration was not taken over, the old one stays: \(folder.file("neffos.yaml")):1:23: limits.connections: "
            + "\"many\" is not a whole number; write one, like 100000"
        try await server.eventually("the mistake is told") { server.standardError.contains(wrong) }
        #expect(try await dial(url) == 0)
        try write("limits: {connections: 7}\n")
        try await server.eventually("the correction is taken over") {
            server.standardError.components(separatedBy: "changed=").count == 3
        }
        #expect(server.standardError.components(separatedBy: wrong).count == 2)
        try await end(server)
    }

    @Test func `a hangup opens the log's file anew and reads the configuration again`() async throws {
        defer { folder.remove() }
        try write("log: {format: json, file: \"\(folder.file("log"))\"}\n")
        let server = try serve()
        _ = try await server.url()
        try FileManager.default.moveItem(atPath: folder.file("log"), toPath: folder.file("log.1"))
        server.signal(SIGHUP)
        try await server.eventually("the new file is written") {
            folder.text("log").contains("\"message\":\"the configuration was read again")
        }
        try await end(server)
        #expect(server.errorLines.count == 1)
        for line in folder.text("log").split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["level"] as? String != nil)
        }
        #expect(!folder.text("log.1").contains("SIGHUP"))
    }

    @Test func `a socket that a service manager has opened is served, and whoever knocked before is answered`() async throws {
        defer { folder.remove() }
        try write("")
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isBound = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
        }
        #expect(isBound && listen(listener, 10) == 0)
        let port = try #require(SystemdEnvironment.Socket(descriptor: listener, name: "").port)
        let early = try CommandProcess(["dial", "ws://127.0.0.1:\(port)/echo", "--once", "connect default; ask default echo early"])
        let script = "export LISTEN_PID=$$ LISTEN_FDS=1; exec \"$@\" 3<&0 0</dev/null"
        // What the configuration says of where to listen is not what counts.
        let server = try CommandProcess(
            ["serve", "--headless", "--state", "none", "--listen", "203.0.113.7:1"],
            launcher: .init(script: script, input: FileHandle(fileDescriptor: listener, closeOnDealloc: true)))
        #expect(try await server.url() == "ws://127.0.0.1:\(port)/echo")
        #expect(try await early.exit() == 0)
        #expect(early.standardOutput == "early\n")
        try await end(server)
    }

    @Test func `a service manager is told of each turn of a server's life, and that its event loops live`() async throws {
        defer { folder.remove() }
        try write("")
        let listener = try NotifyListener(folder.file("notify"))
        let server = try serve(environment: ["NOTIFY_SOCKET": listener.name, "WATCHDOG_USEC": "100000"])
        let url = try await server.url()
        var notices: [String] = []
        func came(_ start: String) async throws {
            try await server.eventually("the notice \(start)") {
                notices += listener.notices()
                return notices.contains { $0.hasPrefix(start) }
            }
        }
        try await came("READY=1\nSTATUS=listening on \(url)\nMAINPID=\(server.pid)")
        try await came("WATCHDOG=1")
        notices = []
        server.signal(SIGHUP)
        try await came("RELOADING=1\nMONOTONIC_USEC=")
        try await came("READY=1")
        try await end(server)
        try await came("STOPPING=1\nSTATUS=stopping: SIGTERM")
    }
}
