import Neffos
import TestSupport
import Testing

/// Calls of the originals' clients that no other suite shows: see Compatibility.md.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct CompatibilityClientTests {
    @Test func `The connection of the moment is there while the client is, and tells who it is`() async throws {
        try await ServerFixture.run { server in
            let client = try ClientFixture.client(server.server.url)
            #expect(client.connection == nil && client.id == "" && client.state == .idle)
            try await client.connect()
            let connection = try #require(client.connection)
            #expect(connection.id == client.id && !connection.isServer && connection.server == nil)
            #expect(connection.remote == "127.0.0.1:\(server.port)")
            #expect(client.url == server.server.url)
            let namespace = try await client.connect(to: "default")
            #expect(namespace.client === client && namespace.namespace == "default")
            #expect(await connection.namespaces == ["default"])
            await client.close()
            #expect(client.connection == nil)
            #expect(connection.isClosed)
        }
    }
}
