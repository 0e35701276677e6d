import ArgumentParser
import Foundation
import Logging
import NIOCore
import Neffos
import Synchronization
import TestSupport
import Testing

@testable import NeffosCommand

/// The command as a process, against our server in this one or in another.
@Suite(.fewAtOnce) struct LoadTests {
    private static let logger = Logger(label: "load-tests") { _ in SwiftLogNoOpLogHandler() }

    /// A server in this process; what it does can be chosen.
    private func withServer(_ handlers: EventHandlers, _ body: (String) async throws -> Void) async throws {
        try await withServer(handlers) { url, _ in try await body(url) }
    }

    private func withServer(_ handlers: EventHandlers, _ body: (String, Server) async throws -> Void) async throws {
        var configuration = ServerConfiguration()
        configuration.port = 0
        let server = Server(configuration: configuration, handlers: handlers, logger: Self.logger)
        try await server.start()
        do { try await body(server.url, server) } catch {
            await server.shutdown(grace: .zero)
            throw error
        }
        await server.shutdown(grace: .zero)
    }

    private static var relay: EventHandlers {
        var handlers = EventHandlers()
        handlers.on("echo", in: "default") { _, message in .body(message.body) }
        handlers.on("chat", in: "default") { connection, message in
            connection.connection.broadcast(message)
            return .none
        }
        return handlers
    }

    private func json(_ process: CommandProcess) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(process.standardOutput.utf8))
        return try #require(object as? [String: Any])
    }

    private func integer(_ name: String, _ object: [String: Any]) -> Int? { (object[name] as? NSNumber)?.intValue }

    @Test func `echo answers every ask, and standard output has only the result`() async throws {
        try await withServer(Self.relay) { url in
            let load = try CommandProcess([
                "load", "echo", url, "--connections", "8", "--inflight", "4", "--duration", "300ms", "--warmup", "50ms", "--format", "json",
                "--label", "a test",
            ])
            #expect(try await load.exit() == 0)
            let result = try json(load)
            #expect(result["mode"] as? String == "echo")
            #expect(result["label"] as? String == "a test")
            #expect(integer("conns", result) == 8)
            #expect(integer("opened", result) == 8)
            #expect(try #require(integer("messages", result)) > 0)
            #expect(integer("unanswered", result) == 0)
            #expect(integer("bad_replies", result) == 0)
            #expect(integer("out_of_order_replies", result) == 0)
            #expect(try #require(result["p50_us"] as? NSNumber).doubleValue > 0)
            #expect(load.standardError.isEmpty)
        }
    }

    @Test func `an answer that is not what was asked is told, and the exit code is 1`() async throws {
        var handlers = EventHandlers()
        handlers.on("echo", in: "default") { _, _ in .text("something else") }
        try await withServer(handlers) { url in
            let load = try CommandProcess(["load", url, "--connections", "2", "--inflight", "1", "--duration", "2s", "--warmup", "0ms"])
            #expect(try await load.exit() == 1)
            #expect(load.standardOutput.contains("2 bad (another body than was sent)"))
            #expect(load.errorLines.last?.hasPrefix("neffos: not all went well: 2 answered badly") == true)
        }
    }

    @Test func `asks that are never answered are unanswered`() async throws {
        var handlers = EventHandlers()
        handlers.on("echo", in: "default") { _, _ in .none }
        try await withServer(handlers) { url in
            let load = try CommandProcess([
                "load", "echo", url, "--connections", "3", "--inflight", "2", "--duration", "100ms", "--warmup", "0ms", "--drain", "50ms",
                "--format", "json",
            ])
            #expect(try await load.exit() == 1)
            #expect(integer("unanswered", try json(load)) == 6)
        }
    }

    @Test func `fanout reaches every member of every room in order`() async throws {
        try await withServer(Self.relay) { url in
            let load = try CommandProcess([
                "load", "fanout", url, "--connections", "12", "--rooms", "3", "--rate", "50", "--duration", "400ms", "--format", "json",
            ])
            #expect(try await load.exit() == 0)
            let result = try json(load)
            let published = try #require(integer("published", result))
            #expect(published > 0)
            #expect(integer("expected_deliveries", result) == published * 4)
            #expect(integer("received_deliveries", result) == published * 4)
            #expect(integer("messages_delivered_to_all", result) == published)
            for name in ["lost_deliveries", "duplicate_deliveries", "out_of_order_deliveries", "bad_messages"] {
                #expect(integer(name, result) == 0, "\(name)")
            }
        }
    }

    @Test func `broadcasts that get lost or come twice are counted`() async throws {
        var handlers = EventHandlers()
        handlers.on("chat", in: "default") { connection, message in
            let number = NumberedBody.number(of: message.body) ?? 0
            if number % 4 == 1 { return .none }
            connection.connection.broadcast(message)
            if number % 4 == 2 { connection.connection.broadcast(message) }
            return .none
        }
        try await withServer(handlers) { url in
            let load = try CommandProcess([
                "load", "fanout", url, "--connections", "4", "--rate", "100", "--duration", "400ms", "--drain", "300ms", "--format", "json",
            ])
            #expect(try await load.exit() == 1)
            let result = try json(load)
            let published = try #require(integer("published", result))
            let (lost, twice) = ((published + 2) / 4 * 4, (published + 1) / 4 * 4)
            #expect(integer("lost_deliveries", result) == lost)
            #expect(integer("duplicate_deliveries", result) == twice)
            #expect(integer("out_of_order_deliveries", result) == 0)
        }
    }

    @Test func `idle clients stay, from the addresses that were named`() async throws {
        try await withServer(Self.relay) { url in
            let load = try CommandProcess([
                "load", "idle", url, "--connections", "20", "--rooms", "2", "--duration", "100ms", "--source", "127.0.0.2", "--source",
                "127.0.0.3", "--pid", "\(getpid())", "--format", "json",
            ])
            #expect(try await load.exit() == 0)
            let result = try json(load)
            #expect(integer("opened", result) == 20)
            #expect(integer("dropped_while_idle", result) == 0)
            #expect(result["server_rss_max"] != nil)
        }
    }

    @Test func `a storm of our own making restores all`() async throws {
        try await withServer(Self.relay) { url in
            let load = try CommandProcess([
                "load", "storm", url, "--connections", "30", "--rooms", "3", "--every", "50ms", "--format", "json",
            ])
            #expect(try await load.exit() == 0)
            let result = try json(load)
            #expect(integer("dropped", result) == 30)
            #expect(integer("restored", result) == 30)
            #expect(integer("missing", result) == 0)
            #expect(integer("heads_not_302", result) == 0)
            #expect((result["tries"] as? [String: Int])?.values.reduce(0, +) == 30)
        }
    }

    @Test func `who is not let into its room again is named`() async throws {
        var handlers = Self.relay
        handlers.on(.roomJoin, in: "default") { connection, _ in
            let isBack = connection.connection.tries > 0
            if isBack, connection.connection.request.headers.first(where: { $0.name.lowercased() == "x-username" })?.value == "user-2" {
                throw NeffosError("room is full")
            }
        }
        try await withServer(handlers) { url in
            let load = try CommandProcess([
                "load", "storm", url, "--connections", "5", "--every", "20ms", "--limit", "1s", "--header", "X-Username: user-{n}",
            ])
            #expect(try await load.exit() == 1)
            #expect(load.standardOutput.contains("restored 4   missing 1"))
            #expect(load.standardOutput.contains("room is full"))
            #expect(load.errorLines.last == "neffos: not all went well: 1 not restored (user-2)")
        }
    }

    @Test func `a server that is killed and started again gets its clients back`() async throws {
        let binary = try CommandProcess.binary.path
        // A port that was free a moment ago; nobody else is told of it.
        let first = try CommandProcess(["serve", "--listen", "127.0.0.1:0", "--headless", "--log-level", "error"])
        let url = try await first.url()
        let address = try #require(url.dropFirst("ws://".count).split(separator: "/").first)
        let load = try CommandProcess([
            "load", "storm", url, "--connections", "40", "--every", "100ms", "--down", "200ms", "--kill-pid", "\(first.pid)", "--restart",
            "'\(binary)' serve --listen \(address) --headless --log-level error --state none", "--format", "json",
        ])
        #expect(try await load.exit() == 0)
        let result = try json(load)
        #expect(result["outage"] as? String == "restart")
        #expect(integer("restored", result) == 40)
        #expect(try #require(result["down_ms"] as? NSNumber).doubleValue >= 200)
        #expect(try #require(integer("heads_answered", result)) >= 40)
        // The one that was started is gone again.
        let probe = try CommandProcess(["probe", url])
        #expect(try await probe.exit() == 69)
    }

    @Test func `mixed work loses nothing, though some are cut off and come back`() async throws {
        try await withServer(Self.relay) { url in
            let load = try CommandProcess([
                "load", "mixed", url, "--connections", "30", "--rooms", "3", "--churn", "1200", "--asks", "10", "--rate", "20", "--every",
                "50ms",
                "--duration", "1s", "--format", "json",
            ])
            #expect(try await load.exit() == 0, "\(load.standardOutput) \(load.standardError)")
            let result = try json(load)
            #expect(try #require(integer("messages", result)) > 0)
            #expect(try #require(integer("received_deliveries", result)) > 0)
            let cuts = try #require(integer("cuts", result))
            #expect(cuts > 0)
            #expect(integer("returned", result) == cuts)
            #expect(integer("lost_deliveries", result) == 0)
        }
    }

    @Test(arguments: [("mixed", 1, 1), ("mixed", 5, 2), ("fanout", 1, 1), ("idle", 1, 1), ("idle", 3, 3), ("storm", 1, 1)])
    func `rooms that nobody asked for are no more than the clients fill`(kind: String, connections: Int, rooms: Int) async throws {
        try await withServer(Self.relay) { url in
            let time = kind == "storm" ? ["--every", "20ms"] : ["--duration", "50ms"]
            let load = try CommandProcess(["load", kind, url, "--connections", "\(connections)", "--format", "json"] + time)
            #expect(try await load.exit() == 0, "\(load.standardError)")
            #expect(integer("rooms", try json(load)) == rooms)
        }
    }

    @Test func `the rooms of mixed work leave somebody who can be cut off, where nobody asked for more`() throws {
        func rooms(_ arguments: String..., connections: Int) throws -> Int {
            let parsed = try MixedLoadCommand.parseAsRoot(["ws://h/", "--connections", "\(connections)"] + arguments)
            return try #require(parsed as? MixedLoadCommand).rooms(for: connections)
        }
        #expect(try [1, 2, 3, 20, 99, 100, 1000].map { try rooms(connections: $0) } == [1, 1, 1, 10, 49, 50, 50])
        #expect(try rooms("--rooms", "20", connections: 20) == 20)
        #expect(throws: (any Error).self) { try rooms("--rooms", "21", connections: 20) }
    }

    @Test func `an echo whose connections are all lost ends then, and its rate is of the time until then`() async throws {
        let count = Mutex(0)
        var handlers = EventHandlers()
        handlers.on("echo", in: "default") { _, message in
            count.withLock { $0 += 1 }
            return .body(message.body)
        }
        for format in ["json", "text"] {
            count.withLock { $0 = 0 }
            try await withServer(handlers) { url, server in
                let load = try CommandProcess([
                    "load", "echo", url, "--connections", "4", "--warmup", "0ms", "--duration", "1h", "--format", format,
                ])
                try await load.eventually("asks are answered") { count.withLock { $0 } > 100 && server.connectionCount == 4 }
                for connection in server.connections { connection.drop() }
                #expect(try await load.exit() == 1)
                #expect(load.errorLines.last?.contains("4 connections lost") == true)
                if format == "text" {
                    #expect(load.standardOutput.contains("/s, until all connections were lost\n"))
                    return
                }
                let result = try json(load)
                #expect(integer("conn_errors", result) == 4)
                #expect(result["interrupted"] as? Bool == false)
                #expect(try #require(result["seconds"] as? NSNumber).doubleValue < 60)
                #expect(try #require(result["msgs_per_s"] as? NSNumber).doubleValue > 0)
            }
        }
    }

    @Test(arguments: ["fanout", "idle", "mixed"], ["json", "text"])
    func `any other work whose connections are all lost for good ends then too`(kind: String, format: String) async throws {
        try await withServer(Self.relay) { url, server in
            let load = try CommandProcess(["load", kind, url, "--connections", "4", "--rooms", "2", "--duration", "1h", "--format", format])
            try await eventually { await server.rooms(in: "default").values.reduce(0, +) == 4 }
            // A client does not come back after this.
            for connection in server.connections { connection.close(.normal, reason: "enough") }
            #expect(try await load.exit() == 1)
            let loss = ["fanout": "4 connections lost", "idle": "4 dropped", "mixed": "4 dropped though nobody had cut them off"][kind]
            #expect(load.errorLines.last?.contains(try #require(loss)) == true, "\(load.standardError)")
            guard format == "json" else {
                #expect(load.standardOutput.contains(", until all connections were lost"), "\(load.standardOutput)")
                return
            }
            let result = try json(load)
            #expect(result["interrupted"] as? Bool == false)
            #expect(try #require(result[kind == "idle" ? "idle_s" : "seconds"] as? NSNumber).doubleValue < 60)
        }
    }

    @Test func `mixed work ends where all are away for longer than their return may take`() async throws {
        try await withServer(Self.relay) { url, server in
            let load = try CommandProcess([
                "load", "mixed", url, "--connections", "4", "--rooms", "2", "--duration", "1h", "--every", "20ms", "--drain", "200ms",
            ])
            try await eventually { await server.rooms(in: "default").values.reduce(0, +) == 4 }
            await server.shutdown(grace: .zero)
            #expect(try await load.exit() == 1)
            #expect(load.standardOutput.contains(", until all connections were lost"), "\(load.standardOutput)")
            #expect(load.errorLines.last?.contains("4 not back") == true, "\(load.standardError)")
        }
    }

    @Test func `a namespace that the server does not have is told as that`() async throws {
        try await withServer(Self.relay) { url in
            let load = try CommandProcess(["load", "idle", url, "--connections", "2", "--namespace", "nowhere"])
            #expect(try await load.exit() == 69)
            #expect(load.errorLines == ["neffos: \(url): the server has no such namespace; check the name"])
        }
    }

    @Test func `a signal ends it with the figures so far`() async throws {
        try await withServer(Self.relay) { url, server in
            let load = try CommandProcess(["load", "idle", url, "--connections", "4", "--duration", "1h", "--format", "json"])
            try await load.eventually("the clients are there") { server.connectionCount == 4 }
            load.signal(SIGINT)
            #expect(try await load.exit() == 0)
            #expect(try json(load)["interrupted"] as? Bool == true)
        }
    }

    @Test(arguments: [
        (["load", "echo", "http://h/"], 64, "is no ws:// or wss:// URL"),
        (["load", "echo", "ws://127.0.0.1:1/echo", "--quiet"], 69, "Connection refused"),
        (["load", "echo", "ws://h/", "--size", "3"], 64, "--size: 3 is out of range; write 16 to 1MiB"),
        (["load", "fanout", "ws://h/", "--connections", "2", "--rooms", "3"], 64, "--rooms: 3 is out of range; write 1 to 2"),
        (["load", "mixed", "ws://h/", "--connections", "2", "--rooms", "3"], 64, "--rooms: 3 is out of range; write 1 to 2"),
        (["load", "mixed", "ws://h/", "--connections", "0"], 64, "--connections: 0 is out of range; write 1 to 1000000"),
        (["load", "storm", "ws://h/", "--cut", "50", "--await"], 64, "--cut and --await are different outages; choose one"),
        (["load", "storm", "ws://h/", "--kill-pid", "4242"], 64, "--kill-pid needs --restart"),
        (["load", "storm", "ws://127.0.0.1:1/", "--restart", "false"], 69, "--restart: the server has ended"),
        (["load", "echo", "ws://127.0.0.1:1/", "--source", "here"], 64, "--source: \"here\" is no IP address to dial from"),
    ])
    func `a mistake is one line with its exit code`(arguments: [String], code: Int32, text: String) async throws {
        let load = try CommandProcess(arguments)
        #expect(try await load.exit() == code)
        #expect(load.errorLines.count == 1)
        #expect(load.standardError.contains(text), "\(load.standardError)")
        #expect(load.standardOutput.isEmpty)
    }
}
