import Logging
import NIOCore
import NIOSSL
import NeffosFeed
import Synchronization
import TestSupport
import Testing

@testable import Neffos

@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct TLSReloadTests {
    private static func run(
        every: Duration = .zero, _ body: (_ server: ServerFixture, _ files: TLSFixture, _ old: String, _ new: String) async throws -> Void
    ) async throws {
        let files = try TLSFixture()
        defer { files.remove() }
        let old = try files.trust(TLSFixture.first, as: "first.pem")
        let new = try files.trust(TLSFixture.second, as: "second.pem")
        try await ServerFixture.run(.defaultRelay) {
            $0.tls = .init(certificate: files.certificate, key: files.key)
            $0.tls?.reloadEvery = every
        } _: { server in
            try await body(server, files, old, new)
        }
    }

    private static func client(_ server: ServerFixture, trusting certificate: String) throws -> Client {
        var configuration = ClientFixture.quick
        configuration.tls.trustedCertificates = [certificate]
        return try ClientFixture.client("wss://localhost:\(server.port)/echo", configuration)
    }

    /// Whether a newcomer that trusts this certificate only gets in.
    private static func isServed(_ server: ServerFixture, _ certificate: String) async throws -> Bool {
        let client = try client(server, trusting: certificate)
        do { try await client.connect() } catch { return false }
        await client.close()
        return true
    }

    @Test func `Who comes after a reload gets the new certificate, and who was there stays`() async throws {
        try await Self.run { server, files, old, new in
            let first = try Self.client(server, trusting: old)
            try await first.connect()
            let namespace = try await first.connect(to: "default")
            try files.write(TLSFixture.second)
            #expect(try await Self.isServed(server, old))
            try await server.server.reloadTLS()
            #expect(try await Self.isServed(server, new))
            #expect(try await !Self.isServed(server, old))
            #expect(try await namespace.ask("echo", "still here").text == "still here")
            await first.close()
        }
    }

    @Test func `Files that cannot be used are an error, and the old certificate stays`() async throws {
        try await Self.run { server, files, old, _ in
            try files.write(certificate: "no certificate")
            await #expect(throws: (any Error).self) { try await server.server.reloadTLS() }
            #expect(try await Self.isServed(server, old))
            // As when one of two files was replaced, and the other is about to be.
            try files.write(certificate: TLSFixture.second.certificate)
            await #expect(throws: (any Error).self) { try await server.server.reloadTLS() }
            #expect(try await Self.isServed(server, old))
            files.removeCertificate()
            await #expect(throws: (any Error).self) { try await server.server.reloadTLS() }
            #expect(try await Self.isServed(server, old))
        }
    }

    @Test func `Files that change are read again by themselves`() async throws {
        try await Self.run(every: .milliseconds(5)) { server, files, _, new in
            try files.write(TLSFixture.second)
            try await eventually { try await Self.isServed(server, new) }
        }
    }

    @Test func `A change is looked at once, whatever comes of it, and said once`() async throws {
        let files = try TLSFixture()
        defer { files.remove() }
        let lines = LogLines()
        let logger = lines.logger
        let source = TLSSource(.init(certificate: files.certificate, key: files.key))
        try await source.load()
        let first = try #require(source.context)
        await source.look(logger: logger)
        #expect(lines.all.isEmpty)
        try files.write(certificate: "no certificate")
        for _ in 0..<3 { await source.look(logger: logger) }
        #expect(lines.all == ["the certificate could not be read again, the old one stays"])
        #expect(source.context === first)
        try files.write(TLSFixture.second)
        for _ in 0..<3 { await source.look(logger: logger) }
        #expect(lines.all.dropFirst() == ["the certificate was read again"])
        #expect(source.context !== first)
    }

    @Test func `A certificate that is not valid now is warned of at each reading, and served`() async throws {
        let files = try TLSFixture()
        defer { files.remove() }
        try files.write(TLSFixture.expired)
        let lines = LogLines()
        let source = TLSSource(.init(certificate: files.certificate, key: files.key))
        source.warn(lines.logger)
        try await source.load()
        let expired = "the certificate expired at 2021-06-30 12:00 UTC: clients will not take it, renew it or check the clock"
        #expect(lines.all == [expired])
        #expect(source.context != nil)
        try await source.load()
        #expect(lines.all == [expired, expired])
        try files.write(TLSFixture.early)
        #expect(try await source.reloadIfChanged())
        #expect(
            lines.all.last
                == "the certificate is not valid before 2119-03-01 09:30 UTC: clients will not take it, renew it or check the clock")
        try files.write(TLSFixture.first)
        #expect(try await source.reloadIfChanged())
        #expect(lines.all.count == 3)
    }

    @Test func `A certificate's term is told at its ends alone`() {
        let term = CertificateTerm(start: FeedTime(milliseconds: 0), end: FeedTime(milliseconds: 86_400_000))
        #expect(term.fault(at: FeedTime(milliseconds: -1)) == "is not valid before 1970-01-01 00:00 UTC")
        #expect(term.fault(at: FeedTime(milliseconds: 0)) == nil)
        #expect(term.fault(at: FeedTime(milliseconds: 86_400_000)) == nil)
        #expect(term.fault(at: FeedTime(milliseconds: 86_400_001)) == "expired at 1970-01-02 00:00 UTC")
    }

    @Test func `Without TLS there is nothing to read again`() async throws {
        try await ServerFixture.run { server in try await server.server.reloadTLS() }
    }

    @Test func `A peer that begins no TLS, or never ends its handshake, is closed`() async throws {
        let files = try TLSFixture()
        defer { files.remove() }
        try await ServerFixture.run(.defaultRelay) {
            $0.tls = .init(certificate: files.certificate, key: files.key)
            $0.limits.handshakeWithin = .milliseconds(50)
        } _: { server in
            let silent = try await server.dial()
            let slow = try await server.dial()
            // The beginning of a ClientHello.
            try await slow.write(ByteBuffer(bytes: [0x16, 3, 1, 2, 0, 1, 0, 1]))
            let plain = try await server.dial()
            try await plain.write(RawClient.request("HEAD"))
            for client in [silent, slow, plain] { await client.awaitEnd() }
            #expect(server.server.places == 0)
        }
    }
}

/// What was logged.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata = Logger.Metadata()
        var logLevel = Logger.Level.trace
        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) { lines.lines.withLock { $0.append("\(event.message)") } }
    }
}
