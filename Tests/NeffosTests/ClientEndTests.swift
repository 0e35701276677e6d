import NIOCore
@testable import Neffos
import NeffosWire
import TestSupport
import Testing

/// How a client, a connection and those who wait end, and that nothing stays behind.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ClientEndTests {
    @Test func `The end of a client can be waited for, and tells why`() async throws {
        let server = try await ClientRawServer.start()
        let (client, peer) = try await ClientFixture.connected(to: server)
        let cancelled = Task { try await client.closed() }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        async let ending = client.closed()
        let info = CloseInfo(code: .normal, reason: "bye", by: .server)
        _ = try await peer.close(.normal, reason: "bye")
        #expect(try await ending == .closed(info))
        #expect(try await client.closed() == .closed(info))
        #expect(client.isClosed && client.lastClose == info)
    }

    @Test func `A lost connection tells how, whatever the way back meets`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        let states = client.states
        _ = try await first.close(.goingAway, reason: "restart")
        try await server.answerProbe()
        let mute = try await server.accept()
        try await mute.upgrade()
        _ = try await mute.text()
        _ = try await mute.close(.overloaded, reason: "not yet")
        await states.until { $0 == .waiting(tries: 2) }
        #expect(client.lastClose == CloseInfo(code: .goingAway, reason: "restart", by: .server))
        #expect(!client.isClosed && client.connection == nil)
        try await server.answerProbe()
        let (second, _) = try await server.serve(id: "two")
        await client.states.until { $0 == .connected("two") }
        #expect(client.lastClose == CloseInfo(code: .goingAway, reason: "restart", by: .server))
        try await ClientFixture.end(client, second)
    }

    @Test func `A client that is closed while it enters its rooms again, or awaits the ack, says so to the server`() async throws {
        for phase in ["restore", "ack"] {
            let server = try await ClientRawServer.start()
            var configuration = ClientFixture.quick
            if phase == "ack" { configuration.ackWithin = .seconds(3600) }
            let (client, first) = try await ClientFixture.connected(to: server, configuration)
            try await ClientFixture.enter(client, first, "default", rooms: ["lobby"])
            try await first.cut()
            try await server.answerProbe()
            let second = try await server.accept()
            try await second.upgrade()
            _ = try await second.text()
            if phase == "restore" {
                try await second.send("Atwo")
                _ = try await second.answer("_OnNamespaceConnect")
                _ = try await second.message()
            }
            async let closing: Void = client.close(reason: "enough")
            let (code, reason) = try await second.awaitClose()
            #expect(code == .normal && reason == "enough")
            await closing
            #expect(client.state == .closed(.requested))
        }
    }

    @Test func `A close that nobody answers ends all the same when the ack's time is over`() async throws {
        let server = try await ClientRawServer.start()
        var configuration = ClientFixture.quick
        configuration.ackWithin = .milliseconds(500)
        let client = try ClientFixture.client(server.url, configuration)
        let connecting = Task { try await client.connect() }
        let peer = try await server.accept()
        try await peer.upgrade()
        _ = try await peer.text()
        await client.close()
        await #expect(throws: ClientError.ended) { try await connecting.value }
        #expect(client.state == .closed(.requested))
    }

    @Test func `Whoever waits for the server's answer ends with the task`() async throws {
        let server = try await ClientRawServer.start()
        let (client, peer) = try await ClientFixture.connected(to: server)
        let namespace = try await ClientFixture.enter(client, peer, "default", rooms: ["lobby"])
        let waits: [@Sendable () async throws -> Void] = [
            { _ = try await namespace.ask("echo", "") }, { try await client.connect(to: "other") }, { try await namespace.join("attic") },
            { try await namespace.leave("lobby") }, { try await namespace.disconnect() },
        ]
        for wait in waits {
            let task = Task { try await wait() }
            _ = try await peer.message()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        try await ClientFixture.end(client, peer)
    }

    @Test func `An answer that takes longer than the configuration or the call allows is not waited for`() async throws {
        let server = try await ClientRawServer.start()
        var configuration = ClientFixture.quick
        configuration.answerWithin = .milliseconds(20)
        let (client, peer) = try await ClientFixture.connected(to: server, configuration)
        await #expect { try await client.connect(to: "other") } throws: { ($0 as? NeffosError)?.code == .timeout }
        _ = try await peer.message()
        async let connected = client.connect(to: "default", within: .seconds(30))
        _ = try await peer.answer("_OnNamespaceConnect")
        let namespace = try await connected
        await #expect { _ = try await namespace.ask("echo", "") } throws: { ($0 as? NeffosError)?.code == .timeout }
        await #expect { try await namespace.room("lobby").join() } throws: { ($0 as? NeffosError)?.code == .timeout }
        await #expect { _ = try await namespace.ask("echo", "", within: .zero) } throws: { ($0 as? NeffosError)?.code == .timeout }
        try await ClientFixture.end(client, peer)
    }

    @Test func `Nothing stays behind when a client has ended`() async throws {
        let server = try await ClientRawServer.start()
        weak var client: Client?
        weak var reconnector: Reconnector?
        weak var lost: Connection?
        weak var last: Connection?
        do {
            let (strong, first) = try await ClientFixture.connected(to: server)
            client = strong
            reconnector = strong.reconnector
            lost = strong.connection
            try await ClientFixture.enter(strong, first, "default", rooms: ["lobby"])
            let asking = Task { [weak strong] in try await strong?.ask(Message(namespace: "default", event: "echo")) }
            _ = try await first.message()
            try await first.cut()
            await #expect(throws: NeffosError.self) { try await asking.value }
            try await server.answerProbe()
            let (second, _) = try await server.serve(id: "two")
            _ = try await second.answer("_OnNamespaceConnect")
            _ = try await second.answer("_OnRoomJoin")
            await strong.states.until { $0 == .connected("two") }
            last = strong.connection
            #expect(last != nil)
            try await ClientFixture.end(strong, second)
        }
        try await eventually { client == nil && reconnector == nil && lost == nil && last == nil }
    }

    @Test func `A client that nobody refers to goes on until it is ended, and a dial that failed leaves nothing`() async throws {
        let server = try await ClientRawServer.start()
        weak var reconnector: Reconnector?
        let peer: RawPeer
        do {
            let (strong, first) = try await ClientFixture.connected(to: server)
            reconnector = strong.reconnector
            peer = first
        }
        try await peer.cut()
        try await server.answerProbe()
        let (second, _) = try await server.serve(id: "two")
        _ = try await second.close(.normal)
        try await eventually { reconnector == nil }

        weak var failed: Reconnector?
        do {
            let client = try ClientFixture.client(server.url)
            failed = client.reconnector
            async let failure = ClientDialTests.failure(of: client)
            let peer = try await server.accept()
            try await peer.cut()
            #expect(await failure != nil)
        }
        try await eventually { failed == nil }
    }
}
