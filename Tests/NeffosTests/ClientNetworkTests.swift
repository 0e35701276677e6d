import NIOCore
import NIOHTTP1
@testable import Neffos
import NeffosWire
import TestSupport
import Testing

/// Proxies, slow and silent servers.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ClientNetworkTests {
    @Test func `A proxy that answers for a server that is gone keeps the client knocking`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        try await first.cut()
        for _ in 1...3 {
            let dial = try await server.keepProbe("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            _ = try await dial.request()
            try await dial.write("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            try await dial.awaitEnd()
        }
        try await server.answerProbe()
        let (second, request) = try await server.serve(id: "two")
        #expect(request.first("X-Websocket-Reconnect") == "4")
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, second)
    }

    @Test func `A redirect is an answer to the probe, is no upgrade, and is never followed`() async throws {
        let server = try await ClientRawServer.start()
        let elsewhere = try await ClientRawServer.start()
        let redirect = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:\(elsewhere.port)/\r\nContent-Length: 0\r\n\r\n"
        let client = try ClientFixture.client(server.url)
        async let failure = ClientDialTests.failure(of: client)
        let asked = try await server.accept()
        _ = try await asked.request()
        try await asked.write(redirect)
        #expect(await failure == .upgradeRefused(status: 302, body: ""))

        async let connecting: Void = client.connect()
        let (first, _) = try await server.serve(id: "one")
        try await connecting
        try await first.cut()
        let dial = try await server.keepProbe(redirect)
        _ = try await dial.request()
        try await dial.write(redirect)
        try await server.answerProbe(redirect.replacing("\r\n\r\n", with: "\r\nConnection: close\r\n\r\n"))
        let (second, _) = try await server.serve(id: "two")
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, second)
        try await elsewhere.stop()
        for await _ in elsewhere.arrivals { Issue.record("the redirect was followed") }
    }

    @Test func `Answers that come byte by byte are answers`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        try await first.cut()
        let second = try await server.accept()
        _ = try await second.request()
        for byte in "HTTP/1.1 302 Found\r\n\r\n".utf8 { try await second.write(ByteBuffer(bytes: [byte])) }
        let answer = try await second.upgradeAnswer()
        for byte in answer.readableBytesView { try await second.write(ByteBuffer(bytes: [byte])) }
        #expect(try await second.text() == "M")
        for byte in RawPeer.frame("Atwo").readableBytesView { try await second.write(ByteBuffer(bytes: [byte])) }
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, second)
    }

    @Test func `The time of a probe and of a dial is for the whole answer, not for each byte`() async throws {
        let server = try await ClientRawServer.start()
        var configuration = ClientFixture.quick
        configuration.probeWithin = .milliseconds(500)
        configuration.dialWithin = .milliseconds(500)
        let (client, first) = try await ClientFixture.connected(to: server, configuration)
        let states = client.states
        try await first.cut()
        try await Self.trickle(try await server.accept(), "HTTP/1.1 302 Fou")
        await states.until { $0 == .waiting(tries: 2) }
        try await server.answerProbe()
        try await Self.trickle(try await server.accept(), "HTTP/1.1 101 Switching Protocols\r\nUpgrade: ")
        await states.until { $0 == .waiting(tries: 3) }
        await client.close()
    }

    /// Writes a beginning and then one more byte at a time, as long as the other side holds out.
    private static func trickle(_ peer: RawPeer, _ beginning: String) async throws {
        _ = try await peer.request()
        try await peer.write(beginning)
        while await peer.isOpen {
            try? await peer.write("x")
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test func `A heartbeat of zero is off, and without a timeout a server is pinged but never given up`() async throws {
        let server = try await ClientRawServer.start()
        for every in [Duration.zero, .seconds(-1)] {
            var configuration = ClientFixture.quick
            configuration.heartbeat = .init(every: every, timeout: .milliseconds(1))
            let (client, peer) = try await ClientFixture.connected(to: server, configuration)
            let reconnector = client.reconnector
            #expect(try await reconnector.loop.submit { reconnector.state.value.heartbeat == nil }.get())
            try await ClientFixture.end(client, peer)
        }
        for timeout in [Duration.zero, .seconds(-1)] {
            var configuration = ClientFixture.quick
            configuration.heartbeat = .init(every: .milliseconds(1), timeout: timeout)
            let (client, peer) = try await ClientFixture.connected(to: server, configuration)
            for _ in 1...3 {
                #expect(try await peer.event() == .ping(ByteBuffer()))
                var pong = ByteBuffer()
                FrameSerializer.write(opcode: .pong, fin: true, payload: ByteBuffer(), mask: nil, into: &pong)
                try await peer.write(pong)
            }
            #expect(client.state == .connected("one"))
            try await ClientFixture.end(client, peer)
        }
    }

    @Test func `A heartbeat of centuries is none that is noticed`() async throws {
        let server = try await ClientRawServer.start()
        var configuration = ClientFixture.quick
        configuration.heartbeat = .init(every: .seconds(Int64.max), timeout: .seconds(Int64.max))
        let (client, peer) = try await ClientFixture.connected(to: server, configuration)
        try await ClientFixture.end(client, peer)
    }
}
