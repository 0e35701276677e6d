import NIOCore
import Neffos
import NeffosWire
import TestSupport
import Testing

/// What handlers are given and what comes of what they answer.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct HandlerEventTests {
    struct Told: Equatable {
        var event: String
        var room: String
        var isLocal: Bool
        var isForced: Bool

        init(_ event: LifecycleEvent, _ room: String = "", local: Bool = false, forced: Bool = false) {
            self.init(event.rawValue, room, local, forced)
        }

        init(_ connection: NamespaceConnection, _ message: Message) {
            self.init(message.event, connection.room, connection.isLocal, connection.isForced)
        }

        private init(_ event: String, _ room: String, _ isLocal: Bool, _ isForced: Bool) {
            self.event = event
            self.room = room
            self.isLocal = isLocal
            self.isForced = isForced
        }
    }

    /// Handlers that report all seven, on `default`.
    static func reporting(_ reports: Reports<Told>) -> EventHandlers {
        HandlerFixture.make { handlers in
            for event in LifecycleEvent.allCases {
                handlers.on(event, in: "default") { connection, message in reports.add(Told(connection, message)) }
            }
        }
    }

    @Test func `A peer's system events are told as not local, and as forced once it is gone`() async throws {
        let reports = Reports<Told>()
        try await ServerFixture.run(Self.reporting(reports)) { server in
            let client = try await server.member(of: ["one", "two"])
            #expect(try await client.ask("default;one;_OnRoomLeave;0;0;") == ";;;;;;")
            #expect(
                await reports.next(8) == [
                    Told(.namespaceConnect), Told(.namespaceConnected), Told(.roomJoin, "one"), Told(.roomJoined, "one"),
                    Told(.roomJoin, "two"), Told(.roomJoined, "two"), Told(.roomLeave, "one"), Told(.roomLeft, "one"),
                ])
            await client.cut()
            #expect(
                await reports.next(3) == [
                    Told(.roomLeave, "two", local: true, forced: true), Told(.roomLeft, "two", local: true, forced: true),
                    Told(.namespaceDisconnect, local: true, forced: true),
                ])
        }
    }

    @Test func `Our own system events are told as local, and the leaves of a namespace that is left as forced`() async throws {
        let reports = Reports<Told>()
        try await HandlerFixture.run(HandlerFixture.make { _ in }, client: Self.reporting(reports)) { _, client in
            let namespace = try await client.connect(to: "default")
            try await namespace.join("one")
            try await namespace.join("two")
            try await namespace.leave("one")
            try await namespace.disconnect()
            #expect(
                await reports.next(11) == [
                    Told(.namespaceConnect, local: true), Told(.namespaceConnected, local: true), Told(.roomJoin, "one", local: true),
                    Told(.roomJoined, "one", local: true), Told(.roomJoin, "two", local: true), Told(.roomJoined, "two", local: true),
                    Told(.roomLeave, "one", local: true), Told(.roomLeft, "one", local: true),
                    Told(.roomLeave, "two", local: true, forced: true), Told(.roomLeft, "two", local: true, forced: true),
                    Told(.namespaceDisconnect, local: true),
                ])
        }
    }

    @Test func `Each event that can be refused is refused by throwing, asynchronously too`() async throws {
        let handlers = HandlerFixture.make { handlers in
            handlers.on(.namespaceConnect, in: "closed") { _, message in throw NeffosError("no " + message.event) }
            handlers.on(.roomJoin, in: "default") { connection, _ async throws in
                await Task.yield()
                if connection.room == "staff" { throw NeffosError("staff only") }
            }
            handlers.on(.roomLeave, in: "default") { connection, _ in throw NeffosError("stay in " + connection.room) }
            handlers.on(.namespaceDisconnect, in: "default") { _, _ in throw NeffosError("stay") }
        }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member(of: ["r"])
            #expect(
                try await client.ask("closed;;_OnNamespaceConnect;0;0;")
                    == ";closed;;_OnNamespaceConnect;1;0;no _OnNamespaceConnect")
            #expect(try await client.ask("default;staff;_OnRoomJoin;0;0;") == ";default;staff;_OnRoomJoin;1;0;staff only")
            #expect(try await client.ask("default;r;_OnRoomLeave;0;0;") == ";default;r;_OnRoomLeave;1;0;stay in r")
            #expect(try await client.ask("default;;_OnNamespaceDisconnect;0;0;") == ";default;;_OnNamespaceDisconnect;1;0;stay")
        }
    }

    @Test func `A client's own handler refuses a connect before anything is sent`() async throws {
        let client = HandlerFixture.make { handlers in
            handlers.on(.namespaceConnect, in: "default") { connection, _ in
                if connection.isLocal { throw NeffosError("not now") }
            }
        }
        let reports = Reports<HandlerEventTests.Told>()
        try await HandlerFixture.run(Self.reporting(reports), client: client) { server, client in
            await #expect(throws: NeffosError("not now")) { try await client.connect(to: "default") }
            // The server may still put it there, and is the first to be told of anything.
            let connection = try #require(server.server.connection(client.id))
            try await connection.connect(to: "default")
            #expect(await reports.next() == Told(.namespaceConnect, local: true))
        }
    }

    @Test func `An event's room is the connection's room in its handler`() async throws {
        let handlers = HandlerFixture.make { handlers in
            handlers.on("where", in: "default") { connection, message in .text(connection.room + "=" + message.room) }
        }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member(of: ["lobby"])
            #expect(try await client.ask("default;lobby;where;0;0;") == ";default;lobby;where;0;0;lobby=lobby")
            #expect(try await client.ask("default;;where;0;0;") == ";default;;where;0;0;=")
        }
    }

    @Test func `The any-event takes users' events without a handler, and no system event`() async throws {
        let handlers = HandlerFixture.make { handlers in
            handlers.on("known", in: "default") { _, _ in .text("known") }
            handlers.onAny(in: "default") { _, message in
                if SystemEventName.isSystemEvent(message.event) { throw NeffosError("not for me") }
                return .text("any " + message.event)
            }
            handlers.onAny(in: "later") { _, message async in .text("later " + message.event) }
        }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member(of: ["r"])
            try await client.enter("later")
            #expect(try await client.ask("default;;known;0;0;") == ";default;;known;0;0;known")
            #expect(try await client.ask("default;;other;0;0;") == ";default;;other;0;0;any other")
            #expect(try await client.ask("later;;other;0;0;") == ";later;;other;0;0;later other")
        }
    }

    @Test func `Native messages come whole, alone or beside others, to handlers of both kinds`() async throws {
        var only = EventHandlers()
        only.onNative { _, message in message.isNative ? .text("<" + message.text + ">") : .none }
        try await ServerFixture.run(only) { server in
            let client = try await server.upgraded()
            try await client.send("a;b")
            #expect(try await client.text() == "<a;b>")
        }
        var mixed = HandlerFixture.make { handlers in handlers.on("echo", in: "default") { _, message in .body(message.body) } }
        mixed.onNative { _, message async in .binary(message.body) }
        try await ServerFixture.run(mixed) { server in
            let client = try await server.member()
            // Beside others they belong to the namespace without a name.
            try await client.enter("")
            try await client.send("a;b")
            #expect(try await client.event() == .message(ByteBuffer(string: "a;b"), isBinary: true))
            #expect(try await client.ask("default;;echo;0;0;x") == ";default;;echo;0;0;x")
        }
    }

    @Test func `Each reply is what its name says`() async throws {
        struct Point: Encodable { let y, x: Int }
        let handlers = HandlerFixture.make { handlers in
            handlers.on("none", in: "default") { _, _ in .none }
            handlers.on("empty", in: "default") { _, _ in .empty }
            handlers.on("text", in: "default") { _, _ in .text("täxt") }
            handlers.on("json", in: "default") { _, _ in try .json(Point(y: 2, x: 1)) }
            handlers.on("body", in: "default") { _, message in .body(message.body) }
            handlers.on("binary", in: "default") { _, _ in .binary(ByteBuffer(bytes: [0xFF, 0x00])) }
        }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member()
            try await client.send("$90;default;;none;0;0;")
            #expect(try await client.ask("default;;empty;0;0;x") == ";default;;empty;0;0;")
            #expect(try await client.ask("default;;text;0;0;") == ";default;;text;0;0;täxt")
            #expect(try await client.ask("default;;json;0;0;") == #";default;;json;0;0;{"x":1,"y":2}"#)
            try await client.write(RawClient.frame("$91;default;;body;0;0;x", isBinary: true))
            #expect(try await client.event() == .message(ByteBuffer(string: "$91;default;;body;0;0;x"), isBinary: true))
            try await client.send("$92;default;;binary;0;0;")
            var binary = ByteBuffer(string: "$92;default;;binary;0;0;")
            binary.writeBytes([0xFF, 0x00])
            #expect(try await client.event() == .message(binary, isBinary: true))
        }
    }

    @Test func `Nothing that a handler answers to an error is sent`() async throws {
        let reports = Reports<String>()
        let handlers = HandlerFixture.make { handlers in
            handlers.on("said", in: "default") { connection, message in
                reports.add("\(connection.error(in: message) as? NeffosError == NeffosError(.badRoom))")
                return .text("again")
            }
            handlers.on("typed", in: "default", as: Int.self) { _, _ in
                reports.add("typed")
                return .text("again")
            }
        }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member()
            try await client.send(";default;;said;1;0;bad room")
            try await client.send(";default;;typed;1;0;7")
            try await client.send(";default;;said;0;0;")
            #expect(try await client.text() == ";default;;said;0;0;again")
            #expect(await reports.next(2) == ["true", "false"])
        }
    }
}
