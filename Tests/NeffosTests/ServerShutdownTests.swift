import NIOCore
import NeffosFeed
import NeffosWire
import TestSupport
import Testing

@testable import Neffos

@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ServerShutdownTests {
    @Test func `Everybody is sent away with 1001, and the server stops after the last has gone`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.eventLoops = 2
        } _: { server in
            var clients: [RawClient] = []
            for _ in 0..<10 { clients.append(try await server.member(of: ["r"])) }
            async let stopping: Void = server.stop(grace: .seconds(30))
            for client in clients { #expect(try await client.closed() == (.goingAway, "shutdown")) }
            await stopping
            let types = server.kinds.map(\.typeName).filter { $0 != "sample" }
            #expect(types.first == "server.started")
            #expect(types.last == "server.stopped")
            #expect(types.count { $0 == "connection.closed" } == 10)
            #expect(types.count { $0 == "server.draining" } == 1)
            #expect(types.count { $0 == "room.left" } == 10)
            for kind in server.kinds {
                if case .connectionClosed(let closed) = kind {
                    #expect(closed.code == 1001)
                    #expect(closed.by == .server)
                }
            }
        }
    }

    @Test func `An outbox is emptied before the close`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.outboxBytes = 32 << 20
        } _: { server in
            let client = try await server.member()
            let connection = try #require(server.server.connection(await client.id))
            try await client.stopReading()
            let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 20)
            for _ in 0..<20 { connection.emit(Message(namespace: "default", event: "news", body: body)) }
            async let stopping: Void = server.stop(grace: .seconds(30))
            try await connection.until { $0.phase != .open }
            try await client.startReading()
            for _ in 0..<20 { #expect(try await client.text().utf8.count > 1 << 20) }
            #expect(try await client.closed().code == .goingAway)
            await stopping
        }
    }

    @Test func `Who does not answer the close is cut when the grace is over, and still told of before the stop`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            try await client.stopReading()
            await server.stop(grace: .milliseconds(20))
            #expect(server.kinds.filter { $0.typeName != "sample" }.suffix(2).map(\.typeName) == ["connection.closed", "server.stopped"])
            let closed = try await server.closed(client.id)
            #expect(closed.code == 1001)
            #expect(closed.lived < 5000)
        }
    }

    @Test func `While draining no probe is answered and no upgrade accepted, but that of an answered probe`() async throws {
        try await ServerFixture.run { server in
            let staying = try await server.member()
            let promised = try await server.dial()
            let late = try await server.dial()
            let uninvited = try await server.dial()
            #expect(try await promised.http("HEAD").status == 302)
            async let stopping: Void = server.stop(grace: .seconds(30))
            #expect(await server.wait { $0.typeName == "server.draining" })
            try await late.write(RawClient.request("HEAD"))
            #expect(await late.awaitEnd() == 0)
            #expect(try await promised.upgrade().status == 101)
            #expect(try await promised.closed().code == .goingAway)
            #expect(try await uninvited.upgrade().status == 503)
            #expect(try await staying.closed().code == .goingAway)
            await stopping
            #expect(server.kinds.filter { $0.typeName != "sample" }.last?.typeName == "server.stopped")
        }
    }

    @Test func `A server without clients waits for whom it has told to come`() async throws {
        try await ServerFixture.run { server in
            let promised = try await server.dial()
            #expect(try await promised.http("HEAD", "/echo", [("Host", "test"), ("Connection", "close")]).status == 302)
            async let stopping: Void = server.stop(grace: .seconds(30))
            #expect(await server.wait { $0.typeName == "server.draining" })
            let client = try await server.dial()
            #expect(try await client.upgrade().status == 101)
            #expect(try await client.closed().code == .goingAway)
            await stopping
        }
    }

    @Test func `A probe that is held when the drain begins is not answered`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.admitPerSecond = 1
            $0.limits.probeHold = .seconds(60)
        } _: { server in
            let member = try await server.dial()
            #expect(try await member.http("HEAD").status == 302)
            #expect(try await member.upgrade().status == 101)
            // The last one's turn is many seconds away.
            var probes: [RawClient] = []
            for _ in 0..<20 {
                let probe = try await server.dial()
                try await probe.write(RawClient.request("HEAD"))
                probes.append(probe)
            }
            let held = try #require(probes.last)
            try await eventually { server.server.places == 1 + probes.count }
            async let stopping: Void = server.stop(grace: .zero)
            #expect(await held.awaitEnd() == 0)
            await stopping
            let local = held.local
            #expect(server.kinds.contains { if case .probe(let probe) = $0 { probe.remote == local && !probe.admitted } else { false } })
        }
    }

    @Test func `Handlers see the forced disconnect before the server is gone`() async throws {
        let reports = Reports<String>()
        var handlers = EventHandlers()
        handlers.on(SystemEventName.namespaceDisconnect, in: "default") { connection, _ async in
            await Task.yield()
            reports.add("\(connection.isForced) \(connection.isLocal)")
            return .none
        }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member()
            async let stopping: Void = server.stop(grace: .seconds(30))
            _ = try await client.closed()
            await stopping
            #expect(await reports.next() == "true true")
        }
    }

    @Test func `A run that is cancelled sends its clients away all the same`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            let running = Task { try await server.server.run() }
            running.cancel()
            #expect(try await client.closed() == (.goingAway, "shutdown"))
            try await running.value
        }
    }
}
