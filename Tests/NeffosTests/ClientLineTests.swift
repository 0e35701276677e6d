import NIOCore
import NeffosWire
import TestSupport
import Testing

@testable import Neffos

/// The connection that a probe was answered on, and the upgrade that follows on it (RFC 9112 section 9.3).
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ClientLineTests {
    /// Takes the upgrade of a client that comes back.
    private func serve(_ peer: RawPeer, id: String) async throws -> RawRequest {
        let request = try await peer.upgrade()
        _ = try await peer.text()
        try await peer.send("A" + id)
        return request
    }

    @Test func `the upgrade goes over the connection that the probe was answered on`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        try await ClientFixture.enter(client, first, "default", rooms: ["lobby"])
        try await first.cut()
        let second = try await server.keepProbe()
        let request = try await serve(second, id: "two")
        #expect(request.line == "GET /echo?x=1 HTTP/1.1")
        #expect(request.first("X-Websocket-Reconnect") == "1")
        _ = try await second.answer("_OnNamespaceConnect")
        _ = try await second.answer("_OnRoomJoin")
        await client.states.until { $0 == .connected("two") }
        // The next outage likewise.
        try await second.cut()
        let third = try await server.keepProbe()
        _ = try await serve(third, id: "three")
        _ = try await third.answer("_OnNamespaceConnect")
        _ = try await third.answer("_OnRoomJoin")
        await client.states.until { $0 == .connected("three") }
        try await ClientFixture.end(client, third)
    }

    @Test func `a frame right behind the answer to that upgrade is not lost`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        try await first.cut()
        let second = try await server.keepProbe()
        try await second.upgrade(behind: RawPeer.frame("Atwo"))
        await client.states.until { $0 == .connected("two") }
        _ = try await second.text()
        try await ClientFixture.end(client, second)
    }

    @Test func `a server that closes the connection at the upgrade is dialled anew, in the same attempt`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        let states = client.states
        try await first.cut()
        let probed = try await server.keepProbe()
        _ = try await probed.request()
        try await probed.cut()
        let (second, request) = try await server.serve(id: "two")
        #expect(request.first("X-Websocket-Reconnect") == "1")
        #expect(
            await states.until { $0 == .connected("two") } == [
                .connected("one"), .waiting(tries: 1), .probing, .dialing(tries: 1), .connected("two"),
            ])
        try await ClientFixture.end(client, second)
    }

    @Test func `what comes unasked behind the answer to a probe ends that connection only`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        try await first.cut()
        let probed = try await server.keepProbe(ClientRawServer.keepingAnswer + "the body that a HEAD has not")
        let (second, request) = try await server.serve(id: "two")
        #expect(request.first("X-Websocket-Reconnect") == "1")
        await client.states.until { $0 == .connected("two") }
        try await probed.awaitEnd()
        try await ClientFixture.end(client, second)
    }

    @Test func `a connection that is closed while fresh headers are fetched is replaced`() async throws {
        let server = try await ClientRawServer.start()
        let gate = AsyncStream.makeStream(of: Void.self)
        let calls = ClientRecorder<Int>()
        var configuration = ClientFixture.quick
        configuration.freshHeaders = {
            calls.add(1)
            if calls.all.count > 1 {
                var opened = gate.stream.makeAsyncIterator()
                _ = await opened.next()
            }
            return [("X-Token", "\(calls.all.count)")]
        }
        let (client, first) = try await ClientFixture.connected(to: server, configuration)
        try await first.cut()
        let probed = try await server.keepProbe()
        await client.states.until { $0 == .dialing(tries: 1) }
        try await probed.cut()
        try await probed.awaitEnd()
        gate.continuation.yield()
        let (second, request) = try await server.serve(id: "two")
        #expect(request.first("X-Token") == "2")
        #expect(request.first("X-Websocket-Reconnect") == "1")
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, second)
    }

    @Test func `a refusal on that connection is the answer, and the client waits`() async throws {
        let server = try await ClientRawServer.start()
        let problems = ClientRecorder<String>()
        let configuration = ClientFixture.quick(telling: problems)
        let (client, first) = try await ClientFixture.connected(to: server, configuration)
        try await first.cut()
        let probed = try await server.keepProbe()
        _ = try await probed.request()
        try await probed.write("HTTP/1.1 503 Full\r\nContent-Length: 4\r\n\r\nfull")
        let again = try await server.keepProbe()
        let request = try await serve(again, id: "two")
        #expect(request.first("X-Websocket-Reconnect") == "2")
        #expect(problems.all.count == 1)
        #expect(problems.all.first?.contains("503") == true)
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, again)
    }

    @Test func `an answer that is malformed is not tried again in the same attempt`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        try await first.cut()
        let probed = try await server.keepProbe()
        _ = try await probed.request()
        try await probed.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
        let again = try await server.keepProbe()
        #expect(try await serve(again, id: "two").first("X-Websocket-Reconnect") == "2")
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, again)
    }

    @Test func `a client that is closed while it has such a connection closes it`() async throws {
        let server = try await ClientRawServer.start()
        let calls = ClientRecorder<Int>()
        var configuration = ClientFixture.quick
        configuration.freshHeaders = {
            calls.add(1)
            if calls.all.count > 1 { try await Task.sleep(for: .seconds(600)) }
            return []
        }
        let (client, first) = try await ClientFixture.connected(to: server, configuration)
        try await first.cut()
        let probed = try await server.keepProbe()
        await client.states.until { $0 == .dialing(tries: 1) }
        await client.close()
        try await probed.awaitEnd()
    }

    @Test(arguments: [
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 405 No\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.0 404 no\r\n\r\nhello",
    ])
    func `an answer after which nothing can be asked on the connection is an answer`(_ answer: String) async throws {
        let server = try await ClientRawServer.start()
        let problems = ClientRecorder<String>()
        let configuration = ClientFixture.quick(telling: problems)
        let (client, first) = try await ClientFixture.connected(to: server, configuration)
        try await first.cut()
        let probed = try await server.keepProbe(answer)
        try await probed.awaitEnd()
        let (second, request) = try await server.serve(id: "two")
        #expect(request.first("X-Websocket-Reconnect") == "1")
        await client.states.until { $0 == .connected("two") }
        #expect(problems.all.isEmpty)
        try await ClientFixture.end(client, second)
    }

    @Test func `where nothing is answered on the connection of a probe, the next probe's is not used`() async throws {
        let server = try await ClientRawServer.start()
        var configuration = ClientFixture.quick
        configuration.dialWithin = .milliseconds(500)
        let (client, first) = try await ClientFixture.connected(to: server, configuration)
        try await first.cut()
        let silent = try await server.keepProbe()
        _ = try await silent.request()
        try await silent.awaitEnd()
        let probe = try await server.answerProbe(ClientRawServer.keepingAnswer)
        #expect(probe.first("Connection") == "close")
        let (second, request) = try await server.serve(id: "two")
        #expect(request.first("X-Websocket-Reconnect") == "2")
        await client.states.until { $0 == .connected("two") }
        // Until it has come back.
        try await second.cut()
        let third = try await server.keepProbe()
        _ = try await serve(third, id: "three")
        await client.states.until { $0 == .connected("three") }
        try await ClientFixture.end(client, third)
    }

    @Test func `nothing of a probe is kept once the client is back`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        try await first.cut()
        let second = try await server.keepProbe()
        _ = try await serve(second, id: "two")
        await client.states.until { $0 == .connected("two") }
        let reconnector = client.reconnector
        let isClean = try await reconnector.loop.submit {
            let state = reconnector.state.value
            return state.probe == nil && state.dial == nil && state.line == nil && state.waitTimer == nil
        }.get()
        #expect(isClean)
        try await ClientFixture.end(client, second)
    }
}
