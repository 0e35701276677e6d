import NIOCore
import NeffosFeed
import Synchronization
import TestSupport
import Testing

@testable import Neffos

/// Pausing and resuming, and sending everybody away.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct OperatorAdmissionTests {
    @Test func `While paused nobody new comes in, who is here stays, and then all is as before`() async throws {
        try await ServerFixture.run { server in
            let member = try await server.member()
            let promised = try await server.dial()
            #expect(try await promised.http("HEAD").status == 302)
            #expect(await server.perform(.pauseAdmission) == OperatorOutcome(count: 0))
            #expect(await server.perform(.pauseAdmission).result == "it was paused already")
            let probe = try await server.dial()
            try await probe.write(RawClient.request("HEAD"))
            #expect(await probe.awaitEnd() == 0)
            // Who was told that the server is there is let in: it might give up for ever.
            #expect(try await promised.upgrade().status == 101)
            let refused = try await server.dial().upgrade()
            #expect(refused.status == 503 && refused.body == "paused\n")
            #expect(try await member.ask("default;;echo;0;0;hi") == ";default;;echo;0;0;hi")
            #expect(await server.perform(.resumeAdmission) == OperatorOutcome(count: 0))
            #expect(await server.perform(.resumeAdmission).result == "it was not paused")
            #expect(try await server.dial().http("HEAD").status == 302)
            #expect(try await server.dial().upgrade().status == 101)
            #expect(
                await server.actions(4).map(\.action) == ["pause admission", "pause admission", "resume admission", "resume admission"])
        }
    }

    @Test func `A drain sends everybody away with 1001, stops the server and tells the process`() async throws {
        let asked = Reports<String>()
        var hooks = ServerHooks()
        hooks.onDrainRequested = { asked.add($0) }
        try await ServerFixture.run(hooks: hooks) { server in
            let running = Task { try await server.server.run() }
            let clients = [try await server.member(), try await server.member()]
            let outcome = await server.perform(.drain)
            #expect(outcome.count == 2 && !outcome.isRefused)
            #expect(await asked.next() == "console")
            for client in clients { #expect(try await client.closed() == (.goingAway, "drained by an operator")) }
            // The run ends by itself, and whoever stops the server again waits for the same end.
            try await running.value
            await server.stop(grace: .zero)
            let types = server.kinds.map(\.typeName).filter { $0 != "sample" }
            #expect(types.last == "server.stopped")
            #expect(types.count { $0 == "server.stopped" } == 1 && types.count { $0 == "server.draining" } == 1)
            #expect(await server.actions(1).map(\.target) == ["server"])
        }
    }

    @Test func `A second stop waits for the first`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            try await client.stopReading()
            async let first: Void = server.server.shutdown(grace: .milliseconds(100), reason: "first")
            #expect(await server.wait { $0.typeName == "server.draining" })
            await server.server.shutdown(grace: .seconds(60), reason: "second")
            #expect(await server.wait { if case .serverStopped(let state) = $0 { state.reason == "first" } else { false } })
            await first
        }
    }
}
