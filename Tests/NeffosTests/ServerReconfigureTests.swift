import NIOCore
import TestSupport
import Testing

@testable import Neffos

@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ServerReconfigureTests {
    private static func change(_ server: ServerFixture, origins: [String] = ["same"], _ edit: (inout ServerConfiguration.Limits) -> Void)
        async throws
    {
        var limits = server.server.limits
        edit(&limits)
        try await server.server.reconfigure(limits: limits, origins: origins)
    }

    @Test func `Fewer connections than there are drop nobody, and let nobody in until there is room`() async throws {
        try await ServerFixture.run { server in
            let first = try await server.member()
            let second = try await server.member()
            try await Self.change(server) { $0.connections = 1 }
            #expect(try await server.dial().upgrade().status == 503)
            await first.cut()
            _ = try await server.closed(first.id)
            #expect(try await server.dial().upgrade().status == 503)
            #expect(try await second.ask("default;;echo;0;0;here") == ";default;;echo;0;0;here")
            await second.cut()
            _ = try await server.closed(second.id)
            _ = try await server.acknowledged()
        }
    }

    @Test func `A bound on one address counts those who were here before there was one`() async throws {
        try await ServerFixture.run { server in
            let first = try await server.acknowledged()
            _ = try await server.acknowledged()
            try await Self.change(server) { $0.connectionsPerAddress = 2 }
            #expect(try await server.dial().upgrade().status == 429)
            await first.cut()
            _ = try await server.closed(first.id)
            _ = try await server.acknowledged()
            #expect(try await server.dial().upgrade().status == 429)
            try await Self.change(server) { $0.connectionsPerAddress = 0 }
            _ = try await server.acknowledged()
        }
    }

    @Test func `The biggest message is what a connection began with`() async throws {
        try await ServerFixture.run { server in
            let old = try await server.member()
            try await Self.change(server) { $0.messageBytes = 200 }
            let new = try await server.member()
            let message = "default;;echo;0;0;" + String(repeating: "x", count: 300)
            #expect(try await old.ask(message) == ";" + message)
            try await new.write(RawClient.frame(ByteBuffer(string: "1;" + message), .text))
            #expect(try await new.closed().code == .tooBig)
        }
    }

    @Test func `Pages are judged by the origins of now, and wrong ones change nothing`() async throws {
        try await ServerFixture.run { server in
            let page = [("Origin", "https://example.org")]
            #expect(try await server.dial().upgrade(page).status == 403)
            try await Self.change(server, origins: ["https://example.org"]) { _ in }
            #expect(try await server.dial().upgrade(page).status == 101)
            await #expect(throws: ConfigurationError.self) {
                try await server.server.reconfigure(limits: server.server.limits, origins: ["example.org"])
            }
            #expect(try await server.dial().upgrade(page).status == 101)
        }
    }

    @Test func `Another certificate is served to whoever comes, and one that cannot be used changes nothing`() async throws {
        let files = try TLSFixture()
        let other = try TLSFixture()
        defer {
            files.remove()
            other.remove()
        }
        try other.write(TLSFixture.second)
        let trusted = try other.trust(TLSFixture.second, as: "second.pem")
        try await ServerFixture.run(.defaultRelay) {
            $0.tls = .init(certificate: files.certificate, key: files.key)
        } _: { server in
            await #expect(throws: (any Error).self) {
                try await server.server.reconfigure(
                    limits: .init(), origins: ["*"], tls: .init(certificate: other.certificate, key: files.key))
            }
            try await server.server.reconfigure(
                limits: server.server.limits, origins: ["same"], tls: .init(certificate: other.certificate, key: other.key))
            var configuration = ClientFixture.quick
            configuration.tls.trustedCertificates = [trusted]
            let client = try ClientFixture.client("wss://localhost:\(server.port)/echo", configuration)
            try await client.connect()
            await client.close()
        }
    }

    @Test func `Turns are taken as long as no event loop hangs`() async throws {
        try await ServerFixture.run { server in await server.server.takesTurns() }
    }
}
