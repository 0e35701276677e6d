import Foundation
import TestSupport
import Testing

@testable import NeffosCommand

@Suite(.fewAtOnce) struct FeedSchemaProcessTests {
    private let schema = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Config/feed.schema.json").path

    @Test func `each line of a real server's feed is as the schema says, an outage and refusals included`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let serve = ["serve", "--headless", "--listen", "127.0.0.1:0", "--state", folder.file("roster"), "--log-level", "error"]
        let first = try CommandProcess(serve + ["--demo", "3", "--feed", folder.file("first")])
        _ = try await first.url()
        try await first.eventually("a second has been sampled, and all are in their rooms") {
            folder.text("first").contains("\"type\":\"sample\"") && folder.text("roster").contains("demo-3")
        }
        first.signal(SIGKILL)
        _ = try await first.exit()
        let second = try CommandProcess(
            serve + ["--feed", folder.file("second")],
            environment: ["NEFFOS_INCIDENTS_SETTLE": "1s", "NEFFOS_SECURITY_AUTHORIZATION_BEARER": "t"])
        let url = try await second.url()
        #expect(try await CommandProcess(["dial", url, "--once", "connect default"]).exit() == 69)
        let script = "connect default; join default lobby; ask default echo hi; leave default lobby; quit"
        let dial = ["dial", url, "--header", "Authorization: Bearer t", "--once"]
        #expect(try await CommandProcess(dial + [script]).exit() == 0)
        #expect(try await CommandProcess(dial + ["connect nowhere", "--namespace", "nowhere"]).exit() == 1)
        try await second.eventually("the incident is closed") { folder.text("second").contains("\"type\":\"incident.closed\"") }
        second.signal(SIGTERM)
        #expect(try await second.exit() == 0)

        let schema = try JSONSchema(file: schema)
        var types: Set<String> = []
        for line in (folder.text("first") + folder.text("second")).split(separator: "\n") where line.hasSuffix("}") {
            let value = try JSONValue(parsing: line.utf8)
            types.insert(value["type"]?.string ?? "")
            #expect(schema.problems(with: value).isEmpty, "\(line)")
        }
        #expect(
            types.isSuperset(of: [
                "server.started", "server.draining", "server.stopped", "connection.opened", "connection.acknowledged", "connection.closed",
                "connection.rejected", "namespace.connected", "namespace.denied", "room.joined", "incident.opened", "incident.closed",
                "sample",
            ]), "\(types.sorted())")
    }
}
