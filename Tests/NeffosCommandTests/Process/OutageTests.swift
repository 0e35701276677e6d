import Foundation
import Logging
import Neffos
import NeffosFeed
import NeffosObservatory
import TestSupport
import Testing

@testable import NeffosCommand

/// The whole way through the house: a server that is killed, its clients, and what the next server tells of them.
@Suite(.fewAtOnce) struct OutageTests {
    private func client(_ name: String, _ url: String) throws -> Client {
        var configuration = ClientConfiguration()
        configuration.headers = [("X-Username", name)]
        configuration.reconnect.interval = .milliseconds(300)
        // A busy machine may take its time with two hundred at once.
        configuration.dialWithin = .seconds(60)
        configuration.ackWithin = .seconds(60)
        var handlers = EventHandlers()
        handlers.declare("default")
        return try Client(
            url, configuration: configuration, handlers: handlers, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func incidents(_ feed: String) throws -> [FeedEvent.Kind] {
        try feed.split(separator: "\n").filter { $0.contains("\"type\":\"incident.") }.map { try JSONLines.decode($0.utf8).event.kind }
    }

    @Test func `after a kill all come back but five, who are named`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let environment = [
            "NEFFOS_IDENTITY_HEADER": "X-Username", "NEFFOS_INCIDENTS_SETTLE": "3s", "NEFFOS_LIMITS_HANDSHAKE_WITHIN": "60s",
            "NEFFOS_LIMITS_ACK_WITHIN": "60s",
        ]
        let options = ["--headless", "--state", folder.file("roster"), "--log-level", "error"]
        let first = try CommandProcess(["serve", "--listen", "127.0.0.1:0"] + options, environment: environment)
        let url = try await first.url()
        let names = (1...200).map { "user-\($0)" }
        let clients = try names.map { try client($0, url) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in clients {
                group.addTask {
                    try await client.connect()
                    try await client.connect(to: "default").join("lobby")
                }
            }
            try await group.waitForAll()
        }
        try await first.eventually("the roster has everybody") {
            guard case .roster(let roster) = StateFile.read(folder.file("roster"), now: .now()) else { return false }
            return roster.entries.filter { $0.namespaces["default"] == ["lobby"] }.count == 200
        }
        first.signal(SIGKILL)
        _ = try await first.exit()
        let lost = Set(names.suffix(5))
        for client in clients.suffix(5) { await client.close() }

        let address = try #require(url.dropFirst("ws://".count).split(separator: "/").first)
        let second = try CommandProcess(
            ["serve", "--listen", String(address), "--feed", folder.file("feed")] + options, environment: environment)
        try await second.eventually("the incident is over") { folder.text("feed").contains("incident.closed") }
        let kinds = try incidents(folder.text("feed"))
        guard case .incidentOpened(let opened) = kinds.first else { return #expect(Bool(false), "no incident was opened") }
        #expect(opened.cause == "restart")
        #expect(opened.dropped == 200)
        guard case .incidentClosed(let closed) = kinds.last else { return #expect(Bool(false), "the incident is still open") }
        #expect(closed.dropped == 200)
        #expect(closed.probed >= 195)
        #expect(closed.upgraded == 195)
        #expect(closed.namespacesBack == 195)
        #expect(closed.roomsBack == 195)
        #expect(closed.missing == 5)
        #expect(Set((closed.missingKeys ?? []).compactMap(\.key)) == lost)
        #expect(clients.prefix(195).allSatisfy { if case .connected = $0.state { true } else { false } })
        second.signal(SIGTERM)
        #expect(try await second.exit() == 0)
        for name in lost { #expect(second.standardOutput.contains(name)) }
        for client in clients { await client.close() }
    }
}
