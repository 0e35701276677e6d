import NIOCore
import TestSupport
import Testing

@testable import Neffos

/// Calls of the originals' server that no other suite shows: see Compatibility.md.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct CompatibilityServerTests {
    @Test func `A server that was stopped reaches nobody and asks nobody`() async throws {
        try await ServerFixture.run { fixture in
            let client = try await fixture.member()
            let id = await client.id
            let server = fixture.server
            await server.shutdown(grace: .zero)
            #expect(server.url == "")
            #expect(server.connectionCount == 0 && server.connections.isEmpty && server.connection(id) == nil)
            let message = Message(namespace: "default", event: "late")
            server.broadcast(message)
            server.broadcastToAll("late", ByteBuffer())
            #expect(!server.send(message, to: id))
            await #expect(throws: NeffosError(.writeClosed)) { try await server.ask(message, of: id) }
            await #expect(throws: NeffosError(.badNamespace)) { try await server.askFirst(message) }
            #expect(await server.members(of: "default").isEmpty)
            await server.forEachConnection { _ in Issue.record("nobody is here") }
            await client.awaitEnd()
        }
    }
}
