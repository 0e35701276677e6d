import NIOCore
import NeffosFeed
import NeffosWire
import TestSupport
import Testing

@testable import Neffos

/// What is broken in the originals, on the server's side: protocol section 9, one test each.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ServerOriginalsTests {
    @Test func `Lost broadcasts under load`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.eventLoops = 2
        } _: { server in
            let publisher = try await server.member(of: ["r"])
            let listeners = [try await server.member(of: ["r"]), try await server.member(of: ["r"]), try await server.member(of: ["r"])]
            let count = 2000
            await publisher.post(RawClient.frames((0..<count).map { ";default;r;notify;0;0;\($0)" }))
            for listener in listeners { #expect(try await listener.texts(count) == (0..<count).map { ";default;r;notify;0;0;\($0)" }) }
        }
    }

    @Test func `A batch that stops at the first excluded connection`() async throws {
        try await ServerFixture.run { server in
            let clients = [try await server.member(), try await server.member(), try await server.member()]
            // One batch on one loop in which each of them is excluded once.
            let connections = server.server.connections
            try await connections[0].loop.loop.submit {
                for connection in connections {
                    connection.broadcast(
                        Message(namespace: "default", event: "news", body: ByteBuffer(string: connection.id)), toSender: false)
                }
            }.get()
            let all = Set(connections.map(\.id))
            for client in clients {
                let own = await client.id
                let heard = Set(try await client.texts(2).compactMap { $0.split(separator: ";").last.map(String.init) })
                #expect(heard == all.subtracting([own]))
            }
        }
    }

    @Test func `An ask inside a handler taking the next frame`() async throws {
        var handlers = EventHandlers.defaultRelay
        handlers.on("ask", in: "default") { connection, _ async throws in .body(try await connection.ask("question", "?").body) }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member()
            try await client.send("$7;default;;ask;0;0;")
            #expect(try await client.text() == "1;default;;question;0;0;?")
            // Not the answer, though it comes next: it waits for the handler.
            try await client.write(RawClient.frames(["$8;default;;echo;0;0;next", "1;default;;question;0;0;answer"]))
            #expect(try await client.texts(2) == ["$7;default;;ask;0;0;answer", "$8;default;;echo;0;0;next"])
        }
    }

    @Test func `A late reply freezing the reader`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            let connection = try #require(server.server.connection(await client.id))
            await #expect(throws: NeffosError(.timeout)) {
                try await connection.ask(Message(namespace: "default", event: "q"), within: .milliseconds(1))
            }
            #expect(try await client.text() == "1;default;;q;0;0;")
            try await client.write(RawClient.frames(["1;default;;q;0;0;late", "1;default;;q;0;0;again"]))
            #expect(try await client.ask("default;;echo;0;0;x") == ";default;;echo;0;0;x")
        }
    }

    @Test func `Connections counted for ever after a fast open and close`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.eventLoops = 2
        } _: { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<60 {
                    group.addTask {
                        let client = try await server.dial()
                        try await client.write(RawClient.upgradeRequest())
                        if index.isMultiple(of: 3) { try await client.write(RawClient.frame("M")) }
                        if index.isMultiple(of: 2) { try? await client.reset() } else { await client.cut() }
                    }
                }
                try await group.waitForAll()
            }
            try await eventually { server.server.connectionCount == 0 }
            // Whoever was opened has been closed, and all places are free again.
            await server.stop(grace: .zero)
            let types = server.kinds.map(\.typeName)
            #expect(types.count { $0 == "connection.opened" } == types.count { $0 == "connection.closed" })
            #expect(server.server.places == 0)
        }
    }

    @Test func `Tokens colliding within a nanosecond or second`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            let connection = try #require(server.server.connection(await client.id))
            let count = 200
            let asks = (0..<count).map { index in
                Task { try await connection.ask(Message(namespace: "default", event: "q", body: ByteBuffer(string: "\(index)"))).text }
            }
            let texts = try await client.texts(count)
            #expect(Set(texts.map { $0.prefix { $0 != ";" } }).count == count)
            for text in texts.shuffled() { try await client.send(text) }
            for (index, ask) in asks.enumerated() { #expect(try await ask.value == "\(index)") }
        }
    }

    @Test func `Unbounded queues, sizes and namespaces`() async throws {
        let gate = Gate()
        try await ServerFixture.run(.slow(behind: gate)) {
            $0.limits.namespacesPerConnection = 1
        } _: { server in
            let queueing = try await server.member()
            let connection = try #require(server.server.connection(await queueing.id))
            await queueing.post(RawClient.frames(Array(repeating: ";default;;slow;0;0;", count: 50_000)))
            try await connection.until { $0.isPaused }
            #expect(try await connection.loop.loop.submit { connection.queue.count }.get() == 64)
            gate.open()
            let large = try await server.member()
            await large.post(RawClient.frame(ByteBuffer(repeating: 0x61, count: 2 << 20), .binary))
            #expect(try await large.closed().code == .tooBig)
            let many = try await server.member()
            #expect(try await many.ask("x;;_OnNamespaceConnect;0;0;") == ";x;;_OnNamespaceConnect;1;0;bad namespace")
        }
    }

    @Test func `A peer that never sends M`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.upgraded()
            let connection = try #require(server.server.connections.first)
            try await connection.loop.loop.submit {
                connection.acknowledgementDue()
                connection.settle()
            }.get()
            #expect(try await client.closed() == (.protocolError, "no acknowledgement in time"))
        }
    }

    @Test func `No ping`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.heartbeat.every = .seconds(1)
        } _: { server in
            let client = try await server.acknowledged()
            #expect(try await client.event() == .ping(ByteBuffer()))
        }
    }

    @Test func `No close code`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.acknowledged()
            server.server.connection(await client.id)?.close()
            #expect(try await client.closed().code == .normal)
        }
    }

    @Test func `Header injection through the URL`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.identity = .init(header: "X-Username", use: .id)
            $0.parameterHeaders = ["Origin", "Host", "Cookie"]
        } _: { server in
            let client = try await server.dial()
            let target = "/echo?X-Websocket-Header-X-Username=eve&X-Websocket-Header-Origin=http://test"
            #expect(try await client.upgrade([("X-Username", "ann"), ("Origin", "http://elsewhere")], target: target).status == 403)
            #expect(try await client.upgrade([("X-Username", "ann")], target: target).status == 101)
            try await client.acknowledge()
            #expect(await client.id == "ann")
            let injected = try await server.dial()
            #expect(try await injected.upgrade([], target: "/echo?X-Websocket-Header-X-Username=eve%0d%0aX-Role:admin").status == 400)
        }
    }
}
