import Foundation
import NIOCore
import Neffos
import TestSupport
import Testing

@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ClientTLSTests {
    /// Valid for `localhost` until 2120, made for these tests and used nowhere else.
    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBdDCCARqgAwIBAgIUPm9+mUq9EqB+lDdXoy32D6+B5pgwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAx
        MDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAASCZI4GeCDHflCEWsjgf3rzQJekjS+HMfaKQbuOhI2qfIa5KL8mx6i/
        +0S1kBNOLOKM01+yU54ZvGODxxkJBGlVo0gwRjAUBgNVHREEDTALgglsb2NhbGhv
        c3QwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHQ4EFgQU7buQsx15Iqj2OsUzpJ3/p4SV
        PhEwCgYIKoZIzj0EAwIDSAAwRQIgYfcilzLWJ9jbDlbx/G4mhU86bWGKInzB7rNi
        NwSUQ10CIQCQ4uhd0e95vfg/MB73dypJJpvtopOfkL1bKXI7dhDziA==
        -----END CERTIFICATE-----
        """

    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgnkq5dPWN7qka63TL
        2/Bi58TKOjc/xdkMPbNoIfX9zuShRANCAASCZI4GeCDHflCEWsjgf3rzQJekjS+H
        MfaKQbuOhI2qfIa5KL8mx6i/+0S1kBNOLOKM01+yU54ZvGODxxkJBGlV
        -----END PRIVATE KEY-----
        """

    /// A server with that certificate, and the files' names.
    private static func withServer(_ body: (_ url: String, _ certificate: String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("neffos-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let certificate = folder.appendingPathComponent("certificate.pem")
        let key = folder.appendingPathComponent("key.pem")
        try Data(Self.certificate.utf8).write(to: certificate)
        try Data(Self.key.utf8).write(to: key)
        let server = ClientServerTests.server { $0.tls = .init(certificate: certificate.path, key: key.path) }
        let port = try #require(try await server.start().port)
        try await body("wss://localhost:\(port)/echo", certificate.path)
        await server.shutdown(grace: .seconds(1))
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

    @Test func `A missing certificate to trust is an error from the start`() {
        var configuration = ClientConfiguration()
        configuration.tls.trustedCertificates = ["/nowhere/certificate.pem"]
        #expect {
            _ = try ClientFixture.client("wss://localhost/", configuration)
        } throws: { error in
            if case .invalidTrust? = error as? ClientError { true } else { false }
        }
    }
}
