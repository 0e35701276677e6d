import Foundation
import Logging
import Neffos
import TestSupport
import Testing

@testable import NeffosCommand

@Suite(.fewAtOnce) struct DialTests {
    private func withServer(_ options: [String] = [], _ body: (String) async throws -> Void) async throws {
        let server = try CommandProcess(["serve", "--listen", "127.0.0.1:0", "--headless", "--log-level", "error"] + options)
        try await body(try await server.url())
        server.signal(SIGTERM)
        #expect(try await server.exit() == 0)
    }

    @Test func `commands that are given once run in their order, and replies are printed`() async throws {
        try await withServer { url in
            let dial = try CommandProcess(["dial", url, "--once", "connect default; join default lobby; ask default echo hi there"])
            #expect(try await dial.exit() == 0)
            #expect(dial.standardOutput == "hi there\n")
            #expect(dial.standardError.contains("joined default #lobby\n"))
        }
    }

    @Test(arguments: ["connect default; join default lobby", "connect default; join default lobby; quit"])
    func `our own leaving does not read as if the server had wanted it`(steps: String) async throws {
        try await withServer { url in
            let dial = try CommandProcess(["dial", url, "--once", steps])
            #expect(try await dial.exit() == 0)
            #expect(dial.standardError.contains("left default\n"))
            #expect(!dial.standardError.contains("not asked for"), "\(dial.standardError)")
        }
    }

    @Test func `what the server does unasked reads as that`() async throws {
        let server = try CommandProcess(["serve", "--listen", "127.0.0.1:0", "--headless", "--log-level", "error"])
        let dial = try CommandProcess(["dial", try await server.url()])
        try dial.write("connect default\n")
        try await dial.eventually("it is in the namespace") { dial.standardError.contains("entered default\n") }
        server.signal(SIGTERM)
        #expect(try await server.exit() == 0)
        try await dial.eventually("it is out") { dial.standardError.contains("left default, not asked for\n") }
        try dial.endInput()
        #expect(try await dial.exit() == 0)
    }

    @Test func `a command that fails is told, and the exit code is 1`() async throws {
        try await withServer { url in
            let dial = try CommandProcess(["dial", url, "--once", "connect nowhere"])
            #expect(try await dial.exit() == 1)
            #expect(dial.errorLines.last == "neffos: connect nowhere: the server has no such namespace; check the name")
        }
    }

    @Test func `what others say cannot disturb the terminal`() async throws {
        try await withServer { url in
            let listener = try CommandProcess(["dial", url])
            try listener.write("connect default\njoin default lobby\n")
            try await listener.eventually("it is in the room") { listener.standardError.contains("joined default #lobby") }
            let talker = ["connect default", "join default lobby", "emit default #lobby chat \u{1B}[2J\u{202E}evil", "ask default echo x"]
            let other = try CommandProcess(["dial", url, "--once", talker.joined(separator: ";")])
            #expect(try await other.exit() == 0)
            try await listener.eventually("it is heard") { listener.standardOutput.contains("evil") }
            try listener.endInput()
            #expect(try await listener.exit() == 0)
            #expect(listener.standardOutput.hasPrefix("default #lobby chat "))
            #expect(!listener.standardOutput.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
        }
    }

    @Test func `a header names the client, and one that is none is refused`() async throws {
        let bad = try CommandProcess(["dial", "ws://127.0.0.1:1/echo", "--header", "nonsense"])
        #expect(try await bad.exit() == 64)
        #expect(bad.errorLines.count == 1)
    }

    @Test func `a server that cannot be reached is 69`() async throws {
        let dial = try CommandProcess(["dial", "ws://127.0.0.1:1/echo", "--once", "quit"])
        #expect(try await dial.exit() == 69)
        #expect(dial.errorLines.count == 1)
        #expect(dial.standardError.hasPrefix("neffos: ws://127.0.0.1:1/echo: "))
    }

    @Test func `a client that every newcomer's refusal meets says why`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        try Data("onConnect: {refuse: closed for today}\n".utf8).write(to: URL(fileURLWithPath: folder.file("neffos.yaml")))
        try await withServer(["--config", folder.file("neffos.yaml")]) { url in
            let dial = try CommandProcess(["dial", url, "--once", "quit"])
            #expect(try await dial.exit() == 69)
            #expect(dial.standardError.hasSuffix("closed for today; check what the server asks of its clients\n"))
        }
    }

    @Test func `a script waits for what it has caused, and prints where it is`() async throws {
        try await withServer { url in
            let script =
                "connect default; join default lobby; rooms; emit default #lobby chat yo; wait default #lobby chat; ask default echo end"
            let dial = try CommandProcess(["dial", url, "--once", script])
            #expect(try await dial.exit() == 0)
            #expect(dial.standardOutput == "default\ndefault #lobby\ndefault #lobby chat yo\nend\n")
        }
    }

    @Test func `as JSON each message and reply is an object, and bytes that are no text are kept`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        try Data([0xFF, 0x00, 0x41]).write(to: URL(fileURLWithPath: folder.file("bytes")))
        try await withServer { url in
            let script = "connect default; ask default echo @\(folder.file("bytes")); ask default echo hi"
            let dial = try CommandProcess(["dial", url, "--format", "json", "--once", script])
            #expect(try await dial.exit() == 0)
            #expect(
                dial.standardOutput == """
                    {"base64":"/wBB","event":"echo","namespace":"default","type":"reply"}
                    {"body":"hi","event":"echo","namespace":"default","type":"reply"}

                    """)
        }
    }

    @Test func `what would be dropped in silence fails, with the command that helps`() async throws {
        try await withServer { url in
            let dial = try CommandProcess(["dial", url, "--once", "connect default; emit default #lobby chat x"])
            #expect(try await dial.exit() == 1)
            #expect(dial.errorLines.last == "neffos: emit default chat: not in that room; join default lobby first")
            let waiting = try CommandProcess(["dial", url, "--timeout", "2s", "--once", "connect default; wait default chat; quit"])
            #expect(try await waiting.exit() == 1)
            #expect(waiting.errorLines.last == "neffos: wait default chat: it did not come in time; give it more with --timeout")
        }
    }

    @Test(arguments: [
        ("ask default echo x", "ask default echo: not in that namespace; connect default first"),
        ("join default lobby", "join default lobby: not in that namespace; connect default first"),
        ("connect default; ask default #lobby echo x", "ask default echo: not in that room; join default lobby first"),
        ("connect default; leave default lobby", "leave default lobby: not in that room; there is nothing to leave"),
        ("disconnect default", "disconnect default: not in that namespace; there is nothing to leave"),
        (
            "connect default; ask default nothing x",
            "ask default nothing: no answer came in time; check that the server answers this, or give it more with --timeout"
        ),
    ])
    func `what the protocol calls by a word is a sentence with what to do`(script: String, line: String) async throws {
        try await withServer { url in
            let dial = try CommandProcess(["dial", url, "--timeout", "2s", "--once", script])
            #expect(try await dial.exit() == 1)
            #expect(dial.errorLines.last == "neffos: \(line)")
        }
    }

    @Test(arguments: [
        ("10s", "the connection was lost before the answer; try again once it is back"),
        ("0s", "the connection was lost before the answer; dial again"),
    ])
    func `an answer that is lost with its connection is told as that`(reconnect: String, text: String) async throws {
        var configuration = ServerConfiguration()
        configuration.port = 0
        var handlers = EventHandlers()
        handlers.on("fatal", in: "default") { connection, _ in
            connection.connection.drop()
            return .none
        }
        let logger = Logger(label: "dial-tests") { _ in SwiftLogNoOpLogHandler() }
        let server = Server(configuration: configuration, handlers: handlers, logger: logger)
        try await server.start()
        let dial = try CommandProcess(["dial", server.url, "--reconnect", reconnect, "--once", "connect default; ask default fatal x"])
        #expect(try await dial.exit() == 1)
        #expect(dial.errorLines.last == "neffos: ask default fatal: \(text)")
        await server.shutdown(grace: .zero)
    }

    @Test func `who is away is told so, whatever is asked`() async throws {
        let server = try CommandProcess(["serve", "--listen", "127.0.0.1:0", "--headless", "--log-level", "error"])
        let dial = try CommandProcess(["dial", try await server.url(), "--reconnect", "1h"])
        try dial.write("connect default\n")
        try await dial.eventually("it is in the namespace") { dial.standardError.contains("entered default\n") }
        server.signal(SIGKILL)
        try await dial.eventually("it is away") { dial.standardError.contains("connection lost; knocking") }
        try dial.write("ask default echo x\njoin default lobby\n")
        try await dial.eventually("both are told") {
            ["ask default echo", "join default lobby"].allSatisfy { name in
                dial.errorLines.contains("\(name): the connection is away; try again once it is back")
            }
        }
        try dial.endInput()
        #expect(try await dial.exit() == 0)
    }

    @Test(arguments: [
        (
            Reconnection(interval: .seconds(3600)),
            "the connection is away, so it did not come in time; check that the server runs, or give it more with --timeout",
            "wait: the connection did not come back in time; give it more with --timeout"
        ),
        (Reconnection.never, "the connection has ended before it came; dial again", "wait: the connection has ended; dial again"),
    ])
    func `who waits for a message while the connection is away is told so`(
        reconnect: Reconnection, message: String, back: String
    ) async throws {
        var configuration = ServerConfiguration()
        configuration.port = 0
        let logger = Logger(label: "dial-tests") { _ in SwiftLogNoOpLogHandler() }
        let server = Server(configuration: configuration, handlers: .defaultRelay, logger: logger)
        try await server.start()
        var ours = ClientConfiguration()
        ours.reconnect = reconnect
        let printer = DialPrinter(format: .text, screen: DialScreen())
        let run = DialRun(
            url: server.url, configuration: ours, namespaces: ["default"], steps: [], timeout: .milliseconds(20), printer: printer)
        let client = try Client(server.url, configuration: ours, logger: logger)
        try await client.connect()
        let wait = try #require(try DialScript.step(of: "wait default chat"))
        #expect(await run.perform(wait, on: client) == "wait default chat: it did not come in time; give it more with --timeout")
        for connection in server.connections { connection.drop() }
        try await eventually { client.connection == nil && (reconnect == .never) == client.isClosed }
        #expect(await run.perform(wait, on: client) == "wait default chat: \(message)")
        #expect(await run.perform(try #require(try DialScript.step(of: "wait")), on: client) == back)
        await client.close()
        await server.shutdown(grace: .zero)
    }

    @Test func `a server that wants something of its clients is not to be looked for`() async throws {
        try await withServer { url in
            let dial = try CommandProcess(["dial", url, "--origin", "https://evil.example", "--once", "quit"])
            #expect(try await dial.exit() == 69)
            #expect(dial.standardError.contains("the server answered 403"))
            #expect(dial.standardError.hasSuffix("; give an origin that it allows with --origin\n"))
        }
    }

    @Test func `a client at the prompt tells that it was lost and is back`() async throws {
        let server = try CommandProcess(["serve", "--listen", "127.0.0.1:0", "--headless", "--log-level", "error"])
        let url = try await server.url()
        let dial = try CommandProcess(["dial", url, "--reconnect", "50ms"])
        try dial.write("connect default\njoin default lobby\n")
        try await dial.eventually("it is in the room") { dial.standardError.contains("joined default #lobby") }
        server.signal(SIGKILL)
        _ = try await server.exit()
        try await dial.eventually("it has noticed") { dial.standardError.contains("connection lost; knocking") }
        let address = try #require(url.dropFirst("ws://".count).split(separator: "/").first)
        let second = try CommandProcess(["serve", "--listen", String(address), "--headless", "--log-level", "error", "--state", "none"])
        _ = try await second.url()
        try dial.write("wait\nrooms\nquit\n")
        #expect(try await dial.exit() == 0)
        #expect(dial.standardOutput == "default\ndefault #lobby\n")
        #expect(dial.standardError.contains("the server is back; dialing"))
        second.signal(SIGTERM)
        _ = try await second.exit()
    }
}
