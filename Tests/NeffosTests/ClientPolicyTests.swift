import NIOCore
import NIOHTTP1
@testable import Neffos
import NeffosSession
import NeffosWire
import Synchronization
import TestSupport
import Testing

/// What steers the way back, and who is told of it.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ClientPolicyTests {
    @Test func `Exponential waits double from one second to thirty, each scattered by a fifth`() {
        let backoff = Backoff(policy: Reconnection.exponential().policy)
        let expected = [1, 2, 4, 8, 16, 30, 30]
        for (attempt, seconds) in zip(1..., expected) {
            #expect(backoff.delay(attempt: attempt, random: 0.5) == .seconds(seconds))
            #expect(backoff.delay(attempt: attempt, random: 0) >= .seconds(Double(seconds) * 0.8) - .nanoseconds(1))
            #expect(backoff.delay(attempt: attempt, random: 1) <= .seconds(Double(seconds) * 1.2) + .nanoseconds(1))
        }
        #expect(!Reconnection.never.policy.comesBack)
    }

    @Test func `The application is asked before each attempt, and its no is the end`() async throws {
        let server = try await ClientRawServer.start()
        let asked = ClientRecorder<String>()
        var configuration = ClientFixture.quick
        configuration.shouldReconnect = { info, tries in
            asked.add("\(info.code.rawValue) \(info.reason) \(info.by) \(tries)")
            return tries < 3
        }
        let (client, first) = try await ClientFixture.connected(to: server, configuration)
        async let ending = client.closed()
        _ = try await first.close(.overloaded, reason: "busy")
        try await server.dropProbe()
        try await server.dropProbe()
        let info = CloseInfo(code: .overloaded, reason: "busy", by: .server)
        #expect(try await ending == .lost(info))
        #expect(client.lastClose == info)
        #expect(asked.all == (1...3).map { "1013 busy server \($0)" })
    }

    @Test func `The application is not asked about a close that one does not come back after`() async throws {
        let server = try await ClientRawServer.start()
        var configuration = ClientFixture.quick
        configuration.shouldReconnect = { _, _ in
            Issue.record("asked")
            return true
        }
        let (client, first) = try await ClientFixture.connected(to: server, configuration)
        _ = try await first.close(.policyViolation, reason: "kicked")
        #expect(try await client.closed() == .closed(CloseInfo(code: .policyViolation, reason: "kicked", by: .server)))
    }

    @Test func `A client that is closed while the application thinks, or fetches a token, ends at once`() async throws {
        for thinksFor in ["attempt", "token"] {
            let server = try await ClientRawServer.start()
            let (thinking, thinks) = AsyncStream.makeStream(of: Void.self)
            let isLost = Mutex(false)
            @Sendable func think() async {
                thinks.yield()
                // Ends with its task.
                try? await Task.sleep(for: .seconds(3600))
            }
            var configuration = ClientFixture.quick
            if thinksFor == "attempt" {
                configuration.shouldReconnect = { _, _ in
                    await think()
                    return true
                }
            } else {
                configuration.freshHeaders = {
                    if isLost.withLock({ $0 }) { await think() }
                    return []
                }
            }
            let (client, first) = try await ClientFixture.connected(to: server, configuration)
            isLost.withLock { $0 = true }
            try await first.cut()
            if thinksFor == "token" { try await server.answerProbe() }
            var iterator = thinking.makeAsyncIterator()
            await iterator.next()
            await client.close()
            #expect(client.state == .closed(.requested))
        }
    }

    @Test func `Without probes each attempt is a dial`() async throws {
        let server = try await ClientRawServer.start()
        var configuration = ClientFixture.quick
        configuration.reconnect.probes = false
        let (client, first) = try await ClientFixture.connected(to: server, configuration)
        let states = client.states
        try await first.cut()
        let refused = try await server.accept()
        #expect(try await refused.request().line.hasPrefix("GET "))
        try await refused.cut()
        let (second, request) = try await server.serve(id: "two")
        #expect(request.first("X-Websocket-Reconnect") == "2")
        #expect(
            await states.until { $0 == .connected("two") } == [
                .connected("one"), .waiting(tries: 1), .dialing(tries: 1), .waiting(tries: 2), .dialing(tries: 2), .connected("two"),
            ])
        #expect(client.tries == 2 && client.wasReconnected)
        #expect(client.connection?.tries == 2)
        #expect(client.connection?.wasReconnected == true)
        #expect(client.lastClose == CloseInfo(code: .abnormal, reason: "connection lost", by: .network))
        try await ClientFixture.end(client, second)
        #expect(client.lastClose == CloseInfo(code: .normal, reason: "", by: .client))
    }

    @Test func `No tries are none`() async throws {
        let server = try await ClientRawServer.start()
        var configuration = ClientFixture.quick
        configuration.reconnect.maxTries = 0
        let (client, first) = try await ClientFixture.connected(to: server, configuration)
        try await first.cut()
        #expect(try await client.closed() == .triesExhausted)
    }

    @Test func `Who looks after the application hears of each attempt and of what was not entered again`() async throws {
        let server = try await ClientRawServer.start()
        let problems = ClientRecorder<ClientProblem>()
        var configuration = ClientFixture.quick
        configuration.onProblem = { problems.add($0) }
        let (client, first) = try await ClientFixture.connected(to: server, configuration)
        try await ClientFixture.enter(client, first, "default", rooms: ["lobby"])
        try await ClientFixture.enter(client, first, "other", rooms: ["full", "hall"])
        try await first.cut()
        try await server.dropProbe()
        try await server.answerProbe()
        let refused = try await server.accept()
        _ = try await refused.request()
        try await refused.write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
        try await server.answerProbe()
        let (second, _) = try await server.serve(id: "two")
        _ = try await second.answer("_OnNamespaceConnect", error: "not \u{1B}[2Jany more")
        _ = try await second.answer("_OnNamespaceConnect")
        _ = try await second.answer("_OnRoomJoin", error: "full")
        _ = try await second.answer("_OnRoomJoin")
        await client.states.until { $0 == .connected("two") }
        #expect(
            problems.all.map(\.description) == [
                "attempt 1: the server cannot be reached: the probe was not answered",
                "attempt 2 failed to dial: the server answered 401",
                "namespace \"default\" could not be entered again: not \\u{1B}[2Jany more",
                "room \"full\" of namespace \"other\" could not be entered again: full",
            ])
        guard case .dialFailed(let error, tries: 2)? = problems.all.dropFirst().first else {
            Issue.record("\(problems.all)")
            return
        }
        #expect(error as? ClientError == .upgradeRefused(status: 401, body: ""))
        #expect(await client.namespaces == ["other"])
        #expect(await client.rooms(in: "other") == ["hall"])
        try await ClientFixture.end(client, second)
    }

    @Test func `A token that was refused is replaced with the next attempt`() async throws {
        let server = try await ClientRawServer.start()
        let token = Mutex("old")
        var configuration = ClientFixture.quick
        configuration.headers = [("Authorization", "none"), ("X-Username", "kim")]
        configuration.freshHeaders = { [("authorization", token.withLock { $0 })] }
        let (client, first) = try await ClientFixture.connected(to: server, configuration)
        try await first.cut()
        try await server.answerProbe()
        let refused = try await server.accept()
        #expect(try await refused.request().headers["Authorization"] == ["old"])
        token.withLock { $0 = "new" }
        try await refused.write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
        try await server.answerProbe()
        let (second, request) = try await server.serve(id: "two")
        #expect(request.headers["Authorization"] == ["new"])
        #expect(request.headers["X-Username"] == ["kim"])
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, second)
    }

    @Test func `Headers that do not come in time fail the dial, and come too late`() async throws {
        let server = try await ClientRawServer.start()
        let asked = Mutex(0)
        let late = ClientWaiter<Void>()
        var configuration = ClientFixture.quick
        configuration.dialWithin = .milliseconds(500)
        configuration.freshHeaders = {
            let count = asked.withLock { asked in
                asked += 1
                return asked
            }
            // Deaf to the end of its task.
            if count == 2 { try await late.value {} }
            return [("X-Count", String(count))]
        }
        let (client, first) = try await ClientFixture.connected(to: server, configuration)
        let states = client.states
        try await first.cut()
        try await server.answerProbe()
        await states.until { $0 == .waiting(tries: 2) }
        late.resume(.success(()))
        try await server.answerProbe()
        let (second, request) = try await server.serve(id: "two")
        #expect(request.first("X-Count") == "3")
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, second)
    }
}
