import NIOCore
import Neffos
import TestSupport
import Testing

/// The client against our own server.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ClientServerTests {
    static func server(port: Int = 0, _ change: (inout ServerConfiguration) -> Void = { _ in }) -> Server {
        var configuration = ServerConfiguration()
        configuration.port = port
        configuration.eventLoops = 1
        change(&configuration)
        return Server(configuration: configuration, handlers: .defaultRelay, logger: ClientFixture.logger)
    }

    @Test func `Asks, rooms and broadcasts work end to end`() async throws {
        let server = Self.server()
        try await server.start()
        let (heard, hears) = AsyncStream.makeStream(of: String.self)
        var handlers = ClientFixture.handlers
        handlers.on("chat", in: "default") { _, message in
            hears.yield(message.room + ": " + message.text)
            return .none
        }
        let speaker = try ClientFixture.client(server.url)
        let listener = try ClientFixture.client(server.url, handlers: handlers)
        try await speaker.connect()
        try await listener.connect()
        let speaking = try await speaker.connect(to: "default")
        let listening = try await listener.connect(to: "default")
        try await speaking.join("lobby")
        try await listening.join("lobby")
        #expect(try await speaking.ask("echo", "a;b").text == "a;b")
        #expect(speaking.emit("chat", to: "lobby", "hello"))
        var iterator = heard.makeAsyncIterator()
        #expect(await iterator.next() == "lobby: hello")
        try await speaking.leave("lobby")
        await #expect(throws: NeffosError("bad room")) { try await speaking.leave("lobby") }
        try await speaking.disconnect()
        await #expect { _ = try await speaking.ask("echo", "") } throws: { ($0 as? NeffosError)?.code == .badNamespace }
        await speaker.close()
        await listener.close()
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `A server that is shut down and started again gets its client back, in its namespace and room`() async throws {
        let server = Self.server()
        let port = try #require(try await server.start().port)
        let client = try ClientFixture.client(server.url)
        try await client.connect()
        let namespace = try await client.connect(to: "default")
        try await namespace.join("lobby")
        let id = client.id
        let states = client.states
        await server.shutdown(grace: .seconds(1))
        await states.until { if case .waiting = $0 { true } else { false } }
        let again = Self.server(port: port)
        try await again.start()
        await client.states.until { if case .connected(let now) = $0 { now != id } else { false } }
        #expect(client.id != id)
        #expect(try await namespace.ask("echo", in: "lobby", "back").text == "back")
        await client.close()
        await again.shutdown(grace: .seconds(1))
    }

    @Test func `Fifty clients that are cut at once all come back under new ids`() async throws {
        let server = Self.server()
        try await server.start()
        let clients = try (0..<50).map { _ in try ClientFixture.client(server.url) }
        for client in clients {
            try await client.connect()
            try await client.connect(to: "default").join("lobby")
        }
        let ids = clients.map(\.id)
        for client in clients { client.drop() }
        for (client, id) in zip(clients, ids) {
            await client.states.until { if case .connected(let now) = $0 { now != id } else { false } }
            let reply = try await client.ask(Message(namespace: "default", room: "lobby", event: "echo", body: ByteBuffer(string: "x")))
            #expect(reply.text == "x")
        }
        for client in clients { await client.close() }
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `A server's refusal of all comers reaches the caller`() async throws {
        let server = Self.server { $0.onConnect.refuse = "not today" }
        try await server.start()
        let client = try ClientFixture.client(server.url)
        await #expect(throws: ClientError.refused("not today")) { try await client.connect() }
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `A wrong path is refused with its status`() async throws {
        let server = Self.server()
        try await server.start()
        let client = try ClientFixture.client(server.url + "es")
        await #expect(throws: ClientError.upgradeRefused(status: 404, body: "not found")) { try await client.connect() }
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `What a server connects and joins a client to comes without asking`() async throws {
        let server = Self.server { $0.onConnect = .init(connect: ["default"], join: ["default": ["lobby"]]) }
        try await server.start()
        let (joined, joins) = AsyncStream.makeStream(of: String.self)
        var handlers = ClientFixture.handlers
        handlers.on(SystemEventName.roomJoined, in: "default") { connection, _ in
            joins.yield(connection.room)
            return .none
        }
        let client = try ClientFixture.client(server.url, handlers: handlers)
        try await client.connect()
        var iterator = joined.makeAsyncIterator()
        #expect(await iterator.next() == "lobby")
        await client.close()
        await server.shutdown(grace: .seconds(1))
    }
}
