@testable import Neffos
import TestSupport
import Testing

/// Types whose methods are the events of a namespace.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct HandlerNamespaceTests {
    struct Vote: Codable, Equatable {
        var option: String
        var weight: Int
    }

    struct Chat: NamespaceHandlers {
        let namespace = "chat"
        var isModerated = false
        var extra: [String] = []

        var events: [EventBinding] {
            on(.roomJoin, mayJoin)
            on(.roomLeave, mayLeave)
            on("say", say)
            on("think", think)
            on("vote", as: Vote.self, vote)
            on("ponder", as: Vote.self, ponder)
            on("double", as: Vote.self, replying: Vote.self, double)
            on("halve", as: Vote.self, replying: Vote.self, halve)
            if isModerated { on("ban") { _, _ in .text("banned") } } else { onAny(other) }
            for name in extra { on(name) { _, message in .text("extra " + message.event) } }
        }

        func mayJoin(_ connection: NamespaceConnection, _ message: Message) throws {
            if connection.room == "staff" { throw NeffosError("staff only") }
        }

        func mayLeave(_ connection: NamespaceConnection, _ message: Message) async throws {
            await Task.yield()
            throw NeffosError("stay")
        }

        func say(_ connection: NamespaceConnection, _ message: Message) -> Reply { .text("said " + message.text) }
        func think(_ connection: NamespaceConnection, _ message: Message) async -> Reply { .text("thought " + message.text) }
        func other(_ connection: NamespaceConnection, _ message: Message) throws -> Reply { throw NeffosError("no " + message.event) }

        func vote(_ connection: NamespaceConnection, _ vote: Vote) throws -> Reply { .text(connection.room + vote.option) }
        func ponder(_ connection: NamespaceConnection, _ vote: Vote) async throws -> Reply { try connection.reply(vote.weight) }

        func double(_ connection: NamespaceConnection, _ vote: Vote) -> Vote { Vote(option: vote.option, weight: vote.weight * 2) }
        func halve(_ connection: NamespaceConnection, _ vote: Vote) async throws -> Vote {
            Vote(option: vote.option, weight: vote.weight / 2)
        }
    }

    actor Counter: NamespaceHandlers {
        nonisolated let namespace = "counter"
        private var count = 0

        nonisolated var events: [EventBinding] {
            on("add", as: Int.self, replying: Int.self) { try await self.add($0, $1) }
        }

        func add(_ connection: NamespaceConnection, _ value: Int) throws -> Int {
            count += value
            return count
        }
    }

    @Test func `Methods of every kind answer their events`() async throws {
        var handlers = EventHandlers()
        handlers.add(Chat(extra: ["a", "b"]))
        handlers.add(Counter())
        #expect(!handlers.isAsynchronous("say", in: "chat"))
        #expect(!handlers.isAsynchronous("vote", in: "chat"))
        #expect(!handlers.isAsynchronous("double", in: "chat"))
        try await ServerFixture.run(handlers) { server in
            let client = try await server.acknowledged()
            try await client.enter("chat", rooms: ["r"])
            try await client.enter("counter")
            #expect(try await client.ask("chat;staff;_OnRoomJoin;0;0;") == ";chat;staff;_OnRoomJoin;1;0;staff only")
            #expect(try await client.ask("chat;r;_OnRoomLeave;0;0;") == ";chat;r;_OnRoomLeave;1;0;stay")
            #expect(try await client.ask("chat;;say;0;0;x") == ";chat;;say;0;0;said x")
            #expect(try await client.ask("chat;;think;0;0;x") == ";chat;;think;0;0;thought x")
            let vote = #"{"option":"o","weight":4}"#
            #expect(try await client.ask("chat;r;vote;0;0;" + vote) == ";chat;r;vote;0;0;ro")
            #expect(try await client.ask("chat;;ponder;0;0;" + vote) == ";chat;;ponder;0;0;4")
            #expect(try await client.ask("chat;;double;0;0;" + vote) == #";chat;;double;0;0;{"option":"o","weight":8}"#)
            #expect(try await client.ask("chat;;halve;0;0;" + vote) == #";chat;;halve;0;0;{"option":"o","weight":2}"#)
            #expect(try await client.ask("chat;;ban;0;0;") == ";chat;;ban;1;0;no ban")
            #expect(try await client.ask("chat;;b;0;0;") == ";chat;;b;0;0;extra b")
            #expect(try await client.ask("counter;;add;0;0;3") == ";counter;;add;0;0;3")
            #expect(try await client.ask("counter;;add;0;0;4") == ";counter;;add;0;0;7")
        }
    }

    @Test func `Its events may depend on its value, and it may have none`() async throws {
        struct Empty: NamespaceHandlers {
            let namespace = "empty"
            var events: [EventBinding] {}
        }
        var handlers = EventHandlers()
        handlers.add(Chat(isModerated: true))
        handlers.add(Empty())
        #expect(try await handlers.answer("ban", in: "chat") == .text("banned"))
        #expect(try await handlers.answer("other", in: "chat") == nil)
        #expect(handlers.declaredNamespaces == ["chat", "empty"])
    }
}
