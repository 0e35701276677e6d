import NIOCore
import Neffos
import NeffosFeed
import NeffosWire
import TestSupport
import Testing

/// Ack, flows and replies: protocol sections 2 to 5.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ServerSessionTests {
    @Test func `The ack comes before the replies to frames that came before it`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.upgraded()
            try await client.write(
                RawClient.frames(["$1;default;;_OnNamespaceConnect;0;0;", "$2;default;;echo;0;0;a", "M", "$3;default;;echo;0;0;b"]))
            let texts = try await client.texts(4)
            #expect(texts[0].hasPrefix("A"))
            #expect(Array(texts[1...]) == ["$1;;;;;;", "$2;default;;echo;0;0;a", "$3;default;;echo;0;0;b"])
        }
    }

    @Test func `Frames from before the ack are handled before later ones, also when their handlers wait`() async throws {
        let gate = Gate()
        try await ServerFixture.run(.slow(behind: gate)) { server in
            let client = try await server.upgraded()
            try await client.write(
                RawClient.frames(
                    [";;;x;0;0;", "$1;default;;_OnNamespaceConnect;0;0;", "$2;default;;slow;0;0;a", "$3;default;;slow;0;0;b", "M"]
                        + ["$4;default;;slow;0;0;c", "$5;default;;slow;0;0;d"]))
            #expect(try await client.text().hasPrefix("A"))
            #expect(try await client.texts(2) == [";;;x;1;0;bad namespace", "$1;;;;;;"])
            gate.open()
            #expect(
                try await client.texts(4) == [
                    "$2;default;;slow;0;0;a", "$3;default;;slow;0;0;b", "$4;default;;slow;0;0;c", "$5;default;;slow;0;0;d",
                ])
        }
    }

    @Test func `More than 64 frames before the ack close with 1008`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.upgraded()
            try await client.write(RawClient.frames(Array(repeating: ";;;x;0;0;", count: 65)))
            #expect(try await client.closed().code == .policyViolation)
        }
    }

    @Test(arguments: ["Amine", "Hno"])
    func `A client that acknowledges itself is closed with 1002`(text: String) async throws {
        try await ServerFixture.run { server in
            let client = try await server.upgraded()
            try await client.send(text)
            #expect(try await client.closed().code == .protocolError)
            #expect(
                await server.wait { if case .protocolViolation(let event) = $0 { event.kind == "self-acknowledgement" } else { false } })
        }
    }

    @Test func `A refusal of all comers is told before the close with 1008`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.onConnect.refuse = "not today"
        } _: { server in
            let client = try await server.upgraded()
            try await client.send("M")
            #expect(try await client.text() == "Hnot today")
            let closed = try await client.closed()
            #expect(closed.code == .policyViolation)
            #expect(closed.reason == "not today")
        }
    }

    @Test func `What the server asks of a newcomer comes after the ack, each after the last's reply`() async throws {
        let welcome = ServerConfiguration.OnConnect(connect: ["default", "other"], join: ["default": ["r", "s"]])
        var handlers = EventHandlers.defaultRelay
        handlers.declare("other")
        try await ServerFixture.run(handlers) {
            $0.onConnect = welcome
        } _: { server in
            let client = try await server.acknowledged()
            let expected = [
                "default;;_OnNamespaceConnect", "other;;_OnNamespaceConnect", "default;r;_OnRoomJoin", "default;s;_OnRoomJoin",
            ]
            for (index, ask) in expected.enumerated() {
                #expect(try await client.text() == "\(index + 1);\(ask);0;0;")
                // Nothing else has come meanwhile: the next frame is this reply.
                #expect(try await client.ask("nowhere;;x;0;0;") == ";nowhere;;x;1;0;bad namespace")
                try await client.send("\(index + 1);;;;;;")
            }
            let id = await client.id
            #expect(await server.wait { $0 == .roomJoined(.init(connection: id, namespace: "default", room: "s")) })
        }
    }

    @Test func `A client that answers with an error is not connected, and stays`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.onConnect.connect = ["default"]
        } _: { server in
            let client = try await server.acknowledged()
            #expect(try await client.text() == "1;default;;_OnNamespaceConnect;0;0;")
            try await client.send("1;default;;_OnNamespaceConnect;1;0;no")
            #expect(try await client.ask("default;;echo;0;0;x") == ";default;;echo;1;0;bad namespace")
            let id = await client.id
            #expect(await server.wait { $0 == .namespaceDenied(.init(connection: id, namespace: "default", error: "no")) })
        }
    }

    @Test func `A reply repeats token, namespace, room, event and opcode`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member(of: ["a@%!semicolon@%!b"])
            try await client.write(RawClient.frame("#any!Token;default;a@%!semicolon@%!b;echo;0;0;x;y", isBinary: true))
            #expect(
                try await client.event()
                    == .message(ByteBuffer(string: "#any!Token;default;a@%!semicolon@%!b;echo;0;0;x;y"), isBinary: true))
            #expect(try await client.ask("default;;echo;0;0;") == ";default;;echo;0;0;")
        }
    }

    @Test func `A handler that fails is told to asker and emitter alike, and an error is never answered`() async throws {
        var handlers = EventHandlers()
        handlers.on("fail", in: "default") { _, _ in throw NeffosError("no;way") }
        handlers.on("echo", in: "default") { _, message in .body(message.body) }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member()
            #expect(try await client.ask("default;;fail;0;0;") == ";default;;fail;1;0;no;way")
            try await client.send(";default;;fail;0;0;")
            #expect(try await client.text() == ";default;;fail;1;0;no;way")
            try await client.send(";default;;fail;1;0;an error")
            try await client.send(";default;;echo;1;0;an error")
            #expect(try await client.ask("default;;echo;0;0;x") == ";default;;echo;0;0;x")
        }
    }

    @Test func `Leaving calls the Left handler before the empty reply, joining the Joined one, connecting not`() async throws {
        var handlers = EventHandlers()
        handlers.declare("default")
        for (name, text) in [
            (SystemEventName.roomJoined, "joined"), (SystemEventName.roomLeft, "left"), (SystemEventName.namespaceConnected, "connected"),
        ] {
            handlers.on(name, in: "default") { connection, _ in
                connection.emit(text, "")
                return .none
            }
        }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.acknowledged()
            try await client.write(
                RawClient.frames([
                    "$1;default;;_OnNamespaceConnect;0;0;", "$2;default;r;_OnRoomJoin;0;0;", "$3;default;r;_OnRoomLeave;0;0;",
                ]))
            #expect(
                try await client.texts(6) == [
                    "$1;;;;;;", ";default;;connected;0;0;", ";default;;joined;0;0;", "$2;;;;;;", ";default;;left;0;0;", "$3;;;;;;",
                ])
        }
    }

    @Test func `Handlers of the four requests may refuse, after a wait too`() async throws {
        var handlers = EventHandlers()
        handlers.on(SystemEventName.namespaceConnect, in: "closed") { _, _ in throw NeffosError("members only") }
        handlers.on(SystemEventName.roomJoin, in: "default") { connection, _ async throws in
            await Task.yield()
            if connection.room == "vip" { throw NeffosError("no") }
            return .none
        }
        handlers.on(SystemEventName.roomLeave, in: "default") { connection, _ in
            if !connection.isForced { throw NeffosError("stay") }
            return .none
        }
        handlers.on(SystemEventName.namespaceDisconnect, in: "default") { connection, _ in
            if !connection.isForced { throw NeffosError("stay here") }
            return .none
        }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member(of: ["r"])
            #expect(try await client.ask("closed;;_OnNamespaceConnect;0;0;") == ";closed;;_OnNamespaceConnect;1;0;members only")
            #expect(try await client.ask("default;vip;_OnRoomJoin;0;0;") == ";default;vip;_OnRoomJoin;1;0;no")
            #expect(try await client.ask("default;r;_OnRoomLeave;0;0;") == ";default;r;_OnRoomLeave;1;0;stay")
            #expect(try await client.ask("default;;_OnNamespaceDisconnect;0;0;") == ";default;;_OnNamespaceDisconnect;1;0;stay here")
        }
    }

    @Test func `Requests and messages out of place get the protocol's errors`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.acknowledged()
            #expect(try await client.ask("no;;_OnNamespaceConnect;0;0;") == ";no;;_OnNamespaceConnect;1;0;bad namespace")
            #expect(try await client.ask("default;r;_OnRoomJoin;0;0;") == ";default;r;_OnRoomJoin;1;0;bad namespace")
            #expect(try await client.ask("default;;_OnNamespaceDisconnect;0;0;") == ";;;;;;")
            try await client.enter("default")
            #expect(try await client.ask("default;r;echo;0;0;") == ";default;r;echo;1;0;bad room")
            #expect(try await client.ask("default;r;_OnRoomLeave;0;0;") == ";;;;;;")
            #expect(try await client.ask("default;;_OnNamespaceConnect;0;0;") == ";;;;;;")
        }
    }

    @Test func `Forged events and invalid payloads are published and ignored`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            try await client.write(RawClient.frames([";default;r;_OnRoomJoined;0;0;", "M", "gibberish"]))
            #expect(try await client.ask("default;;echo;0;0;x") == ";default;;echo;0;0;x")
            await client.cut()
            let id = await client.id
            _ = try await server.closed(id)
            let kinds = server.kinds.compactMap { if case .protocolViolation(let event) = $0 { event.kind } else { nil } }
            #expect(kinds == ["forged-event", "invalid-payload", "invalid-payload"])
        }
    }

    @Test func `The server asks its client, and an ask ends when its task is cancelled`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            let connection = try #require(server.server.connection(await client.id))
            async let answer = connection.ask(Message(namespace: "default", event: "q", body: ByteBuffer(string: "?")))
            #expect(try await client.text() == "1;default;;q;0;0;?")
            try await client.send("1;default;;q;0;0;!")
            #expect(try await answer.text == "!")

            let cancelled = Task { try await connection.ask(Message(namespace: "default", event: "q")) }
            #expect(try await client.text() == "2;default;;q;0;0;")
            cancelled.cancel()
            await #expect(throws: CancellationError.self) { try await cancelled.value }

            let late = Task { try await connection.ask(Message(namespace: "default", event: "q"), within: .milliseconds(20)) }
            await #expect { try await late.value } throws: { ($0 as? NeffosError)?.code == .timeout }

            let lost = Task { try await connection.ask(Message(namespace: "default", event: "q")) }
            #expect(try await client.texts(2).last == "4;default;;q;0;0;")
            await client.cut()
            await #expect { try await lost.value } throws: { ($0 as? NeffosError)?.text == "[-1] write closed" }
            await #expect { try await connection.ask(Message(namespace: "default", event: "q")) } throws: {
                ($0 as? NeffosError)?.code == .writeClosed
            }
        }
    }
}
