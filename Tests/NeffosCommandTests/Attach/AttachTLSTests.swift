import Foundation
import TestSupport
import Testing

@testable import NeffosCommand

/// An admin address on TCP with TLS, and consoles that come to it, as processes.
@Suite(.fewAtOnce, .timeLimit(.minutes(3))) struct AttachTLSTests {
    private func serve(_ tls: TLSFixture, token: String) async throws -> (process: CommandProcess, port: Int) {
        let server = try CommandProcess(
            ["serve", "--headless", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"],
            environment: [
                "NEFFOS_ADMIN_TOKEN": token, "NEFFOS_ADMIN_TLS_CERTIFICATE": tls.certificate, "NEFFOS_ADMIN_TLS_KEY": tls.key,
            ])
        try await server.eventually("the admin address is told") { server.standardError.contains("the admin address url=wss://") }
        let line = try #require(server.errorLines.first { $0.contains("the admin address url=") })
        let url = try #require(line.split(separator: "url=").last.flatMap { URL(string: String($0)) })
        return (server, try #require(url.port))
    }

    @Test func `over TLS a console with the token that trusts the certificate sees the server`() async throws {
        let tls = try TLSFixture()
        let folder = try TestFolder()
        defer {
            tls.remove()
            folder.remove()
        }
        let (server, port) = try await serve(tls, token: "s3cret")
        let token = folder.file("token")
        try Data("s3cret\n".utf8).write(to: URL(fileURLWithPath: token))
        let url = "wss://localhost:\(port)"
        let attached = try CommandProcess(["attach", url, "--ca", tls.certificate, "--token-file", token, "--headless", "--feed", "-"])
        try await attached.eventually("a sample comes") { attached.standardOutput.contains("\"type\":\"sample\"") }
        #expect(attached.errorLines.count == 1)
        attached.signal(SIGTERM)
        #expect(try await attached.exit() == 0)
        let drill = try CommandProcess(
            ["drill", url, "--away", "100ms"],
            environment: ["NEFFOS_ADMIN_TOKEN": "wrong"])
        #expect(try await drill.exit() == 69)
        #expect(!server.standardError.contains("s3cret"))
        server.signal(SIGTERM)
        #expect(try await server.exit() == 0)
    }

    @Test func `what is wrong with a token, a certificate or a scheme is told in one line`() async throws {
        let tls = try TLSFixture()
        let folder = try TestFolder()
        defer {
            tls.remove()
            folder.remove()
        }
        let (server, port) = try await serve(tls, token: "s3cret")
        func attach(_ address: String, _ arguments: String..., token: String = "s3cret") async throws -> (code: Int32, line: String) {
            let process = try CommandProcess(["attach", address, "--headless"] + arguments, environment: ["NEFFOS_ADMIN_TOKEN": token])
            let code = try await process.exit()
            #expect(process.errorLines.count == 1, "\(process.standardError)")
            #expect(process.standardOutput.isEmpty)
            return (code, process.errorLines.first ?? "")
        }
        let url = "wss://localhost:\(port)"
        let wrong = try await attach(url, "--ca", tls.certificate, token: "wrong")
        #expect(wrong.code == 69)
        #expect(
            wrong.line
                == "neffos: \(url): the token is wrong; give the server's with --token-file FILE, or in NEFFOS_ADMIN_TOKEN")

        let untrusted = try await attach(url)
        #expect(untrusted.code == 69)
        let problem = "cannot attach: the server cannot be reached: TLS: the server's certificate"
        let sentence = "\(problem) is of no issuer that is trusted here; name its PEM file, or its issuer's, with --ca FILE"
        #expect(untrusted.line == "neffos: \(url): \(sentence)")
        let other = try await attach(url, "--ca", try tls.trust(TLSFixture.second, as: "other.pem"))
        #expect(other.code == 69)
        #expect(other.line == untrusted.line)

        let elsewhere = try await attach("wss://127.0.0.1:\(port)", "--ca", tls.certificate)
        #expect(elsewhere.code == 69)
        #expect(elsewhere.line.contains(": \(problem) is not for the name 127.0.0.1; write a name in the URL"), "\(elsewhere.line)")

        let plain = try await attach("ws://localhost:\(port)")
        #expect(plain.code == 69)
        #expect(plain.line.contains("; if the port speaks TLS, write wss:// in place of ws://; else "), "\(plain.line)")
        let missing = try await attach(url, "--ca", folder.file("nowhere.pem"))
        #expect(missing.code == 78)
        #expect(missing.line.contains("--ca: "), "\(missing.line)")
        let none = try await attach(url, "--ca", folder.file("empty.pem"))
        #expect(none.code == 78)
        let junk = try await attach(url, "--ca", tls.key)
        #expect(junk.code == 78)
        #expect(junk.line == "neffos: --ca: the file \(tls.key) has no certificate in PEM; give it a PEM file of certificates")
        server.signal(SIGTERM)
        #expect(try await server.exit() == 0)
    }
}
