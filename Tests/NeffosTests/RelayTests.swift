import NIOCore
import Neffos
import NeffosWire
import TestSupport
import Testing

/// The ready relay: cli.md's `namespaces`, protocol sections 3 and 4.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct RelayTests {
    @Test func `Each action does what its name says`() async throws {
        let relay = EventHandlers.relay([
            "default": ["echo": .reply, "chat": .broadcast, "notify": .broadcastOthers, "no": .refuse, "*": .ignore], "empty": [:],
        ])
        try await ServerFixture.run(relay) { server in
            let one = try await server.member()
            let two = try await server.member()
            try await one.enter("empty")
            #expect(try await one.ask("default;;echo;0;0;x") == ";default;;echo;0;0;x")
            #expect(try await one.ask("default;;no;0;0;x") == ";default;;no;1;0;refused")
            try await one.send(";default;;chat;0;0;to all")
            try await one.send(";default;;notify;0;0;to others")
            try await one.send("$9;default;;unknown;0;0;")
            try await one.send("$9;empty;;unknown;0;0;")
            #expect(try await one.text() == ";default;;chat;0;0;to all")
            #expect(try await one.ask("default;;echo;0;0;end") == ";default;;echo;0;0;end")
            #expect(try await two.texts(2) == [";default;;chat;0;0;to all", ";default;;notify;0;0;to others"])
        }
    }

    @Test func `An asker of a broadcast gets its own copy and then the empty reply; the token stays behind`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.eventLoops = 2
        } _: { server in
            let one = try await server.member(of: ["r"])
            let two = try await server.member(of: ["r"])
            try await one.send("$5;default;r;chat;0;0;x")
            #expect(try await one.texts(2) == [";default;r;chat;0;0;x", "$5;;;;;;"])
            #expect(try await two.text() == ";default;r;chat;0;0;x")
            try await one.send("$6;default;r;notify;0;0;y")
            #expect(try await one.text() == "$6;;;;;;")
            #expect(try await two.text() == ";default;r;notify;0;0;y")
        }
    }

    @Test func `A binary message stays binary for all, and so does the empty reply`() async throws {
        try await ServerFixture.run { server in
            let one = try await server.member()
            let two = try await server.member()
            try await one.write(RawClient.frame("$5;default;;chat;0;0;x", isBinary: true))
            #expect(try await one.event() == .message(ByteBuffer(string: ";default;;chat;0;0;x"), isBinary: true))
            #expect(try await one.event() == .message(ByteBuffer(string: "$5;;;;;;"), isBinary: true))
            #expect(try await two.event() == .message(ByteBuffer(string: ";default;;chat;0;0;x"), isBinary: true))
        }
    }

    @Test func `Errors are dropped, whatever the action`() async throws {
        try await ServerFixture.run { server in
            let one = try await server.member()
            let two = try await server.member()
            for event in ["echo", "chat", "notify", "other"] { try await one.send(";default;;\(event);1;0;an error") }
            for client in [one, two] { #expect(try await client.ask("default;;echo;0;0;end") == ";default;;echo;0;0;end") }
        }
    }

    @Test func `The four requests can be refused by configuration`() async throws {
        let relay = EventHandlers.relay([
            "default": ["_OnRoomJoin": .refuse, "_OnNamespaceDisconnect": .refuse], "closed": ["_OnNamespaceConnect": .refuse],
        ])
        try await ServerFixture.run(relay) { server in
            let client = try await server.member()
            #expect(try await client.ask("closed;;_OnNamespaceConnect;0;0;") == ";closed;;_OnNamespaceConnect;1;0;refused")
            #expect(try await client.ask("default;r;_OnRoomJoin;0;0;") == ";default;r;_OnRoomJoin;1;0;refused")
            #expect(try await client.ask("default;;_OnNamespaceDisconnect;0;0;") == ";default;;_OnNamespaceDisconnect;1;0;refused")
        }
    }
}
