import NIOCore
import NeffosFeed
import NeffosWire
import TestSupport
import Testing

@testable import Neffos

@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ServerLimitTests {
    @Test func `A full server refuses upgrades with 503 and answers no probe, until there is room`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.connections = 1
        } _: { server in
            let inside = try await server.acknowledged()
            let refused = try await server.dial()
            #expect(try await refused.upgrade().status == 503)
            let prober = try await server.dial()
            try await prober.write(RawClient.request("HEAD"))
            #expect(await prober.awaitEnd() == 0)
            let local = prober.local
            #expect(await server.wait { $0 == .probe(.init(remote: local, userAgent: nil, admitted: false)) })
            await inside.cut()
            _ = try await server.closed(inside.id)
            #expect(try await server.dial().http("HEAD").status == 302)
            _ = try await server.acknowledged()
        }
    }

    @Test func `An address over its bound is refused with 429`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.connectionsPerAddress = 2
        } _: { server in
            _ = try await server.acknowledged()
            let second = try await server.acknowledged()
            #expect(try await server.dial().upgrade().status == 429)
            await second.cut()
            _ = try await server.closed(second.id)
            _ = try await server.acknowledged()
        }
    }

    @Test func `A message over messageBytes closes with 1009, its fragments counted together`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.messageBytes = 100
        } _: { server in
            let client = try await server.member()
            let head = "default;;echo;0;0;"
            let fitting = String(repeating: "x", count: 100 - 3 - head.utf8.count)
            #expect(try await client.ask(head + fitting) == ";" + head + fitting)
            let half = ByteBuffer(string: String(repeating: "x", count: 60))
            try await client.write(RawClient.frame(half, .text, fin: false))
            try await client.write(RawClient.frame(half, .continuation))
            #expect(try await client.closed().code == .tooBig)
            let closed = try await server.closed(client.id)
            #expect(closed.code == 1009)
            #expect(closed.by == .server)
        }
    }

    @Test func `Namespaces and rooms past their bounds are refused`() async throws {
        var handlers = EventHandlers.defaultRelay
        for name in ["b", "c"] { handlers.declare(name) }
        try await ServerFixture.run(handlers) {
            $0.limits.namespacesPerConnection = 2
            $0.limits.roomsPerConnection = 2
        } _: { server in
            let client = try await server.member(of: ["r"])
            try await client.enter("b", rooms: ["r"])
            #expect(try await client.ask("c;;_OnNamespaceConnect;0;0;") == ";c;;_OnNamespaceConnect;1;0;limit reached")
            #expect(try await client.ask("b;s;_OnRoomJoin;0;0;") == ";b;s;_OnRoomJoin;1;0;limit reached")
            let id = await client.id
            #expect(await server.wait { $0 == .roomDenied(.init(connection: id, namespace: "b", room: "s", error: "limit reached")) })
        }
    }

    @Test func `A slow consumer of broadcasts is closed with 1013, and nobody else feels it`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.outboxBytes = 64 * 1024
        } _: { server in
            let slow = try await server.member()
            let fast = try await server.member()
            try await slow.stopReading()
            let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: 256 * 1024)
            // More than the sockets' own buffers can ever hold.
            for _ in 0..<64 {
                server.server.broadcast(Message(namespace: "default", event: "news", body: body))
                #expect(try await fast.text().utf8.count == body.readableBytes + ";default;;news;0;0;".utf8.count)
            }
            try await slow.startReading()
            #expect(try await slow.closed().code == .overloaded)
            #expect(try await server.closed(slow.id).code == 1013)
            #expect(try await fast.ask("default;;echo;0;0;x") == ";default;;echo;0;0;x")
        }
    }

    @Test func `A burst of one turn that the socket takes makes nobody a slow consumer`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.outboxBytes = 4096
        } _: { server in
            let client = try await server.member()
            let connection = try #require(server.server.connection(await client.id))
            let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: 2048)
            try await connection.loop.loop.submit {
                for _ in 0..<32 { connection.broadcast(Message(namespace: "default", event: "news", body: body)) }
            }.get()
            for _ in 0..<32 { _ = try await client.text() }
        }
    }

    @Test func `Who does not read its replies is not read either, and misses none`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.outboxBytes = 64 * 1024
        } _: { server in
            let client = try await server.member()
            try await client.stopReading()
            let body = String(repeating: "x", count: 64 * 1024)
            for index in 0..<300 { await client.post(RawClient.frame("$\(index);default;;echo;0;0;\(body)")) }
            let connection = try #require(server.server.connection(await client.id))
            try await connection.until { $0.isPaused }
            try await client.startReading()
            for index in 0..<300 { #expect(try await client.text().hasPrefix("$\(index);default;;echo;0;0;x")) }
        }
    }

    @Test func `A peer that never sends M is closed with 1002`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.ackWithin = .milliseconds(1)
        } _: { server in
            let client = try await server.upgraded()
            #expect(try await client.closed().code == .protocolError)
            #expect(await server.wait { if case .protocolViolation(let event) = $0 { event.kind == "no-ack" } else { false } })
        }
    }

    @Test(arguments: [Duration.seconds(-1), .zero, .seconds(1 << 40)]) func `A heartbeat of any length harms nobody`(every: Duration)
        async throws
    {
        try await ServerFixture.run(.defaultRelay) {
            $0.heartbeat.every = every
            $0.heartbeat.timeout = every
        } _: { server in
            let client = try await server.acknowledged()
            let connection = try #require(server.server.connection(await client.id))
            try await connection.loop.loop.submit { connection.beat(now: .now() + .hours(1)) }.get()
            try await client.enter("default")
        }
    }

    @Test func `Without a bound for the ack nobody is closed for it`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.ackWithin = .zero
        } _: { server in
            let client = try await server.upgraded()
            let connection = try #require(server.server.connections.first)
            try await connection.loop.loop.submit { connection.loop.tick() }.get()
            try await client.acknowledge()
        }
    }

    @Test func `Probes above the rate are held for their turn, or dropped if that is too far away`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.admitPerSecond = 1
            $0.limits.probeHold = .milliseconds(1200)
        } _: { server in
            #expect(try await server.dial().http("HEAD").status == 302)
            var clients: [RawClient] = []
            for _ in 0..<20 { clients.append(try await server.dial()) }
            for client in clients { try await client.write(RawClient.request("HEAD")) }
            #expect(await server.sink.wait { $0.count { if case .probe = $0.event.kind { true } else { false } } > 20 })
            let probes = server.kinds.compactMap { if case .probe(let probe) = $0 { probe } else { nil } }
            #expect(probes.contains { $0.admitted && $0.held > 0 })
            #expect(probes.contains { !$0.admitted })
        }
    }

    @Test func `A silent client is pinged, and cut if it does not answer`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.acknowledged()
            let connection = try #require(server.server.connection(await client.id))
            let later = NIODeadline.now() + .seconds(26)
            try await connection.loop.loop.submit {
                connection.beat(now: later)
                connection.settle()
            }.get()
            #expect(try await client.event() == .ping(ByteBuffer()))
            try await client.write(RawClient.frame(ByteBuffer(), .pong))
            #expect(try await client.ask("no;;x;0;0;") == ";no;;x;1;0;bad namespace")
            #expect(try await connection.loop.loop.submit { connection.isPinged }.get() == false)
            try await connection.loop.loop.submit {
                connection.beat(now: later + .seconds(26))
                connection.beat(now: later + .seconds(120))
            }.get()
            let closed = try await server.closed(client.id)
            #expect(closed.code == 1006)
            #expect(closed.by == .network)
            #expect(closed.reason == "missed the heartbeat")
        }
    }

    @Test func `Who is silent because its reads are withheld is not cut`() async throws {
        let gate = Gate()
        try await ServerFixture.run(.slow(behind: gate)) { server in
            let client = try await server.member()
            let connection = try #require(server.server.connection(await client.id))
            try await client.write(RawClient.frames(Array(repeating: "$1;default;;slow;0;0;", count: 100)))
            try await connection.until { $0.isPaused }
            try await connection.loop.loop.submit {
                for minutes in 1...3 { connection.beat(now: .now() + .minutes(Int64(minutes))) }
            }.get()
            gate.open()
            #expect(try await client.texts(100).count == 100)
        }
    }
}
