import NIOCore
import NeffosWire
import TestSupport
import Testing

@testable import Neffos

/// A connection's rooms as values.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct RoomTests {
    static let handlers = HandlerFixture.make { handlers in
        handlers.on("rooms", in: "default") { connection, _ async in
            .text(await connection.rooms.map(\.name).joined(separator: ","))
        }
        handlers.on("all", in: "default") { connection, message in
            connection.room(connection.room).broadcast("said", message.text)
            return .none
        }
        handlers.on("others", in: "default") { connection, message in
            connection.room(connection.room).broadcast("said", message.body, isBinary: true, toSender: false)
            return .none
        }
        handlers.on("namespace", in: "default") { connection, message in
            connection.broadcast("said", message.text)
            connection.broadcast("said", message.body, toSender: false)
            return .none
        }
    }

    @Test func `Rooms are told in order of joining, and none once the namespace is left`() async throws {
        try await ServerFixture.run(Self.handlers) { server in
            let client = try await server.member(of: ["b", "a", "c"])
            #expect(try await client.ask("default;;rooms;0;0;") == ";default;;rooms;0;0;b,a,c")
            let connection = try #require(server.server.connection(await client.id))
            let namespace = connection.room("a", in: "default").namespaceConnection
            #expect(await namespace.rooms.map(\.name) == ["b", "a", "c"])
            #expect(await namespace.isJoined("a"))
            #expect(await namespace.room("x").isJoined == false)
            #expect(try await client.ask("default;;_OnNamespaceDisconnect;0;0;") == ";;;;;;")
            #expect(await namespace.rooms.isEmpty)
            await client.cut()
            try await connection.until { $0.phase == .closed }
            #expect(await namespace.isJoined("a") == false)
        }
    }

    @Test func `A room broadcasts to its members, and to others than the sender`() async throws {
        try await ServerFixture.run(Self.handlers) { server in
            let one = try await server.member(of: ["r"])
            let two = try await server.member(of: ["r"])
            let three = try await server.member()
            try await one.send(";default;r;all;0;0;x")
            try await one.send(";default;r;others;0;0;y")
            try await one.send(";default;;namespace;0;0;z")
            #expect(try await one.texts(2) == [";default;r;said;0;0;x", ";default;;said;0;0;z"])
            #expect(try await two.text() == ";default;r;said;0;0;x")
            #expect(try await two.event() == .message(ByteBuffer(string: ";default;r;said;0;0;y"), isBinary: true))
            #expect(try await two.texts(2) == [";default;;said;0;0;z", ";default;;said;0;0;z"])
            #expect(try await three.texts(2) == [";default;;said;0;0;z", ";default;;said;0;0;z"])
        }
    }

    @Test func `A server joins, speaks in, asks in and leaves a room of its client`() async throws {
        let log = Reports<String>()
        var client = HandlerFixture.make { handlers in
            handlers.on("said", in: "default") { connection, message in
                log.add("\(connection.room) \(message.text) \(message.isBinary)")
                return .none
            }
            handlers.on("echo", in: "default") { _, message in .body(message.body) }
        }
        client.on(.roomLeft, in: "default") { connection, _ in log.add("left " + connection.room) }
        try await HandlerFixture.run(HandlerFixture.make { _ in }, client: client) { server, client in
            let connection = try #require(server.server.connection(client.id))
            let namespace = try await connection.connect(to: "default")
            let room = try await namespace.join("lobby")
            #expect(room.name == "lobby")
            #expect(await room.isJoined)
            room.emit("said", "hello")
            room.emit("said", ByteBuffer(string: "bytes"), isBinary: true)
            #expect(try await room.ask("echo", "a").text == "a")
            #expect(try await room.ask("echo", ByteBuffer(string: "b")).text == "b")
            try await room.leave()
            #expect(await log.next(3) == ["lobby hello false", "lobby bytes true", "left lobby"])
            #expect(await room.isJoined == false)
            await #expect(throws: NeffosError(.badRoom)) { try await room.ask("echo", "a") }
            await #expect(throws: NeffosError(.badRoom)) { try await room.leave() }
        }
    }

    @Test func `Leaving all rooms tries each, and throws what the first refusal said`() async throws {
        let server = HandlerFixture.make { handlers in
            handlers.on(.roomLeave, in: "default") { connection, _ in
                if connection.room.hasPrefix("kept") { throw NeffosError(connection.room) }
            }
        }
        try await HandlerFixture.run(server) { _, client in
            try await client.connect(to: "default")
            let connection = try #require(client.connection)
            let namespace = NamespaceConnection(connection: connection, namespace: "default")
            for room in ["a", "kept 1", "b", "kept 2", "c"] { try await namespace.join(room) }
            await #expect(throws: NeffosError("kept 1")) { try await namespace.leaveAll() }
            #expect(await namespace.rooms.map(\.name) == ["kept 1", "kept 2"])
        }
    }
}
