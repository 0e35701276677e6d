import Foundation
import NIOCore
import NIOSSL
import Neffos
import TestSupport
import Testing

@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ClientTLSTests {
    private static func withFiles(_ body: (_ certificate: String, _ key: String) async throws -> Void) async throws {
        let files = try TLSFixture()
        defer { files.remove() }
        try await body(files.certificate, files.key)
    }

    /// A server, and the file of the certificate it has.
    private static func withServer(_ body: (_ url: String, _ certificate: String) async throws -> Void) async throws {
        try await withFiles { certificate, key in
            let server = ClientServerTests.server { $0.tls = .init(certificate: certificate, key: key) }
            let port = try #require(try await server.start().port)
            try await body("wss://localhost:\(port)/echo", certificate)
            await server.shutdown(grace: .seconds(1))
        }
    }

    @Test func `A client that trusts the certificate connects, and comes back`() async throws {
        try await Self.withServer { url, certificate in
            var configuration = ClientFixture.quick
            configuration.tls.trustedCertificates = [certificate]
            let client = try ClientFixture.client(url, configuration)
            try await client.connect()
            let namespace = try await client.connect(to: "default")
            #expect(try await namespace.ask("echo", "over TLS").text == "over TLS")
            let id = client.id
            client.drop()
            await client.states.until { if case .connected(let now) = $0 { now != id } else { false } }
            #expect(try await namespace.ask("echo", "again").text == "again")
            await client.close()
        }
    }

    @Test func `A client does not connect where the certificate is not trusted or names another host`() async throws {
        try await Self.withServer { url, certificate in
            let stranger = try ClientFixture.client(url)
            guard case .unreachable? = await ClientDialTests.failure(of: stranger) else {
                Issue.record("a stranger was trusted")
                return
            }
            let byAddress = url.replacingOccurrences(of: "localhost", with: "127.0.0.1")
            var configuration = ClientFixture.quick
            configuration.tls.trustedCertificates = [certificate]
            guard case .unreachable? = await ClientDialTests.failure(of: try ClientFixture.client(byAddress, configuration)) else {
                Issue.record("another host was trusted")
                return
            }
            configuration.tls.verification = .anyHost
            let client = try ClientFixture.client(byAddress, configuration)
            try await client.connect()
            await client.close()
        }
    }

    /// Why a client does not come to a server of that certificate, which it trusts.
    private static func problem(_ pair: TLSFixture.Pair, host: String = "localhost", trusts: Bool = true) async throws -> String {
        let files = try TLSFixture()
        defer { files.remove() }
        let usual = try ServerConfiguration.TLSFiles(certificate: files.trust(pair, as: "server.pem"), key: files.key)
        let server = ClientServerTests.server { $0.tls = usual }
        let port = try #require(try await server.start().port)
        var configuration = ClientFixture.quick
        if trusts { configuration.tls.trustedCertificates = [usual.certificate] }
        let client = try ClientFixture.client("wss://\(host):\(port)/echo", configuration)
        let failure = await ClientDialTests.failure(of: client)
        await server.shutdown(grace: .seconds(1))
        guard case .unreachable(let text)? = failure else { return "\(String(describing: failure))" }
        return text
    }

    @Test func `Why a server's certificate is not taken is told in words`() async throws {
        #expect(
            try await Self.problem(TLSFixture.first, host: "127.0.0.1") == "TLS: the server's certificate is not for the name 127.0.0.1")
        #expect(
            try await Self.problem(TLSFixture.first, trusts: false)
                == "TLS: the server's certificate is of no issuer that is trusted here")
        #expect(try await Self.problem(TLSFixture.expired) == "TLS: the server's certificate expired at 2021-06-30 12:00 UTC")
        #expect(
            try await Self.problem(TLSFixture.expired, trusts: false) == "TLS: the server's certificate expired at 2021-06-30 12:00 UTC")
        #expect(
            try await Self.problem(TLSFixture.early) == "TLS: the server's certificate is not valid before 2119-03-01 09:30 UTC")
    }

    @Test func `A file to trust that has no certificate is named`() async throws {
        try await Self.withFiles { certificate, key in
            for (file, problem) in [
                ("/nowhere/certificate.pem", "the file /nowhere/certificate.pem cannot be read: No such file or directory"),
                (key, "the file \(key) has no certificate in PEM"),
            ] {
                var configuration = ClientConfiguration()
                configuration.tls.trustedCertificates = [certificate, file]
                #expect(throws: ClientError.invalidTrust(problem)) { try ClientFixture.client("wss://localhost/", configuration) }
            }
        }
    }

    @Test func `A missing certificate to trust is an error from the start`() {
        var configuration = ClientConfiguration()
        configuration.tls.trustedCertificates = ["/nowhere/certificate.pem"]
        #expect {
            _ = try ClientFixture.client("wss://localhost/", configuration)
        } throws: { error in
            if case .invalidTrust? = error as? ClientError { true } else { false }
        }
    }

    // MARK: Mutual TLS

    /// A raw server of that certificate that takes only clients who show it too.
    private static func startMutual(port: Int = 0, _ certificate: String, _ key: String) async throws -> ClientRawServer {
        let chain = try NIOSSLCertificate.fromPEMFile(certificate)
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
        tls.certificateVerification = .noHostnameVerification
        tls.trustRoots = .certificates(chain)
        return try await ClientRawServer.start(port: port, tls: try NIOSSLContext(configuration: tls))
    }

    @Test func `A client shows its certificate to a server that asks for one`() async throws {
        try await Self.withFiles { certificate, key in
            let server = try await Self.startMutual(certificate, key)
            let url = "wss://localhost:\(server.port)/echo"
            var configuration = ClientFixture.quick
            configuration.tls.trustedCertificates = [certificate]
            let nobody = try ClientFixture.client(url, configuration)
            guard case .unreachable? = await ClientDialTests.failure(of: nobody) else {
                Issue.record("a client without a certificate was let in")
                return
            }
            _ = try await server.accept()

            configuration.tls.identity = .init(certificate: certificate, key: key)
            let client = try ClientFixture.client(url, configuration)
            async let connecting: Void = client.connect()
            let (peer, _) = try await server.serve(id: "one")
            try await connecting
            try await ClientFixture.end(client, peer)
        }
    }

    @Test func `A certificate of one's own that is missing, or no key of it, is an error from the start`() async throws {
        try await Self.withFiles { certificate, key in
            for (certificate, key) in [("/nowhere", key), (certificate, "/nowhere"), (certificate, certificate)] {
                var configuration = ClientConfiguration()
                configuration.tls.identity = .init(certificate: certificate, key: key)
                #expect {
                    _ = try ClientFixture.client("wss://localhost/", configuration)
                } throws: { error in
                    if case .invalidIdentity? = error as? ClientError { true } else { false }
                }
            }
        }
    }

    @Test func `TLS that fails on the way back is tried again`() async throws {
        try await Self.withFiles { certificate, key in
            let first = try await Self.startMutual(certificate, key)
            var configuration = ClientFixture.quick
            configuration.tls.trustedCertificates = [certificate]
            configuration.tls.identity = .init(certificate: certificate, key: key)
            let client = try ClientFixture.client("wss://localhost:\(first.port)/echo", configuration)
            async let connecting: Void = client.connect()
            let (peer, _) = try await first.serve(id: "one")
            try await connecting
            let states = client.states
            try await first.stop()
            // Where TLS was, there is something else for a while.
            let plain = try await ClientRawServer.start(port: first.port)
            try await peer.cut()
            let confused = try await plain.accept()
            try await confused.write("HTTP/1.1 302 Found\r\n\r\n")
            try await confused.awaitEnd()
            await states.until { $0 == .waiting(tries: 2) }
            try await plain.stop()
            let again = try await Self.startMutual(port: first.port, certificate, key)
            try await again.answerProbe()
            let (second, request) = try await again.serve(id: "two")
            #expect((request.first("X-Websocket-Reconnect").flatMap { Int($0) } ?? 0) >= 2)
            await client.states.until { $0 == .connected("two") }
            try await ClientFixture.end(client, second)
        }
    }
}
