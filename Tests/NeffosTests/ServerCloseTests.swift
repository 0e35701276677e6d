import NIOCore
import NeffosFeed
import NeffosWire
import TestSupport
import Testing

@testable import Neffos

/// How connections end, and who is said to have ended them: protocol section 6.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ServerCloseTests {
    @Test(arguments: [(CloseCode.normal, 1000), (.goingAway, 1001), (nil, 1005)])
    func `A client's close frame is answered and counted as the client's`(code: CloseCode?, counted: Int) async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            try await client.write(RawClient.closeFrame(code, code == nil ? "" : "bye"))
            #expect(try await client.event() == .close(code, reason: ""))
            await client.awaitEnd()
            let closed = try await server.closed(client.id)
            #expect(closed.code == counted)
            #expect(closed.by == .client)
            #expect(closed.reason == (code == nil ? "" : "bye"))
        }
    }

    @Test(arguments: [false, true]) func `A connection lost without a close frame is the network's`(isReset: Bool) async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            if isReset { try await client.reset() } else { await client.cut() }
            let closed = try await server.closed(client.id)
            #expect(closed.code == 1006)
            #expect(closed.by == .network)
        }
    }

    @Test func `Violations of the frame layer are closed with their codes, by the server`() async throws {
        try await ServerFixture.run { server in
            var unmasked = ByteBuffer()
            FrameSerializer.writeText(ByteBuffer(string: "x"), mask: nil, into: &unmasked)
            let cases: [(ByteBuffer, CloseCode, String)] = [
                (unmasked, .protocolError, "unmasked"),
                (RawClient.frame(ByteBuffer(bytes: [0xFF, 0xFE]), .text), .invalidPayload, "utf8"),
                (RawClient.frame(ByteBuffer(), .continuation), .protocolError, "continuation"),
            ]
            for (bytes, code, kind) in cases {
                let client = try await server.acknowledged()
                try await client.write(bytes)
                #expect(try await client.closed().code == code)
                let id = await client.id
                let closed = try await server.closed(id)
                #expect(closed.code == Int(code.rawValue))
                #expect(closed.by == .server)
                #expect(
                    await server.wait {
                        if case .protocolViolation(let event) = $0 { event.connection == id && event.kind == kind } else { false }
                    })
            }
        }
    }

    @Test func `The server's own close says why, and what still comes is not handled`() async throws {
        let reports = Reports<String>()
        var handlers = EventHandlers()
        handlers.on("say", in: "default") { connection, message in
            reports.add(message.text)
            if message.text == "close" { connection.connection.close(.policyViolation, reason: "enough") }
            return .body(message.body)
        }
        handlers.on(SystemEventName.namespaceDisconnect, in: "default") { _, _ in
            reports.add("gone")
            return .none
        }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member()
            try await client.write(RawClient.frames(["$7;default;;say;0;0;close", "$8;default;;say;0;0;more"]))
            #expect(try await client.closed() == (.policyViolation, "enough"))
            #expect(try await server.closed(client.id).by == .server)
            #expect(await reports.next(2) == ["close", "gone"])
        }
    }

    @Test func `Messages that come in one packet with the close are counted`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            var bytes = RawClient.frames([";default;;echo;0;0;a", ";default;;echo;0;0;b"])
            bytes.writeImmutableBuffer(RawClient.closeFrame(.normal))
            try await client.write(bytes)
            let closed = try await server.closed(client.id)
            #expect(closed.messagesIn == 3)
            #expect(closed.messagesOut == 3)
            #expect(closed.bytesIn == "$1;default;;_OnNamespaceConnect;0;0;".utf8.count + 40)
            #expect(closed.bytesOut == "$1;;;;;;".utf8.count + 40)
        }
    }

    @Test func `A drop from within a handler ends the connection after that handler, with right counters`() async throws {
        let reports = Reports<String>()
        var handlers = EventHandlers()
        handlers.on("drop", in: "default") { connection, _ in
            connection.connection.drop()
            reports.add("dropped")
            return .none
        }
        handlers.on(SystemEventName.namespaceDisconnect, in: "default") { _, _ in
            reports.add("disconnected")
            return .none
        }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member()
            try await client.write(RawClient.frames([";default;;drop;0;0;", ";default;;drop;0;0;"]))
            #expect(await reports.next(2) == ["dropped", "disconnected"])
            let closed = try await server.closed(client.id)
            #expect(closed.messagesIn == 2)
            #expect(closed.code == 1006)
        }
    }

    @Test func `A close of ours while reads are withheld finds the client's answer`() async throws {
        let gate = Gate()
        try await ServerFixture.run(.slow(behind: gate)) { server in
            let client = try await server.member()
            let connection = try #require(server.server.connection(await client.id))
            try await client.write(RawClient.frames(Array(repeating: ";default;;slow;0;0;", count: 200)))
            try await connection.until { $0.isPaused }
            connection.close(.goingAway, reason: "")
            #expect(try await client.closed().code == .goingAway)
            let closed = try await server.closed(client.id)
            #expect(closed.code == 1001)
            // Found at once, rather than cut after the five seconds that an answer may take.
            #expect(closed.lived < 5000)
            gate.open()
        }
    }

    @Test func `A client that goes away while its reads are withheld is noticed`() async throws {
        let gate = Gate()
        try await ServerFixture.run(.slow(behind: gate)) { server in
            let client = try await server.member()
            let connection = try #require(server.server.connection(await client.id))
            try await client.write(RawClient.frames(Array(repeating: ";default;;slow;0;0;", count: 200)))
            try await connection.until { $0.isPaused }
            await client.cut()
            #expect(try await server.closed(client.id).code == 1006)
            gate.open()
        }
    }

    @Test func `A client lost while an asynchronous handler lets it in is taken out again, and closed is its last event`() async throws {
        let gate = Gate()
        let reports = Reports<String>()
        var handlers = EventHandlers()
        handlers.on(SystemEventName.roomJoin, in: "default") { _, _ async in
            reports.add("joining")
            await gate.pass()
            return .none
        }
        handlers.on(SystemEventName.namespaceDisconnect, in: "default") { _, _ async in
            await Task.yield()
            return .none
        }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member()
            let connection = try #require(server.server.connection(await client.id))
            // The server's own ask: its handler is told of the room, and only then is the connection listed there.
            let joining = Task { try await connection.join("r", in: "default") }
            #expect(try await client.text() == "1;default;r;_OnRoomJoin;0;0;")
            try await client.send("1;;;;;;")
            #expect(await reports.next() == "joining")
            await client.cut()
            try await connection.until { $0.phase == .closed }
            gate.open()
            _ = try await server.closed(client.id)
            _ = await joining.result
            server.feed.drain()
            #expect(
                server.types(of: await client.id) == [
                    "connection.opened", "connection.acknowledged", "namespace.connected", "room.joined", "room.left",
                    "namespace.disconnected", "connection.closed",
                ])
            #expect(try await connection.loop.loop.submit { connection.loop.members.namespaces.isEmpty }.get())
        }
    }

    @Test func `Nothing keeps a closed connection alive`() async throws {
        try await ServerFixture.run { server in
            weak var connection: Connection?
            for _ in 0..<3 {
                let client = try await server.member(of: ["r"])
                connection = server.server.connection(await client.id)
                #expect(connection != nil)
                try await client.write(RawClient.closeFrame(.normal))
                _ = try await server.closed(client.id)
            }
            // Those that have acknowledged leave the list of deadlines at the next tick.
            try await eventually { connection == nil }
            #expect(server.server.connectionCount == 0)
        }
    }
}
