import NIOCore
import NIOHTTP1
import Neffos
import NeffosWire
import TestSupport
import Testing

@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ClientDialTests {
    @Test func `A client upgrades, sends M and takes the id of the ack`() async throws {
        let server = try await ClientRawServer.start()
        let client = try ClientFixture.client(server.url)
        let states = client.states
        async let connecting: Void = client.connect()
        let peer = try await server.accept()
        let request = try await peer.upgrade()
        #expect(request.line == "GET /echo?x=1 HTTP/1.1")
        #expect(request.first("Host") == "127.0.0.1:\(server.port)")
        #expect(request.first("Sec-WebSocket-Version") == "13")
        #expect(request.first("User-Agent")?.hasPrefix("neffos-swift/") == true)
        #expect(request.first("X-Websocket-Reconnect") == nil)
        #expect(request.first("X-Websocket-Previous") == nil)
        #expect(try await peer.text() == "M")
        try await peer.send("Aone")
        try await connecting
        #expect(client.id == "one")
        #expect(client.state == .connected("one"))
        #expect(await states.until { $0 == .connected("one") } == [.idle, .connecting, .connected("one")])
        try await peer.cut()
        await client.close()
    }

    @Test func `Not a byte that comes with the upgrade's answer is lost`() async throws {
        let server = try await ClientRawServer.start()
        let client = try ClientFixture.client(server.url)
        async let connecting: Void = client.connect()
        let peer = try await server.accept()
        try await peer.upgrade(behind: RawPeer.frame("Aearly"))
        try await connecting
        #expect(client.id == "early")
        #expect(try await peer.text() == "M")
        try await peer.cut()
        await client.close()
    }

    @Test func `Frames that come before the ack are handled after it, in order`() async throws {
        let server = try await ClientRawServer.start()
        let seen = AsyncStream.makeStream(of: String.self)
        var handlers = ClientFixture.handlers
        handlers.on(SystemEventName.namespaceConnected, in: "default") { connection, _ in
            seen.continuation.yield("connected " + connection.connection.id)
            return .none
        }
        handlers.on("chat", in: "default") { _, message in
            seen.continuation.yield(message.text)
            return .none
        }
        let client = try ClientFixture.client(server.url, handlers: handlers)
        async let connecting: Void = client.connect()
        let peer = try await server.accept()
        try await peer.upgrade()
        _ = try await peer.text()
        try await peer.send("1;default;;_OnNamespaceConnect;0;0;")
        try await peer.send(";default;;chat;0;0;first")
        try await peer.send(";default;;chat;0;0;second")
        try await peer.send("Aone")
        try await connecting
        var iterator = seen.stream.makeAsyncIterator()
        #expect(await iterator.next() == "connected one")
        #expect(await iterator.next() == "first")
        #expect(await iterator.next() == "second")
        try await peer.cut()
        await client.close()
    }

    @Test(arguments: [
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
    ]) func `A wrong answer to the key fails the dial`(_ answer: String) async throws {
        let server = try await ClientRawServer.start()
        let client = try ClientFixture.client(server.url)
        async let result: ClientError? = Self.failure(of: client)
        let peer = try await server.accept()
        _ = try await peer.request()
        try await peer.write(answer)
        guard case .malformedUpgrade? = await result else {
            Issue.record("no malformed upgrade")
            return
        }
        try await peer.awaitEnd()
        #expect(client.state == .idle)
    }

    @Test func `An extension that nobody asked for fails the dial`() async throws {
        let server = try await ClientRawServer.start()
        let client = try ClientFixture.client(server.url)
        async let result: ClientError? = Self.failure(of: client)
        let peer = try await server.accept()
        try await peer.upgrade(extra: "Sec-WebSocket-Extensions: permessage-deflate\r\n")
        #expect(await result == .malformedUpgrade("an extension was not asked for"))
    }

    @Test func `A refused upgrade gives its status and the beginning of its text`() async throws {
        let server = try await ClientRawServer.start()
        let client = try ClientFixture.client(server.url)
        async let result: ClientError? = Self.failure(of: client)
        let peer = try await server.accept()
        _ = try await peer.request()
        try await peer.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 11\r\n\r\nnot \u{1B}[2Jyou\n")
        #expect(await result == .upgradeRefused(status: 403, body: "not \u{1B}[2Jyou"))
        #expect(await result?.description == "the server answered 403: not \\u{1B}[2Jyou")
    }

    @Test func `A refusal without an end is bounded`() async throws {
        let server = try await ClientRawServer.start()
        let client = try ClientFixture.client(server.url)
        async let result: ClientError? = Self.failure(of: client)
        let peer = try await server.accept()
        _ = try await peer.request()
        try await peer.write("HTTP/1.1 503 Busy\r\nContent-Length: 100000\r\n\r\n" + String(repeating: "x", count: 2000))
        #expect(await result == .upgradeRefused(status: 503, body: String(repeating: "x", count: 512)))
        try await peer.awaitEnd()
    }

    @Test func `A connection that is lost before the answer, and no server at all, cannot be reached`() async throws {
        let server = try await ClientRawServer.start()
        let client = try ClientFixture.client(server.url)
        async let result: ClientError? = Self.failure(of: client)
        let peer = try await server.accept()
        _ = try await peer.request()
        try await peer.cut()
        #expect(await result == .unreachable("the connection was lost before the answer"))
        try await server.stop()
        guard case .unreachable? = await Self.failure(of: client) else {
            Issue.record("it was reached")
            return
        }
    }

    @Test func `A server that never answers the upgrade is given up in time`() async throws {
        let server = try await ClientRawServer.start()
        var configuration = ClientFixture.quick
        configuration.dialWithin = .milliseconds(50)
        let client = try ClientFixture.client(server.url, configuration)
        #expect(await Self.failure(of: client) == .dialTimedOut)
        try await server.stop()
        // A busy machine may be late before the connection is even made.
        for await peer in server.arrivals { try await peer.awaitEnd() }
    }

    @Test func `A server that never acknowledges is given up in time`() async throws {
        let server = try await ClientRawServer.start()
        var configuration = ClientFixture.quick
        configuration.ackWithin = .milliseconds(50)
        let client = try ClientFixture.client(server.url, configuration)
        async let result: ClientError? = Self.failure(of: client)
        let peer = try await server.accept()
        try await peer.upgrade()
        #expect(await result == .ackTimedOut)
        try await peer.awaitEnd()
        #expect(client.state == .idle)
    }

    @Test func `H fails the connect with its text`() async throws {
        let server = try await ClientRawServer.start()
        let client = try ClientFixture.client(server.url)
        async let result: ClientError? = Self.failure(of: client)
        let peer = try await server.accept()
        try await peer.upgrade()
        _ = try await peer.text()
        try await peer.send("Hnot today")
        #expect(await result == .refused("not today"))
        _ = try await peer.awaitClose()
    }

    @Test func `A close before the ack fails the connect with its code`() async throws {
        let server = try await ClientRawServer.start()
        let client = try ClientFixture.client(server.url)
        async let result: ClientError? = Self.failure(of: client)
        let peer = try await server.accept()
        try await peer.upgrade()
        _ = try await peer.text()
        _ = try await peer.close(.overloaded, reason: "later")
        guard case .closedBeforeAck(let info)? = await result else {
            Issue.record("no close before the ack")
            return
        }
        #expect(info.code == .overloaded)
        #expect(info.reason == "later")
    }

    @Test func `A header that could begin another is not sent`() async throws {
        let server = try await ClientRawServer.start()
        var configuration = ClientFixture.quick
        configuration.headers = [("X-Good", "bad\r\nX-Other: 1")]
        let client = try ClientFixture.client(server.url, configuration)
        #expect(await Self.failure(of: client) == .invalidHeaders)
    }

    @Test func `Headers of the application go along, fresh ones first, and those of the handshake stay ours`() async throws {
        let server = try await ClientRawServer.start()
        var configuration = ClientFixture.quick
        configuration.headers = [("Authorization", "old"), ("X-Username", "kim"), ("Sec-WebSocket-Key", "mine"), ("Host", "elsewhere")]
        configuration.freshHeaders = { [("authorization", "new")] }
        let client = try ClientFixture.client(server.url, configuration)
        async let connecting: Void = client.connect()
        let (peer, request) = try await server.serve(id: "one")
        try await connecting
        #expect(request.headers["Authorization"] == ["new"])
        #expect(request.headers["X-Username"] == ["kim"])
        #expect(request.headers["Host"] == ["127.0.0.1:\(server.port)"])
        #expect(request.headers["Sec-WebSocket-Key"].count == 1)
        try await peer.cut()
        await client.close()
    }

    @Test func `Fresh headers that cannot be had fail the connect`() async throws {
        struct NoToken: Error {}
        var configuration = ClientFixture.quick
        configuration.freshHeaders = { throw NoToken() }
        let client = try ClientFixture.client("ws://127.0.0.1:1/", configuration)
        await #expect(throws: NoToken.self) { try await client.connect() }
    }

    @Test func `A cancelled connect gives up its dial`() async throws {
        let server = try await ClientRawServer.start()
        let client = try ClientFixture.client(server.url)
        let connecting = Task { try await client.connect() }
        let peer = try await server.accept()
        connecting.cancel()
        await #expect(throws: CancellationError.self) { try await connecting.value }
        try await peer.awaitEnd()
    }

    @Test func `A client that is closed while it dials ends`() async throws {
        let server = try await ClientRawServer.start()
        let client = try ClientFixture.client(server.url)
        async let result: ClientError? = Self.failure(of: client)
        let peer = try await server.accept()
        await client.close()
        #expect(await result == .ended)
        #expect(client.state == .closed(.requested))
        try await peer.awaitEnd()
        #expect(await Self.failure(of: client) == .ended)
    }

    @Test func `An own close sends its code and waits for the answer`() async throws {
        let server = try await ClientRawServer.start()
        let (client, peer) = try await ClientFixture.connected(to: server)
        async let closing: Void = client.close(reason: "done")
        let (code, reason) = try await peer.awaitClose()
        await closing
        #expect(code == .normal)
        #expect(reason == "done")
        #expect(client.state == .closed(.requested))
        #expect(client.connection == nil)
    }

    static func failure(of client: Client) async -> ClientError? {
        do {
            try await client.connect()
            return nil
        } catch {
            return error as? ClientError
        }
    }
}
