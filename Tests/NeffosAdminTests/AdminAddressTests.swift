import Foundation
import Neffos
import NeffosFeed
import NeffosObservatory
import NIOCore
import TestSupport
import Testing

@testable import NeffosAdmin

@Suite(.fewAtOnce, .timeLimit(.minutes(2))) struct AdminAddressTests {
    private static let loopback = AdminConfiguration.Address.tcp(host: "127.0.0.1", port: 0)

    @Test func `TCP needs a token, and TLS where others reach it`() {
        #expect(throws: AdminError.tokenNeeded("127.0.0.1:0")) { try AdminConfiguration(address: Self.loopback).check() }
        #expect(throws: AdminError.tokenNeeded("127.0.0.1:0")) { try AdminConfiguration(address: Self.loopback, token: "").check() }
        for host in ["0.0.0.0", "::", "example.org", "127.evil.example.org", "127.0.0.256"] {
            let configuration = AdminConfiguration(address: .tcp(host: host, port: 9), token: "secret")
            #expect(throws: AdminError.certificateNeeded("\(host):9")) { try configuration.check() }
        }
        for host in ["127.0.0.1", "127.8.8.8", "::1", "localhost"] {
            #expect(throws: Never.self) { try AdminConfiguration(address: .tcp(host: host, port: 9), token: "secret").check() }
        }
        let tls = ServerConfiguration.TLSFiles(certificate: "c", key: "k")
        #expect(throws: Never.self) { try AdminConfiguration(address: .tcp(host: "0.0.0.0", port: 9), token: "secret", tls: tls).check() }
        #expect(throws: Never.self) { try AdminConfiguration(address: .socket(path: "/x")).check() }
    }

    @Test(
        arguments: [
            [], ["Authorization: Bearer wrong"], ["Authorization: Basic secret"], ["Authorization: Bearer secre"],
            ["Authorization: Bearer secrett"], ["Authorization: Bearer secret", "Authorization: Bearer secret"], ["Authorization: Bearer"],
        ] as [[String]])
    func `without the right token there are neither metrics nor a feed, and the answer says what is wanted`(headers: [String]) async throws
    {
        try await AdminFixture.run(Self.loopback, { $0.token = "secret" }) { fixture in
            let page = try await RawConsole.dial(fixture.admin.url).get("/metrics", headers)
            #expect(page.status == 401)
            #expect(page.head.lowercased().contains("www-authenticate: bearer realm="))
            let feed = try await RawConsole.dial(fixture.admin.url).upgrade(headers)
            #expect(feed.status == 401)
            #expect(feed.head.lowercased().contains("www-authenticate: bearer realm="))
            #expect(try await RawConsole.dial(fixture.admin.url).get("/healthz", headers).status == 200)
        }
    }

    @Test func `with the token a console attaches over TCP, and its address is its name`() async throws {
        try await AdminFixture.run(Self.loopback, { $0.token = "secret" }) { fixture in
            let console = try await fixture.console(token: "secret")
            _ = try await console.control.perform(OperatorCommand(.ping, by: ""))
            let by = try #require(fixture.control.all.first?.by)
            #expect(by.hasPrefix("admin 127.0.0.1:"))
            let page = try await RawConsole.dial(fixture.admin.url).get("/metrics", ["authorization: bearer secret"])
            #expect(page.status == 200)
            await console.close()
            await #expect(throws: ClientError.self) { try await fixture.console(token: "wrong") }
        }
    }

    @Test func `a socket is its owner's alone, is not taken from who answers, and is taken from who is dead`() async throws {
        try await AdminFixture.run { fixture in
            let path = "\(fixture.folder)/admin.sock"
            func mode(_ path: String) -> Int {
                ((try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? NSNumber)?.intValue ?? 0
            }
            #expect(mode(path) == 0o600)
            #expect(mode(fixture.folder) == 0o700)
            try await AdminFixture.run(.socket(path: path), starts: false) { second in
                await #expect(throws: ListenError.socketInUse(path)) { try await second.admin.start() }
            }
            let console = try await fixture.console()
            await console.close()
        }
        // What a killed server leaves: a name that nobody answers at.
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("neffos-\(UUID().uuidString.prefix(8))").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let dead = "\(folder)/dead.sock"
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let address = try SocketAddress(unixDomainSocketPath: dead)
        _ = address.withSockAddr { bind(descriptor, $0, socklen_t($1)) }
        close(descriptor)
        try await AdminFixture.run(.socket(path: dead)) { fixture in
            let console = try await fixture.console()
            await console.close()
        }
    }

    @Test func `health follows the server`() async throws {
        try await AdminFixture.run(starts: false, configure: { $0.limits.connections = 1 }) { fixture in
            try await fixture.admin.start()
            func page(_ path: String) async throws -> RawConsole.Response { try await RawConsole.dial(fixture.admin.url).get(path) }
            #expect(try await page("/healthz").body == "ok\n")
            let starting = try await page("/readyz")
            #expect(starting.status == 503)
            #expect(starting.body.hasPrefix("starting: "))
            try await fixture.server.start()
            let ready = try await page("/readyz?verbose")
            #expect(ready.status == 200)
            #expect(ready.body == "ready\n")
            let client = try await fixture.member("ada")
            let full = try await page("/readyz")
            #expect(full.status == 503)
            #expect(full.body.hasPrefix("full: "))
            await client.close()
            try await eventually { fixture.server.connectionCount == 0 }
            #expect(try await page("/readyz").status == 200)
            await fixture.server.shutdown(grace: .zero)
            let drained = try await page("/readyz")
            #expect(drained.status == 503)
            #expect(drained.body.hasPrefix("draining: "))
            #expect(try await page("/healthz").status == 200)
            #expect(try await page("/elsewhere").status == 404)
        }
    }

    @Test func `metrics agree with what happened, in both formats`() async throws {
        try await AdminFixture.run { fixture in
            let ada = try await fixture.member("ada", of: ["lobby"])
            let bob = try await fixture.member("bob", of: ["lobby"])
            for _ in 0..<5 { _ = try await ada.ask(Message(namespace: "default", event: "echo", body: .init(string: "12345"))) }
            await bob.close()
            try await eventually { fixture.model.read { $0.vitals.closed } == 1 }
            let console = try await fixture.console()
            let accept = "Accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
            for headers in [[], [accept]] {
                let page = try await RawConsole.dial(fixture.admin.url).get("/metrics", headers)
                #expect(page.status == 200)
                let isOpenMetrics = !headers.isEmpty
                #expect(page.head.contains(isOpenMetrics ? "application/openmetrics-text; version=1.0.0" : "text/plain; version=0.0.4"))
                let values = try Exposition(page.body, isOpenMetrics: isOpenMetrics).values
                #expect(values["neffos_connections"] == 1)
                #expect(values["neffos_connections_peak"] == 2)
                #expect(values["neffos_connections_opened_total"] == 2)
                #expect(values["neffos_connections_closed_total"] == 1)
                #expect(values["neffos_connection_closes_total{by=client}{code=1000}"] == 1)
                #expect(values["neffos_namespace_members{namespace=default}"] == 1)
                // Each client said: connect, join; and one five times echo.
                #expect(values["neffos_messages_received_total"] == 9)
                #expect(values["neffos_ready"] == 1)
                #expect(values["neffos_admin_consoles"] == 1)
                #expect(values["neffos_build_info{node=test}{version=0.1.0}"] == 1)
                #expect(values["process_cpu_seconds_total"] ?? 0 > 0)
                #expect(values["process_resident_memory_bytes"] ?? 0 > 1_000_000)
            }
            await console.close()
            await ada.close()
        }
    }
}
