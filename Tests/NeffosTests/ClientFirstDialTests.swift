import NIOCore
import NIOHTTP1
@testable import Neffos
import NeffosWire
import TestSupport
import Testing

/// The first connection: in one call, and where it is tried again.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ClientFirstDialTests {
    private static var stubborn: ClientConfiguration {
        var configuration = ClientFixture.quick
        configuration.reconnect.retriesFirstDial = true
        return configuration
    }

    @Test func `A client is dialed in one call`() async throws {
        let server = try await ClientRawServer.start()
        var configuration = ClientFixture.quick
        configuration.headers = [("X-Username", "kim")]
        let chosen = configuration
        async let dialed = Client.dial(server.url, configuration: chosen, handlers: ClientFixture.handlers)
        let (peer, request) = try await server.serve(id: "one")
        #expect(request.first("X-Username") == "kim")
        let client = try await dialed
        #expect(client.state == .connected("one"))
        #expect(!client.wasReconnected && client.tries == 0 && client.lastClose == nil)
        #expect(!client.isClosed)
        try await ClientFixture.end(client, peer)
        #expect(client.isClosed)
    }

    @Test func `A dial in one call that fails throws and leaves nothing`() async throws {
        let server = try await ClientRawServer.start()
        let url = server.url
        let dialing = Task { try await Client.dial(url, configuration: ClientFixture.quick) }
        let peer = try await server.accept()
        try await peer.upgrade()
        _ = try await peer.text()
        try await peer.send("Hnot today")
        await #expect(throws: ClientError.refused("not today")) { try await dialing.value }
        try await server.stop()
        await #expect {
            try await Client.dial(url, configuration: ClientFixture.quick)
        } throws: {
            if case .unreachable? = $0 as? ClientError { true } else { false }
        }
        await #expect(throws: ClientError.self) { try await Client.dial("http://localhost/") }
    }

    @Test func `Where it is wanted, a first dial that failed is tried again like one of an outage`() async throws {
        let server = try await ClientRawServer.start()
        let problems = ClientRecorder<String>()
        var configuration = Self.stubborn
        configuration.onProblem = { problems.add("\($0)") }
        let client = try ClientFixture.client(server.url, configuration)
        let states = client.states
        async let connecting: Void = client.connect()
        let refused = try await server.accept()
        _ = try await refused.request()
        try await refused.write("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
        try await server.dropProbe()
        try await server.answerProbe()
        let mute = try await server.accept()
        try await mute.upgrade()
        _ = try await mute.text()
        _ = try await mute.close(.overloaded, reason: "later")
        try await server.answerProbe()
        let (peer, request) = try await server.serve(id: "one")
        try await connecting
        #expect(request.first("X-Websocket-Reconnect") == nil, "it does not come back from anywhere")
        #expect(request.first("X-Websocket-Previous") == nil)
        #expect(!client.wasReconnected)
        #expect(
            await states.until { $0 == .connected("one") } == [
                .idle, .connecting, .waiting(tries: 2), .probing, .waiting(tries: 3), .probing, .dialing(tries: 3), .waiting(tries: 4),
                .probing, .dialing(tries: 4), .connected("one"),
            ])
        #expect(
            problems.all == [
                "attempt 1 failed to dial: the server answered 503",
                "attempt 2: the server cannot be reached: the probe was not answered",
                "attempt 3 failed to dial: the connection ended before the ack (1013 later)",
            ])

        // From here on it is a client as any other.
        try await peer.cut()
        try await server.answerProbe()
        let (second, again) = try await server.serve(id: "two")
        #expect(again.first("X-Websocket-Reconnect") == "1")
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, second)
    }

    @Test func `A first connect ends with the last error when its tries are used up, and may be called again`() async throws {
        let server = try await ClientRawServer.start()
        let waits = ClientRecorder<Duration>()
        var configuration = Self.stubborn
        configuration.reconnect = .exponential(first: .seconds(1), jitter: 0, maxTries: 3)
        configuration.reconnect.retriesFirstDial = true
        let client = try ClientFixture.client(
            server.url, configuration, environment: ClientEnvironment(wait: { waits.add($0) }, random: { 0 }))
        async let failure = ClientDialTests.failure(of: client)
        let first = try await server.accept()
        _ = try await first.request()
        try await first.cut()
        try await server.answerProbe()
        let second = try await server.accept()
        _ = try await second.request()
        try await second.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        try await server.dropProbe()
        #expect(await failure == .unreachable("the probe was not answered"))
        #expect(waits.all == [.seconds(1), .seconds(2)], "the first dial is one of three")
        #expect(client.state == .idle)

        async let connecting: Void = client.connect()
        let (peer, _) = try await server.serve(id: "one")
        try await connecting
        try await ClientFixture.end(client, peer)
    }

    @Test func `A first connect is not tried again after H, a close that forbids it, or a header that cannot be sent`() async throws {
        let server = try await ClientRawServer.start()
        let client = try ClientFixture.client(server.url, Self.stubborn)
        async let refusal = ClientDialTests.failure(of: client)
        let first = try await server.accept()
        try await first.upgrade()
        _ = try await first.text()
        try await first.send("Hno")
        #expect(await refusal == .refused("no"))
        _ = try await first.awaitClose()

        async let closing = ClientDialTests.failure(of: client)
        let second = try await server.accept()
        try await second.upgrade()
        _ = try await second.text()
        _ = try await second.close(.policyViolation, reason: "banned")
        #expect(await closing == .closedBeforeAck(CloseInfo(code: .policyViolation, reason: "banned", by: .server)))
        #expect(client.lastClose == nil, "it never was a connection")

        var configuration = Self.stubborn
        configuration.headers = [("X-Good", "bad\r\nX-Other: 1")]
        #expect(await ClientDialTests.failure(of: try ClientFixture.client(server.url, configuration)) == .invalidHeaders)
    }

    @Test func `A first connect that waits for the next attempt ends when it is cancelled, and when the client is closed`() async throws {
        for isCancelled in [true, false] {
            let server = try await ClientRawServer.start()
            var configuration = Self.stubborn
            configuration.reconnect.interval = .seconds(3600)
            let client = try ClientFixture.client(server.url, configuration)
            let connecting = Task { try await client.connect() }
            let peer = try await server.accept()
            try await peer.cut()
            await client.states.until { $0 == .waiting(tries: 2) }
            if isCancelled {
                connecting.cancel()
                await #expect(throws: CancellationError.self) { try await connecting.value }
                #expect(client.state == .idle)
            } else {
                await client.close()
                await #expect(throws: ClientError.ended) { try await connecting.value }
                #expect(client.state == .closed(.requested))
            }
        }
    }

    @Test func `A second connect that is cancelled leaves the first alone`() async throws {
        let server = try await ClientRawServer.start()
        let client = try ClientFixture.client(server.url)
        async let connecting: Void = client.connect()
        let peer = try await server.accept()
        let second = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await client.connect()
        }
        await #expect(throws: CancellationError.self) { try await second.value }
        await #expect(throws: ClientError.alreadyConnected) { try await client.connect() }
        try await peer.upgrade()
        _ = try await peer.text()
        try await peer.send("Aone")
        try await connecting
        try await ClientFixture.end(client, peer)
    }

    @Test func `The application is asked before each further attempt at a first connection`() async throws {
        let server = try await ClientRawServer.start()
        let asked = ClientRecorder<String>()
        var configuration = Self.stubborn
        configuration.shouldReconnect = { info, tries in
            asked.add("\(info.code.rawValue) \(tries) \(info.reason)")
            return tries < 3
        }
        let client = try ClientFixture.client(server.url, configuration)
        async let failure = ClientDialTests.failure(of: client)
        let first = try await server.accept()
        _ = try await first.request()
        try await first.write("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
        try await server.dropProbe()
        #expect(await failure == .unreachable("the probe was not answered"))
        #expect(
            asked.all == ["1006 2 the server answered 503", "1006 3 the server cannot be reached: the probe was not answered"])
    }
}
