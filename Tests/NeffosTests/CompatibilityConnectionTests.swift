import NIOCore
import TestSupport
import Testing

@testable import Neffos

/// Calls of the originals' connections that no other suite shows: see Compatibility.md.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct CompatibilityConnectionTests {
    private static func connection(_ server: ServerFixture, _ client: Client) throws -> Connection {
        try #require(server.server.connection(client.id))
    }

    @Test func `A handler knows its side, its server, and its connection in other namespaces`() async throws {
        let sides = Reports<String>()
        @Sendable func report(_ connection: NamespaceConnection) {
            let side = connection.connection.isServer ? "server" : "client"
            sides.add("\(side) \(connection.connection.server?.configuration.node ?? "none") \(connection.namespace)")
        }
        let server = HandlerFixture.make { handlers in
            handlers.declare("other")
            handlers.on("who", in: "default") { connection, _ in
                report(connection)
                connection.connection.namespace("other").emit("who", "")
                return .none
            }
        }
        var client = ClientFixture.handlers
        client.on("who", in: "other") { connection, _ in
            report(connection)
            return .none
        }
        try await HandlerFixture.run(server, client: client) { server, client in
            try await client.connect(to: "other")
            try await client.connect(to: "default").emit("who", "")
            #expect(await sides.next(2) == ["server neffos default", "client none other"])
            #expect(try Self.connection(server, client).server === server.server)
        }
    }

    @Test func `Who is in already is not asked again`() async throws {
        let asked = Reports<String>()
        let server = HandlerFixture.make { handlers in
            handlers.on(.namespaceConnect, in: "default") { connection, _ in asked.add("connect") }
            handlers.on(.roomJoin, in: "default") { connection, _ in asked.add("join " + connection.room) }
            handlers.on("end", in: "default") { connection, _ in
                asked.add("end")
                return .none
            }
        }
        try await HandlerFixture.run(server) { server, client in
            let namespace = try await client.connect(to: "default")
            try await client.connect(to: "default")
            try await namespace.join("r")
            try await namespace.join("r")
            // The other side's wish comes to the same.
            let connection = try Self.connection(server, client)
            try await connection.connect(to: "default").join("r")
            namespace.emit("end", "")
            #expect(await asked.next(3) == ["connect", "join r", "end"])
        }
    }

    @Test func `Texts and bytes are emitted and asked with in a namespace`() async throws {
        let heard = Reports<String>()
        let client = HandlerFixture.make { handlers in
            handlers.onAny(in: "default") { _, message in
                heard.add("\(message.event) \(message.text) \(message.isBinary)")
                return .body(message.body)
            }
        }
        try await HandlerFixture.run(HandlerFixture.make { _ in }, client: client) { server, client in
            let namespace = try await Self.connection(server, client).connect(to: "default")
            namespace.emit("text", "a;b")
            namespace.emit("bytes", ByteBuffer(string: "c"), isBinary: true)
            #expect(try await namespace.ask("text", "d").text == "d")
            let bytes = try await namespace.ask("bytes", ByteBuffer(bytes: [0xFF]), isBinary: true)
            #expect(bytes.isBinary && bytes.body == ByteBuffer(bytes: [0xFF]))
            #expect(await heard.next(3) == ["text a;b false", "bytes c true", "text d false"])
        }
    }

    @Test func `A server takes its client out of a namespace`() async throws {
        let left = Reports<String>()
        let client = HandlerFixture.make { handlers in
            handlers.on(.roomLeft, in: "default") { connection, _ in left.add("left \(connection.room) forced \(connection.isForced)") }
            handlers.on(.namespaceDisconnect, in: "default") { connection, _ in left.add("out local \(connection.isLocal)") }
        }
        try await HandlerFixture.run(HandlerFixture.make { _ in }, client: client) { server, client in
            try await client.connect(to: "default").join("r")
            let connection = try Self.connection(server, client)
            try await connection.namespace("default").disconnect()
            #expect(await left.next(2) == ["left r forced true", "out local false"])
            #expect(await connection.namespaces == [])
            #expect(await client.namespaces == [])
            await #expect(throws: NeffosError(.badNamespace)) { try await connection.namespace("default").disconnect() }
        }
    }

    @Test func `What is sent on a connection that has ended goes nowhere, and what is asked there ends at once`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member(of: ["r"])
            let connection = try #require(server.server.connection(await client.id))
            let namespace = connection.namespace("default")
            await client.cut()
            _ = await connection.closed()
            #expect(connection.isClosed)
            namespace.emit("late", "")
            connection.emitNative(ByteBuffer(string: "late"))
            connection.close()
            let error = NeffosError("[-1] write closed")
            #expect(error.code == .writeClosed)
            await #expect(throws: error) { try await namespace.ask("late", "") }
            await #expect(throws: error) { try await connection.connect(to: "default") }
            await #expect(throws: error) { try await namespace.join("s") }
            await #expect(throws: error) { try await namespace.leave("r") }
            await #expect(throws: error) { try await namespace.disconnect() }
            #expect(await namespace.rooms.isEmpty)
        }
    }

    @Test func `A handler ends its connection with a code and a reason, which both sides know`() async throws {
        let server = HandlerFixture.make { handlers in
            handlers.on("leave", in: "default") { connection, _ in
                connection.connection.close(CloseCode(rawValue: 4001), reason: "as you wish")
                throw NeffosError("gone")
            }
        }
        try await HandlerFixture.run(server) { server, client in
            let namespace = try await client.connect(to: "default")
            let connection = try Self.connection(server, client)
            await #expect(throws: NeffosError(.writeClosed)) { try await namespace.ask("leave", "") }
            let end = CloseInfo(code: CloseCode(rawValue: 4001), reason: "as you wish", by: .server)
            #expect(await connection.closed() == end)
            #expect(try await client.closed() == .closed(end))
            #expect(client.lastClose == end)
        }
    }

    @Test func `Native messages go both ways, text and bytes`() async throws {
        let heard = Reports<String>()
        var server = EventHandlers()
        server.onNative { connection, message in
            connection.connection.emitNative(message.body, isBinary: !message.isBinary)
            return .none
        }
        var client = EventHandlers()
        client.onNative { _, message in
            heard.add("\(message.text) \(message.isBinary)")
            return .none
        }
        try await HandlerFixture.run(server, client: client) { _, client in
            #expect(client.emitNative(ByteBuffer(string: "a;b")))
            #expect(client.emitNative(ByteBuffer(string: "c"), isBinary: true))
            #expect(await heard.next(2) == ["a;b true", "c false"])
        }
    }

    @Test func `On a client a broadcast goes nowhere`() async throws {
        let heard = Reports<String>()
        let server = HandlerFixture.make { handlers in
            handlers.onAny(in: "default") { _, message in
                heard.add(message.event)
                return .none
            }
        }
        try await HandlerFixture.run(server) { _, client in
            let namespace = try await client.connect(to: "default")
            let connection = try #require(client.connection)
            connection.namespace("default").broadcast("to others", "")
            connection.broadcast(Message(namespace: "default", event: "to others"))
            namespace.emit("to the server", "")
            #expect(await heard.next() == "to the server")
        }
    }

    @Test func `A namespace may be without a name`() async throws {
        var handlers = EventHandlers()
        handlers.on("echo", in: "") { connection, message in .text(connection.namespace + message.text) }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.acknowledged()
            try await client.enter("", rooms: ["r"])
            #expect(try await client.ask(";r;echo;0;0;x") == ";;r;echo;0;0;x")
        }
    }
}
