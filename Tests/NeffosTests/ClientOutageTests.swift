import NIOCore
import Neffos
import NeffosWire
import TestSupport
import Testing

/// What a client is and does while it is away, and how it ends.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ClientOutageTests {
    @Test func `What is left while away is not entered again`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        let namespace = try await ClientFixture.enter(client, first, "default", rooms: ["lobby", "attic"])
        try await ClientFixture.enter(client, first, "other", rooms: [])
        let states = client.states
        try await first.cut()
        await states.until { $0 == .probing }
        try await namespace.leave("lobby")
        try await client.disconnect(from: "other")
        await #expect(throws: NeffosError.self) { try await namespace.leave("cellar") }
        try await server.answerProbe()
        let (second, _) = try await server.serve(id: "two")
        #expect(try await second.answer("_OnNamespaceConnect").namespace == "default")
        #expect(try await second.answer("_OnRoomJoin").room == "attic")
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, second)
    }

    @Test func `Away, emits are refused and asks fail; a pending ask ends with its connection`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        let namespace = try await ClientFixture.enter(client, first, "default", rooms: [])
        let pending = Task { try await namespace.ask("echo", "never answered") }
        _ = try await first.message()
        let states = client.states
        try await first.cut()
        await #expect { _ = try await pending.value } throws: { ($0 as? NeffosError)?.code == .writeClosed }
        await states.until { $0 == .probing }
        #expect(!namespace.emit("chat", "lost"))
        await #expect { _ = try await namespace.ask("echo", "") } throws: { ($0 as? NeffosError)?.code == .writeClosed }
        await #expect(throws: NeffosError.self) { try await client.connect(to: "other") }

        try await server.answerProbe()
        let (second, _) = try await server.serve(id: "two")
        let connect = try await second.message()
        #expect(client.state == .restoring)
        #expect(!namespace.emit("chat", "too early"))
        try await second.send("\(String(buffer: connect.wait.bytes));;;;;;")
        await client.states.until { $0 == .connected("two") }
        #expect(namespace.emit("chat", "now"))
        #expect(try await second.message().text == "now")
        try await ClientFixture.end(client, second)
    }

    @Test func `A drop fires the forced local events before the way back begins`() async throws {
        let server = try await ClientRawServer.start()
        let seen = ClientRecorder<String>()
        var handlers = ClientFixture.handlers
        for event in [SystemEventName.roomLeave, SystemEventName.roomLeft, SystemEventName.namespaceDisconnect] {
            handlers.on(event, in: "default") { connection, _ in
                if connection.isForced, connection.isLocal { seen.add(event + " " + connection.room) }
                return .none
            }
        }
        let (client, first) = try await ClientFixture.connected(to: server, handlers: handlers)
        try await ClientFixture.enter(client, first, "default", rooms: ["lobby"])
        let states = client.states
        try await first.cut()
        await states.until { $0 == .waiting(tries: 1) }
        #expect(seen.all == ["_OnRoomLeave lobby", "_OnRoomLeft lobby", "_OnNamespaceDisconnect "])
        try await server.dropProbe()
        await client.close()
    }

    @Test func `Waits grow and scatter as the configuration says, up to its number of tries`() async throws {
        let server = try await ClientRawServer.start()
        let waits = ClientRecorder<Duration>()
        let environment = ClientEnvironment(wait: { waits.add($0) }, random: { 1 })
        var configuration = ClientConfiguration()
        configuration.reconnect = Reconnection(interval: .seconds(2), jitter: 0.5, multiplier: 2, maximum: .seconds(10), maxTries: 4)
        let (client, first) = try await ClientFixture.connected(to: server, configuration, environment: environment)
        let states = client.states
        try await server.stop()
        try await first.cut()
        #expect(await states.until { _ in false }.last == .closed(.triesExhausted))
        #expect(waits.all == [.seconds(3), .seconds(6), .seconds(12), .seconds(15)])
    }

    @Test func `A client that is told never to come back does not`() async throws {
        let server = try await ClientRawServer.start()
        var configuration = ClientConfiguration()
        configuration.reconnect = .never
        let (client, first) = try await ClientFixture.connected(to: server, configuration)
        let states = client.states
        try await first.cut()
        guard case .closed(.lost(let info))? = await states.until({ _ in false }).last else {
            Issue.record("not lost")
            return
        }
        #expect(info.code == .abnormal)
    }

    @Test func `A client that is closed while it waits, probes or dials ends at once`() async throws {
        for phase in ["wait", "probe", "dial"] {
            let server = try await ClientRawServer.start()
            var configuration = ClientFixture.quick
            if phase == "wait" { configuration.reconnect.interval = .seconds(3600) }
            let (client, first) = try await ClientFixture.connected(to: server, configuration)
            let states = client.states
            try await first.cut()
            if phase == "dial" { try await server.answerProbe() }
            let peer = phase == "wait" ? nil : try await server.accept()
            if phase == "wait" { await states.until { $0 == .waiting(tries: 1) } }
            await client.close()
            #expect(client.state == .closed(.requested))
            try await peer?.awaitEnd()
        }
    }

    @Test func `Each listener has a sequence of its own, which ends with the client`() async throws {
        let server = try await ClientRawServer.start()
        let (client, peer) = try await ClientFixture.connected(to: server)
        let one = client.states
        let two = client.states
        async let ones = one.until { _ in false }
        async let twos = two.until { _ in false }
        try await ClientFixture.end(client, peer)
        #expect(await ones == [.connected("one"), .closed(.requested)])
        #expect(await twos == [.connected("one"), .closed(.requested)])
        #expect(await client.states.until { _ in false } == [.closed(.requested)])
    }

    @Test func `A server that answers no ping is lost`() async throws {
        let server = try await ClientRawServer.start()
        var configuration = ClientFixture.quick
        configuration.heartbeat.every = .milliseconds(100)
        configuration.heartbeat.timeout = .milliseconds(200)
        let (client, first) = try await ClientFixture.connected(to: server, configuration)
        let states = client.states
        #expect(try await first.event() == .ping(ByteBuffer()))
        await states.until { $0 == .waiting(tries: 1) }
        try await server.dropProbe()
        await client.close()
    }

    @Test func `A drop of our own is a lost network to both sides`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        client.drop()
        await #expect(throws: RawError.self) { _ = try await first.event() }
        try await server.answerProbe()
        let (second, _) = try await server.serve(id: "two")
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, second)
    }
}
