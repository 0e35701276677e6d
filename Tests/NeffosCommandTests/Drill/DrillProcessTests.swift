import Foundation
import NeffosFeed
import TestSupport
import Testing

@testable import NeffosCommand

@Suite(.fewAtOnce, .timeLimit(.minutes(5))) struct DrillProcessTests {
    private func serve(
        _ folder: TestFolder, _ options: [String] = [], environment: [String: String] = [:]
    ) async throws -> CommandProcess {
        let server = try CommandProcess(
            ["serve", "--headless", "--listen", "127.0.0.1:0", "--admin", folder.file("a.sock"), "--log-level", "error"] + options,
            environment: environment)
        _ = try await server.url()
        return server
    }

    @Test func `a drill drops, follows the return, prints the incident, and judges it`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let server = try await serve(folder, ["--demo", "6", "--feed", folder.file("feed")])
        try await server.eventually("the demo is there") {
            folder.text("feed").components(separatedBy: "\"type\":\"connection.acknowledged\"").count > 6
        }
        let drill = ["drill", folder.file("a.sock"), "--drop", "50%", "--away", "200ms"]
        let good = try CommandProcess(drill + ["--expect", "missing==0", "--expect", "dropped==3"])
        #expect(try await good.exit() == 0)
        #expect(good.errorLines == ["neffos: 3 dropped; following their return"])
        #expect(good.standardOutput.contains("dropped 3"))
        #expect(good.standardOutput.contains("missing 0"))

        let bad = try CommandProcess(drill + ["--expect", "p95(restore)<1ms", "--summary", "json"])
        #expect(try await bad.exit() == 1)
        #expect(bad.errorLines.last?.hasPrefix("neffos: expected p95(restore)<1ms: it is ") == true)
        guard case .incidentClosed(let figures) = try JSONLines.decode(bad.standardOutput).event.kind else {
            Issue.record("\(bad.standardOutput)")
            return
        }
        #expect(figures.cause == "drill")
        #expect(figures.dropped ?? 0 >= 3)
        #expect(figures.missing == 0)
        // Who has no name is not called by the number twice.
        let name = ProcessInfo.processInfo.environment["USER"].map { " (\($0))" } ?? ""
        #expect(folder.text("feed").contains("\"action\":\"drill\",\"by\":\"admin uid \(getuid())\(name)\","))
        server.signal(SIGTERM)
        #expect(try await server.exit() == 0)
    }

    @Test func `a drill's incident is not over before the listener is back, however soon others are`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let options = ["--demo", "6", "--feed", folder.file("feed")]
        let server = try await serve(folder, options, environment: ["NEFFOS_INCIDENTS_SETTLE": "100ms"])
        try await server.eventually("the demo is there") {
            folder.text("feed").components(separatedBy: "\"type\":\"connection.acknowledged\"").count > 6
        }
        let drill = try CommandProcess(["drill", folder.file("a.sock"), "--drop", "100%", "--away", "1500ms"])
        #expect(try await drill.exit() == 0)
        #expect(drill.standardOutput.contains("drill, closed"))
        server.signal(SIGTERM)
        #expect(try await server.exit() == 0)
        let kinds = try folder.text("feed").split(separator: "\n").map { try JSONLines.decode(String($0)).event.kind }
        let actions = kinds.compactMap { if case .operatorAction(let action) = $0 { action } else { nil } }
        #expect(actions.map(\.action) == ["drill", "listener back"])
        #expect(actions.first?.away == 1_500)
        #expect(actions.last?.away ?? 0 >= 1_500)
        let back = try #require(
            kinds.firstIndex { if case .operatorAction(let action) = $0 { action.action == "listener back" } else { false } })
        let over = try #require(
            kinds.firstIndex { if case .incidentClosed(let figures) = $0 { figures.cause == "drill" } else { false } })
        #expect(back < over)
    }

    @Test func `a server that goes before it answers cannot be reached, and is no refusal`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let server = try await serve(folder, ["--demo", "6", "--feed", folder.file("feed")])
        try await server.eventually("the demo is there") {
            folder.text("feed").components(separatedBy: "\"type\":\"connection.acknowledged\"").count > 6
        }
        let drill = try CommandProcess(["drill", folder.file("a.sock"), "--away", "1h"])
        try await drill.eventually("it has begun") { folder.text("feed").contains("\"type\":\"incident.opened\"") }
        server.signal(SIGKILL)
        #expect(try await drill.exit() == 69)
        let problem = "the connection was lost before the server answered; see in its events whether it was done"
        #expect(drill.errorLines == ["neffos: \(folder.file("a.sock")): \(problem)"])
    }

    @Test func `who cannot drill is told why`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let nowhere = try CommandProcess(["drill", folder.file("nowhere.sock")])
        #expect(try await nowhere.exit() == 69)
        let none = try CommandProcess(["drill"], environment: ["XDG_RUNTIME_DIR": folder.path])
        #expect(try await none.exit() == 69)
        let advice = "start one with neffos serve, or name one: neffos drill URL"
        #expect(none.standardError == "neffos: no server of yours answers in \(folder.path)/neffos; \(advice)\n")
        let readOnly = try await serve(folder, ["--read-only"])
        let refused = try CommandProcess(["drill", folder.file("a.sock")])
        #expect(try await refused.exit() == 1)
        #expect(refused.standardError.contains("the server refused: the server is read-only"))
        readOnly.signal(SIGTERM)
        #expect(try await readOnly.exit() == 0)
        let empty = try await serve(folder)
        let nobody = try CommandProcess(["drill", folder.file("a.sock"), "--away", "0s"])
        #expect(try await nobody.exit() == 1)
        let problem = "the server refused: nobody is connected; drill while clients are connected"
        #expect(nobody.errorLines == ["neffos: \(folder.file("a.sock")): \(problem)"])
        let demo = try await serve(folder, ["--demo", "2", "--admin", folder.file("b.sock")])
        let unmatched = try CommandProcess(["drill", folder.file("b.sock"), "--away", "0s", "--filter", "room:nowhere"])
        #expect(try await unmatched.exit() == 1)
        let match = "the server refused: nobody matches --filter; drill while such clients are connected"
        #expect(unmatched.errorLines == ["neffos: \(folder.file("b.sock")): \(match)"])
        demo.signal(SIGTERM)
        #expect(try await demo.exit() == 0)
        let wrong = try CommandProcess(["drill", folder.file("a.sock"), "--drop", "150%"])
        #expect(try await wrong.exit() == 64)
        empty.signal(SIGTERM)
        #expect(try await empty.exit() == 0)
    }
}
