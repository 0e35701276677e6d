import NIOCore
import NeffosFeed
import NeffosSession
import NeffosWire
import TestSupport
import Testing

@testable import Neffos

/// Clients that keep the protocol's form, and do too much of it.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct HostileFloodTests {
    /// Whether somebody else is served at this moment.
    private func expectServed(_ client: RawClient, _ body: String = "x", _ location: SourceLocation = #_sourceLocation) async throws {
        #expect(try await client.ask("default;;echo;0;0;\(body)") == ";default;;echo;0;0;\(body)", sourceLocation: location)
    }

    private func expectClosed(
        _ client: RawClient, _ server: ServerFixture, _ code: CloseCode, violation: String?, _ location: SourceLocation = #_sourceLocation
    ) async throws {
        #expect(try await client.closed().code == code, sourceLocation: location)
        let closed = try await server.closed(client.id)
        #expect(closed.code == Int(code.rawValue), sourceLocation: location)
        #expect(closed.by == .server, sourceLocation: location)
        guard let violation else { return }
        let id = await client.id
        #expect(
            server.kinds.contains {
                if case .protocolViolation(let event) = $0 { event.connection == id && event.kind == violation } else { false }
            }, sourceLocation: location)
    }

    // MARK: What everybody who watches is told of

    @Test func `A client that enters and leaves on and on is closed with 1008`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.roomsPerConnection = 10
        } _: { server in
            let other = try await server.member()
            let client = try await server.member()
            let rounds = (0..<4000).flatMap { number in
                ["$\(number);default;r;_OnRoomJoin;0;0;", "$\(number);default;r;_OnRoomLeave;0;0;"]
            }
            await client.post(RawClient.frames(rounds))
            try await expectServed(other)
            try await expectClosed(client, server, .policyViolation, violation: "flood")
            // Two a request that was taken, or four where a window ended in between.
            let events = server.types(of: await client.id).count { $0.hasPrefix("room.") }
            #expect(events <= 2 * (1024 + 2 * (32 + 10)) + 1)
            try await expectServed(other)
        }
    }

    @Test func `A client that asks for ever more rooms than it may have is refused, and then closed with 1008`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.roomsPerConnection = 10
        } _: { server in
            let other = try await server.member()
            let client = try await server.member()
            await client.post(RawClient.frames((0..<4000).map { "$1;default;room \($0);_OnRoomJoin;0;0;" }))
            #expect(try await client.texts(11).last == "$1;default;room 10;_OnRoomJoin;1;0;limit reached")
            try await expectServed(other)
            try await expectClosed(client, server, .policyViolation, violation: "flood")
            try await expectServed(other)
        }
    }

    @Test func `A client that breaks rules on and on is closed with 1008`() async throws {
        try await ServerFixture.run { server in
            let other = try await server.member()
            for frame in ["nonsense", "M", "$1;default;;_OnRoomJoined;0;0;", ";default;r;_OnRoomJoin;0;0;"] {
                let client = try await server.member()
                await client.post(RawClient.frames(Array(repeating: frame, count: 1000)))
                try await expectClosed(client, server, .policyViolation, violation: "flood")
                let violations = server.types(of: await client.id).count { $0 == "protocol.violation" }
                #expect(violations <= 2 * 128 + 1)
            }
            try await expectServed(other)
        }
    }

    @Test func `Who comes back with all its rooms is no flood, and neither are messages`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member(of: (0..<256).map { "room \($0)" })
            for _ in 0..<2 {
                let leaves = (0..<256).map { "$1;default;room \($0);_OnRoomLeave;0;0;" }
                let joins = (0..<256).map { "$1;default;room \($0);_OnRoomJoin;0;0;" }
                await client.post(RawClient.frames(leaves + joins))
                _ = try await client.texts(512)
            }
            await client.post(RawClient.frames(Array(repeating: "$1;default;;echo;0;0;x", count: 5000)))
            _ = try await client.texts(5000)
            // Told nobody but the sender.
            await client.post(RawClient.frames(Array(repeating: "$1;default;not joined;echo;0;0;x", count: 5000)))
            #expect(try await client.texts(5000).last == "$1;default;not joined;echo;1;0;bad room")
        }
    }

    @Test func `A room's name has its bound`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            let longest = String(repeating: "r", count: 1024)
            #expect(try await client.ask("default;\(longest);_OnRoomJoin;0;0;") == ";;;;;;")
            #expect(try await client.ask("default;\(longest)r;_OnRoomJoin;0;0;").hasSuffix(";1;0;limit reached"))
        }
    }

    @Test func `The bound is counted in windows`() {
        var guarded = FloodGuard()
        let limits = FloodGuard.Limits(
            .init(role: .server, declaredNamespaces: [], namespacesPerConnection: 1, roomsPerConnection: 1))
        let start = NIODeadline.uptimeNanoseconds(FloodGuard.window * 7)
        func count(_ act: FloodGuard.Act, at now: NIODeadline) -> Int {
            var taken = 0
            while guarded.takes(act, at: now, limits: limits) { taken += 1 }
            return taken
        }
        #expect(count(.request, at: start) == 1028)
        #expect(count(.violation, at: start + .seconds(9)) == 128)
        #expect(count(.request, at: start + .seconds(9)) == 0)
        #expect(count(.request, at: start + .seconds(10)) == 1028)
        let unbounded = FloodGuard.Limits(
            .init(role: .server, declaredNamespaces: [], namespacesPerConnection: 0, roomsPerConnection: 0))
        #expect(unbounded.requests == 201_024)
    }

    // MARK: Who does not read

    /// Sends `frames` on and on without reading anything, until the server reads no more; then what it holds is bounded, others are served,
    /// and the heartbeat ends it.
    private func expectWithheld(_ frames: ByteBuffer, location: SourceLocation = #_sourceLocation) async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.outboxBytes = 64 * 1024
        } _: { server in
            let other = try await server.member()
            let client = try await server.member()
            let connection = try #require(server.server.connection(await client.id))
            try await client.stopReading()
            for _ in 0..<400 { await client.post(frames) }
            try await connection.until { $0.isPaused }
            let held = try await connection.loop.loop.submit {
                let channel = connection.context?.channel
                let written = try channel?.syncOptions?.getOption(.bufferedWritableBytes) ?? 0
                return written + connection.out.readableBytes + connection.parser.bufferedBytes + connection.queueBytes
            }.get()
            // The outbox, and what one read, with its answers, may add to it.
            #expect(held < 64 * 1024 + 4 * 64 * 1024, sourceLocation: location)
            try await expectServed(other)
            try await connection.loop.loop.submit {
                connection.beat(now: connection.lastReceived + .seconds(30))
                connection.beat(now: connection.lastReceived + .seconds(90))
            }.get()
            let closed = try await server.closed(client.id)
            #expect(closed.code == 1006, sourceLocation: location)
            #expect(closed.reason == "missed the heartbeat", sourceLocation: location)
            try await expectServed(other)
        }
    }

    @Test func `A flood of pings whose pongs are never read is read no more, and cut`() async throws {
        var frames = ByteBuffer()
        for _ in 0..<512 { frames.writeImmutableBuffer(RawClient.frame(ByteBuffer(repeating: 1, count: 125), .ping)) }
        try await expectWithheld(frames)
    }

    @Test func `A flood of asks whose answers are never read is read no more, and cut`() async throws {
        try await expectWithheld(
            RawClient.frames(Array(repeating: "$1;default;;echo;0;0;" + String(repeating: "x", count: 100), count: 512)))
    }

    @Test func `A flood of asks that are refused, never read, is read no more, and cut`() async throws {
        try await expectWithheld(
            RawClient.frames(Array(repeating: "$1;nowhere;;echo;0;0;" + String(repeating: "x", count: 100), count: 512)))
    }

    @Test func `A flood of pings that are read is answered, beside everybody else`() async throws {
        try await ServerFixture.run { server in
            let other = try await server.member()
            let client = try await server.member()
            var frames = ByteBuffer()
            for _ in 0..<10_000 { frames.writeImmutableBuffer(RawClient.frame(ByteBuffer(), .ping)) }
            await client.post(frames)
            try await expectServed(other)
            for _ in 0..<10_000 { #expect(try await client.event() == .pong(ByteBuffer())) }
        }
    }

    // MARK: Fragments

    @Test func `Empty fragments hold no memory and nobody up, and their message is one`() async throws {
        try await ServerFixture.run { server in
            let other = try await server.member()
            let client = try await server.member()
            let connection = try #require(server.server.connection(await client.id))
            var frames = RawClient.frame(ByteBuffer(), .text, fin: false)
            for _ in 0..<50_000 { frames.writeImmutableBuffer(RawClient.frame(ByteBuffer(), .continuation, fin: false)) }
            await client.post(frames)
            try await expectServed(other)
            #expect(try await connection.loop.loop.submit { connection.parser.bufferedBytes }.get() < 16)
            try await client.write(RawClient.frame(ByteBuffer(string: "$1;default;;echo;0;0;x"), .continuation))
            #expect(try await client.text() == "$1;default;;echo;0;0;x")
        }
    }

    @Test func `A message of endless fragments is closed with 1009 at its bound`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.messageBytes = 10_000
        } _: { server in
            let other = try await server.member()
            let client = try await server.member()
            let connection = try #require(server.server.connection(await client.id))
            var frames = RawClient.frame(ByteBuffer(string: "x"), .text, fin: false)
            for _ in 0..<9_999 { frames.writeImmutableBuffer(RawClient.frame(ByteBuffer(string: "x"), .continuation, fin: false)) }
            try await client.write(frames)
            try await connection.until { $0.parser.bufferedBytes == 10_000 }
            try await expectServed(other)
            try await client.write(RawClient.frame(ByteBuffer(string: "x"), .continuation, fin: false))
            try await expectClosed(client, server, .tooBig, violation: "too-big")
        }
    }

    @Test func `A frame that announces more than the bound is closed before it comes`() async throws {
        try await ServerFixture.run { server in
            for head: [UInt8] in [[0x81, 0xFF, 0, 0, 0, 0, 0x80, 0, 0, 0], [0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]] {
                let client = try await server.member()
                try await client.write(ByteBuffer(bytes: head + [1, 2, 3, 4]))
                try await expectClosed(client, server, .tooBig, violation: "too-big")
            }
        }
    }

    @Test func `Fragments and pings in turn keep their order, whatever their number`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            var frames = RawClient.frame(ByteBuffer(string: "$1;default;;echo;0;0;"), .text, fin: false)
            for _ in 0..<2000 {
                frames.writeImmutableBuffer(RawClient.frame(ByteBuffer(string: "x"), .continuation, fin: false))
                frames.writeImmutableBuffer(RawClient.frame(ByteBuffer(), .ping))
            }
            frames.writeImmutableBuffer(RawClient.frame(ByteBuffer(), .continuation))
            await client.post(frames)
            for _ in 0..<2000 { #expect(try await client.event() == .pong(ByteBuffer())) }
            #expect(try await client.text() == "$1;default;;echo;0;0;" + String(repeating: "x", count: 2000))
        }
    }

    // MARK: Before the ack

    @Test func `Hundreds that never acknowledge are closed with 1002, and others served meanwhile`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.ackWithin = .seconds(1)
        } _: { server in
            let other = try await server.member()
            var silent: [RawClient] = []
            for _ in 0..<500 { silent.append(try await server.upgraded()) }
            try await expectServed(other)
            for client in silent { #expect(try await client.closed().code == .protocolError) }
            try await eventually { server.server.places == 1 }
            func count(_ matches: (FeedEvent.Kind) -> Bool) -> Int { server.kinds.count(where: matches) }
            try await eventually {
                count { if case .connectionClosed(let event) = $0 { event.code == 1002 && event.by == .server } else { false } } == 500
            }
            #expect(count { if case .protocolViolation(let event) = $0 { event.kind == "no-ack" } else { false } } == 500)
            try await expectServed(other)
        }
    }

    @Test func `Much before the ack is closed with 1008, by number and by size`() async throws {
        try await ServerFixture.run { server in
            let many = try await server.upgraded()
            await many.post(RawClient.frames(Array(repeating: "x", count: 65)))
            #expect(try await many.closed().code == .policyViolation)
            let large = try await server.upgraded()
            await large.post(RawClient.frames([String(repeating: "x", count: 65_537)]))
            #expect(try await large.closed().code == .policyViolation)
            let pings = try await server.upgraded()
            var frames = ByteBuffer()
            for _ in 0..<1000 { frames.writeImmutableBuffer(RawClient.frame(ByteBuffer(), .ping)) }
            await pings.post(frames)
            for _ in 0..<1000 { #expect(try await pings.event() == .pong(ByteBuffer())) }
            try await pings.acknowledge()
        }
    }
}
