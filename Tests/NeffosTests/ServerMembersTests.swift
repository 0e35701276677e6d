import NIOCore
import NeffosFeed
import Synchronization
import TestSupport
import Testing

@testable import Neffos

/// Who is here, and what a server says to them by itself.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ServerMembersTests {
    @Test func `Members, rooms and counts are those of all loops`() async throws {
        try await ServerFixture.run {
            $0.eventLoops = 2
        } _: { server in
            var clients: [RawClient] = []
            for number in 0..<4 { clients.append(try await server.member(of: number < 3 ? ["a"] : ["a", "b"])) }
            let engine = server.server
            #expect(await engine.memberCount(of: "default") == 4)
            #expect(await engine.memberCount(of: "default", room: "b") == 1)
            #expect(await engine.rooms(in: "default") == ["a": 4, "b": 1])
            #expect(await engine.members(of: "default", room: "b").map(\.id) == [await clients[3].id])
            #expect(await engine.members(of: "nowhere").isEmpty)
            let seen = Mutex<Set<String>>([])
            await engine.forEachConnection { connection in seen.withLock { _ = $0.insert(connection.id) } }
            #expect(seen.withLock { $0 } == Set(engine.connections.map(\.id)))
            #expect(seen.withLock { $0.count } == 4)
        }
    }

    @Test func `A broadcast can leave out one or several, go to all namespaces, or be for one`() async throws {
        var handlers = EventHandlers.defaultRelay
        handlers.declare("other")
        try await ServerFixture.run(handlers) { server in
            let clients = [try await server.member(), try await server.member(), try await server.member()]
            var connections: [Connection] = []
            for client in clients { connections.append(try #require(server.server.connection(await client.id))) }
            try await clients[2].enter("other", rooms: [])
            let engine = server.server
            let body = ByteBuffer(string: "x")
            engine.broadcast(Message(namespace: "default", event: "one", body: body), except: connections[0])
            engine.broadcast(
                [Message(namespace: "default", event: "two", body: body), Message(namespace: "other", event: "three", body: body)],
                except: Array(connections[0...1]))
            engine.broadcastToAll("four", body)
            #expect(engine.send(Message(namespace: "default", event: "five", body: body), to: connections[0].id))
            #expect(!engine.send(Message(namespace: "default", event: "five", body: body), to: "nobody"))
            #expect(try await clients[0].texts(2) == [";default;;four;0;0;x", ";default;;five;0;0;x"])
            #expect(try await clients[1].texts(2) == [";default;;one;0;0;x", ";default;;four;0;0;x"])
            #expect(
                try await clients[2].texts(5) == [
                    ";default;;one;0;0;x", ";default;;two;0;0;x", ";other;;three;0;0;x", ";default;;four;0;0;x", ";other;;four;0;0;x",
                ])
        }
    }

    @Test func `A server asks one, and gets its reply, its error, or the end`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            let id = await client.id
            let question = Message(namespace: "default", event: "q", body: ByteBuffer(string: "?"))
            async let reply = server.server.ask(question, of: id)
            let ask = try await client.text()
            let token = try #require(ask.split(separator: ";").first)
            #expect(ask == "\(token);default;;q;0;0;?")
            try await client.send("\(token);default;;q;0;0;!")
            #expect(try await reply.text == "!")
            await #expect(throws: NeffosError.self) { try await server.server.ask(question, of: "nobody") }
            await #expect(throws: NeffosError.self) {
                try await server.server.ask(Message(namespace: "elsewhere", event: "q"), of: id)
            }
        }
    }

    @Test func `Of many who are asked the first reply counts, and errors only where there is nothing else`() async throws {
        try await ServerFixture.run {
            $0.eventLoops = 2
        } _: { server in
            let clients = [try await server.member(), try await server.member(), try await server.member()]
            let question = Message(namespace: "default", event: "q")
            async let race = server.server.askFirst(question)
            var tokens: [Substring] = []
            for client in clients { tokens.append(try #require(try await client.text().split(separator: ";").first)) }
            try await clients[0].send("\(tokens[0]);default;;q;1;0;not me")
            try await clients[1].send("\(tokens[1]);default;;q;0;0;me")
            let winner = try await race
            #expect(winner.reply.text == "me")
            #expect(winner.connection.id == (await clients[1].id))

            let failing = Task { try await server.server.askFirst(question) }
            for (index, client) in clients.enumerated() {
                let token = try #require(try await client.text().split(separator: ";").first)
                try await client.send("\(token);default;;q;1;0;no \(index)")
            }
            let error = await #expect(throws: NeffosError.self) { _ = try await failing.value }
            #expect(error?.text.hasPrefix("no ") == true)
            await #expect(throws: NeffosError.self) { try await server.server.askFirst(Message(namespace: "nowhere", event: "q")) }
        }
    }

    @Test func `Who waits for the first reply of many may give up`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            let waiting = Task { try await server.server.askFirst(Message(namespace: "default", event: "q")) }
            _ = try await client.text()
            waiting.cancel()
            await #expect(throws: CancellationError.self) { _ = try await waiting.value }
        }
    }
}
