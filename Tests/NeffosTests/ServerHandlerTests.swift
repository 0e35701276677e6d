import NIOCore
import NeffosFeed
import NeffosWire
import TestSupport
import Testing

@testable import Neffos

/// Asynchronous handlers, and what waits for them.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ServerHandlerTests {
    @Test func `One asynchronous handler runs at a time, and replies keep the order of their asks`() async throws {
        let running = Reports<Int>()
        let gate = Gate()
        var handlers = EventHandlers()
        handlers.on("slow", in: "default") { _, message async in
            running.add(Int(message.text) ?? -1)
            await gate.pass()
            await Task.yield()
            return .body(message.body)
        }
        handlers.on("fast", in: "default") { _, message in .body(message.body) }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member()
            let asks = (0..<500).map { "$\($0);default;;\($0.isMultiple(of: 3) ? "slow" : "fast");0;0;\($0)" }
            await client.post(RawClient.frames(asks))
            #expect(await running.next() == 0)
            gate.open()
            #expect(try await client.texts(500) == asks)
        }
    }

    @Test func `A full queue withholds reads, and a handler that ends resumes them`() async throws {
        let gate = Gate()
        try await ServerFixture.run(.slow(behind: gate)) { server in
            let client = try await server.member()
            let connection = try #require(server.server.connection(await client.id))
            let body = String(repeating: "x", count: 60_000)
            for index in 0..<100 { await client.post(RawClient.frame("$\(index);default;;slow;0;0;\(body)")) }
            try await connection.until { $0.isPaused }
            let (frames, bytes) = try await connection.loop.loop.submit { (connection.queue.count, connection.queueBytes) }.get()
            #expect(frames <= 64)
            #expect(bytes < (1 << 20) + 61_000)
            gate.open()
            for index in 0..<100 { #expect(try await client.text().hasPrefix("$\(index);default;;slow;0;0;x")) }
        }
    }

    @Test func `Pings are answered while a handler waits`() async throws {
        let gate = Gate()
        try await ServerFixture.run(.slow(behind: gate)) { server in
            let client = try await server.member()
            try await client.send("$1;default;;slow;0;0;a")
            try await client.write(RawClient.frame(ByteBuffer(string: "hi"), .ping))
            #expect(try await client.event() == .pong(ByteBuffer(string: "hi")))
            gate.open()
            #expect(try await client.text() == "$1;default;;slow;0;0;a")
        }
    }

    @Test func `A handler that asks its client while too much waits is closed with 1013`() async throws {
        for asksFirst in [true, false] {
            let gate = Gate()
            let started = Reports<String>()
            var handlers = EventHandlers()
            handlers.on("ask", in: "default") { connection, _ async throws in
                started.add("started")
                if !asksFirst { await gate.pass() }
                return .body(try await connection.ask("question", "?").body)
            }
            try await ServerFixture.run(handlers) { server in
                let client = try await server.member()
                let connection = try #require(server.server.connection(await client.id))
                try await client.send("$1;default;;ask;0;0;")
                #expect(await started.next() == "started")
                try await client.write(RawClient.frames(Array(repeating: ";default;;none;0;0;", count: 64)))
                if !asksFirst {
                    try await connection.until { $0.isPaused }
                    gate.open()
                }
                #expect(try await client.closed().code == .overloaded)
            }
        }
    }

    @Test func `What is sent from outside any read leaves at once`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.eventLoops = 2
        } _: { server in
            let one = try await server.member()
            let two = try await server.member()
            for client in [one, two] {
                let connection = try #require(server.server.connection(await client.id))
                connection.emit(Message(namespace: "default", event: "from-a-task"))
                #expect(try await client.text() == ";default;;from-a-task;0;0;")
                connection.loop.loop.scheduleTask(in: .milliseconds(1)) {
                    connection.emit(Message(namespace: "default", event: "from-a-timer"))
                }
                #expect(try await client.text() == ";default;;from-a-timer;0;0;")
            }
            server.server.broadcast(Message(namespace: "default", event: "from-outside"))
            #expect(try await one.text() == ";default;;from-outside;0;0;")
            #expect(try await two.text() == ";default;;from-outside;0;0;")
        }
    }

    @Test func `A handler that emits to another client of its loop flushes that too`() async throws {
        var handlers = EventHandlers()
        let others = Reports<Connection>()
        handlers.on("pass", in: "default") { _, message in
            Task {
                let other = await others.next()
                other?.emit(Message(namespace: "default", event: "passed", body: message.body))
            }
            return .none
        }
        handlers.on("here", in: "default") { connection, _ in
            others.add(connection.connection)
            return .none
        }
        try await ServerFixture.run(handlers) { server in
            let one = try await server.member()
            let two = try await server.member()
            try await two.send(";default;;here;0;0;")
            try await one.send(";default;;pass;0;0;x")
            #expect(try await two.text() == ";default;;passed;0;0;x")
        }
    }
}
