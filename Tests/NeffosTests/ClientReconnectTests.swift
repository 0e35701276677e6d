import NIOCore
import NIOHTTP1
import Neffos
import NeffosWire
import Synchronization
import TestSupport
import Testing

@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ClientReconnectTests {
    @Test func `A lost client probes, counts its tries, dials, and enters all again in order`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        let namespace = try await ClientFixture.enter(client, first, "default", rooms: ["lobby", "attic"])
        try await ClientFixture.enter(client, first, "other", rooms: ["hall"])
        let states = client.states
        try await first.cut()
        try await server.dropProbe()
        try await server.dropProbe()
        let probe = try await server.answerProbe()
        #expect(probe.line == "HEAD /echo?x=1 HTTP/1.1")
        #expect(probe.headers.allSatisfy { !$0.name.lowercased().hasPrefix("x-") && !$0.name.lowercased().hasPrefix("sec-") })

        let (second, request) = try await server.serve(id: "two")
        #expect(request.first("X-Websocket-Reconnect") == "3")
        #expect(request.first("X-Websocket-Previous") == "one")
        #expect(try await second.answer("_OnNamespaceConnect").namespace == "default")
        #expect(try await second.answer("_OnRoomJoin").room == "lobby")
        #expect(try await second.answer("_OnRoomJoin").room == "attic")
        #expect(try await second.answer("_OnNamespaceConnect").namespace == "other")
        #expect(try await second.answer("_OnRoomJoin").room == "hall")
        let seen = await states.until { $0 == .connected("two") }
        #expect(
            seen == [
                .connected("one"), .waiting(tries: 1), .probing, .waiting(tries: 2), .probing, .waiting(tries: 3), .probing,
                .dialing(tries: 3), .restoring, .connected("two"),
            ])
        #expect(client.id == "two")

        #expect(namespace.emit("chat", to: "lobby", "again"))
        let emitted = try await second.message()
        #expect(emitted.room == "lobby")
        #expect(emitted.text == "again")
        try await ClientFixture.end(client, second)
    }

    @Test func `Tries begin anew with each outage`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        try await first.cut()
        try await server.dropProbe()
        try await server.answerProbe()
        let (second, _) = try await server.serve(id: "two")
        await client.states.until { $0 == .connected("two") }
        try await second.cut()
        try await server.answerProbe()
        let (third, request) = try await server.serve(id: "three")
        #expect(request.first("X-Websocket-Reconnect") == "1")
        #expect(request.first("X-Websocket-Previous") == "two")
        await client.states.until { $0 == .connected("three") }
        try await ClientFixture.end(client, third)
    }

    @Test func `A client comes back when a server that was gone listens again`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        let states = client.states
        try await server.stop()
        try await first.cut()
        await states.until { $0 == .waiting(tries: 4) }
        let later = try await ClientRawServer.start(port: server.port)
        try await later.answerProbe()
        let (second, request) = try await later.serve(id: "two")
        let tries = try #require(request.first("X-Websocket-Reconnect").flatMap { Int($0) })
        #expect(tries >= 4)
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, second)
    }

    @Test(arguments: ["HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\nConnection: Close\r\n\r\n", "HTTP/1.0 404 no\r\n\r\n"])
    func `Any answer to the probe is one`(_ answer: String) async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        try await first.cut()
        try await server.answerProbe(answer)
        let (second, request) = try await server.serve(id: "two")
        #expect(request.first("X-Websocket-Reconnect") == "1")
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, second)
    }

    @Test func `What is no HTTP is no answer to the probe`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        try await first.cut()
        try await server.answerProbe("SSH-2.0-x\r\n")
        try await server.answerProbe()
        let (second, request) = try await server.serve(id: "two")
        #expect(request.first("X-Websocket-Reconnect") == "2")
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, second)
    }

    @Test func `Silence is no answer to the probe`() async throws {
        let server = try await ClientRawServer.start()
        var configuration = ClientFixture.quick
        configuration.probeWithin = .milliseconds(500)
        let (client, first) = try await ClientFixture.connected(to: server, configuration)
        let states = client.states
        try await first.cut()
        try await server.accept().awaitEnd()
        #expect(await states.until { $0 == .waiting(tries: 2) } == [.connected("one"), .waiting(tries: 1), .probing, .waiting(tries: 2)])
        await client.close()
    }

    @Test(arguments: [1001, 1011, 1012, 1013] as [UInt16]) func `A client comes back after a close that allows it`(_ code: UInt16)
        async throws
    {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        #expect(try await first.close(CloseCode(rawValue: code)) == CloseCode(rawValue: code))
        try await server.answerProbe()
        let (second, _) = try await server.serve(id: "two")
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, second)
    }

    @Test(arguments: [1000, 1002, 1008, 4000, nil] as [UInt16?]) func `A client stays away after a close that forbids it`(_ code: UInt16?)
        async throws
    {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        let states = client.states
        _ = try await first.close(code.map { CloseCode(rawValue: $0) }, reason: code == nil ? "" : "go")
        let seen = await states.until { _ in false }
        guard case .closed(.closed(let info))? = seen.last else {
            Issue.record("\(seen)")
            return
        }
        #expect(info.code == code.map { CloseCode(rawValue: $0) } ?? .noStatus)
        #expect(seen.count == 2)
        await #expect(throws: ClientError.ended) { try await client.connect() }
    }

    @Test func `H on the way back is the end`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        let states = client.states
        try await first.cut()
        try await server.answerProbe()
        let second = try await server.accept()
        try await second.upgrade()
        _ = try await second.text()
        try await second.send("Hgo away")
        #expect(await states.until { _ in false }.last == .closed(.refused("go away")))
        _ = try await second.awaitClose()
    }

    @Test func `A refused dial, a lost one and one without an ack go back to waiting`() async throws {
        let server = try await ClientRawServer.start()
        var configuration = ClientFixture.quick
        configuration.ackWithin = .seconds(1)
        let (client, first) = try await ClientFixture.connected(to: server, configuration)
        let states = client.states
        try await first.cut()

        try await server.answerProbe()
        let refused = try await server.accept()
        _ = try await refused.request()
        try await refused.write("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")

        try await server.answerProbe()
        let lost = try await server.accept()
        try await lost.upgrade()
        try await lost.cut()

        try await server.answerProbe()
        let mute = try await server.accept()
        try await mute.upgrade()
        try await mute.awaitEnd()

        try await server.answerProbe()
        let (second, request) = try await server.serve(id: "two")
        #expect(request.first("X-Websocket-Reconnect") == "4")
        let seen = await states.until { $0 == .connected("two") }
        #expect(seen.filter { if case .dialing = $0 { true } else { false } } == (1...4).map { .dialing(tries: $0) })
        try await ClientFixture.end(client, second)
    }

    @Test func `A second drop in the middle of the rejoin keeps the snapshot`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        try await ClientFixture.enter(client, first, "default", rooms: ["lobby", "attic"])
        try await ClientFixture.enter(client, first, "other", rooms: [])
        try await first.cut()

        try await server.answerProbe()
        let (second, _) = try await server.serve(id: "two")
        _ = try await second.answer("_OnNamespaceConnect")
        _ = try await second.answer("_OnRoomJoin")
        _ = try await second.message()
        try await second.cut()

        try await server.answerProbe()
        let (third, request) = try await server.serve(id: "three")
        #expect(request.first("X-Websocket-Reconnect") == "1")
        #expect(request.first("X-Websocket-Previous") == "two")
        #expect(try await third.answer("_OnNamespaceConnect").namespace == "default")
        #expect(try await third.answer("_OnRoomJoin").room == "lobby")
        #expect(try await third.answer("_OnRoomJoin").room == "attic")
        #expect(try await third.answer("_OnNamespaceConnect").namespace == "other")
        await client.states.until { $0 == .connected("three") }
        try await ClientFixture.end(client, third)
    }

    @Test func `What cannot be entered again does not hold up the rest`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        try await ClientFixture.enter(client, first, "default", rooms: ["lobby"])
        try await ClientFixture.enter(client, first, "other", rooms: ["full", "hall"])
        try await first.cut()
        try await server.answerProbe()
        let (second, _) = try await server.serve(id: "two")
        _ = try await second.answer("_OnNamespaceConnect", error: "not any more")
        #expect(try await second.answer("_OnNamespaceConnect").namespace == "other")
        #expect(try await second.answer("_OnRoomJoin", error: "full").room == "full")
        #expect(try await second.answer("_OnRoomJoin").room == "hall")
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, second)
    }

    @Test func `Headers are asked for before each dial`() async throws {
        let server = try await ClientRawServer.start()
        let asked = Mutex(0)
        var configuration = ClientFixture.quick
        configuration.freshHeaders = {
            let count = asked.withLock { asked in
                asked += 1
                return asked
            }
            if count == 2 { throw NeffosError("no token yet") }
            return [("Authorization", "token \(count)")]
        }
        let client = try ClientFixture.client(server.url, configuration)
        async let connecting: Void = client.connect()
        let (first, initial) = try await server.serve(id: "one")
        try await connecting
        #expect(initial.first("Authorization") == "token 1")
        try await first.cut()
        let probe = try await server.answerProbe()
        #expect(probe.first("Authorization") == nil)
        // The second time there was no token: that dial has failed, and the client knocks again.
        try await server.answerProbe()
        let (second, request) = try await server.serve(id: "two")
        #expect(request.first("Authorization") == "token 3")
        #expect(request.first("X-Websocket-Reconnect") == "2")
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, second)
    }

    @Test func `An id that is no header value is not sent as one`() async throws {
        let server = try await ClientRawServer.start()
        let client = try ClientFixture.client(server.url)
        async let connecting: Void = client.connect()
        let (first, _) = try await server.serve(id: "one\r\nX-Other: 1")
        try await connecting
        try await first.cut()
        try await server.answerProbe()
        let (second, request) = try await server.serve(id: "two")
        #expect(request.first("X-Websocket-Previous") == nil)
        #expect(request.first("X-Other") == nil)
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, second)
    }
}
