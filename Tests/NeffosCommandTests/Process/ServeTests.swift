import Foundation
import NeffosFeed
import NeffosObservatory
import TestSupport
import Testing

@testable import NeffosCommand

@Suite(.fewAtOnce) struct ServeTests {
    private static let serve = ["serve", "--listen", "127.0.0.1:0", "--log-level", "error"]

    @Test func `without a terminal it says so, runs headless, and ends with a summary`() async throws {
        let command = try CommandProcess(Self.serve)
        let url = try await command.url()
        try await command.eventually("it says why") { command.errorLines.count == 2 }
        #expect(
            command.errorLines == [
                "listening on \(url)", "neffos: standard input is no terminal, so there is no console; running headless",
            ])
        #expect(command.standardOutput == "")
        command.signal(SIGTERM)
        #expect(try await command.exit() == 0)
        #expect(command.standardOutput.hasPrefix("summary of neffos at \(url)\n"))
    }

    @Test func `with the feed on standard output there is nothing else on it`() async throws {
        let command = try CommandProcess(Self.serve + ["--headless", "--feed", "-", "--demo", "5"])
        try await command.eventually("all five are in their rooms") {
            command.standardOutput.components(separatedBy: "\"type\":\"room.joined\"").count > 10
        }
        command.signal(SIGINT)
        #expect(try await command.exit() == 0)
        let entries = try command.standardOutput.split(separator: "\n").map { try JSONLines.decode($0.utf8) }
        #expect(entries.map(\.seq) == Array(1...entries.count))
        guard case .serverStarted = entries.first?.event.kind else { return #expect(Bool(false), "the first event is no server.started") }
        #expect(entries.contains { if case .serverStopped(let state) = $0.event.kind { state.reason == "SIGINT" } else { false } })
        let keys = entries.compactMap { entry -> String? in
            if case .connectionOpened(let opened) = entry.event.kind { opened.key } else { nil }
        }
        #expect(Set(keys).isSuperset(of: ["demo-1", "demo-2", "demo-3", "demo-4", "demo-5"]))
        #expect(command.errorLines.count == 1)
    }

    @Test func `it stops by itself when its time is over`() async throws {
        let command = try CommandProcess(Self.serve + ["--headless", "--duration", "50ms"])
        #expect(try await command.exit() == 0)
        #expect(command.standardOutput.contains("incidents     none"))
    }

    @Test func `a hangup of a headless server reads everything again and stops nothing`() async throws {
        let command = try CommandProcess(["serve", "--listen", "127.0.0.1:0", "--headless"])
        _ = try await command.url()
        command.signal(SIGHUP)
        try await command.eventually("it says so") {
            command.standardError.contains("the configuration was read again, nothing has changed because=SIGHUP")
        }
        command.signal(SIGTERM)
        #expect(try await command.exit() == 0)
    }

    @Test func `beside its demo it serves others`() async throws {
        let command = try CommandProcess(Self.serve + ["--headless", "--demo", "2"])
        let url = try await command.url()
        let dial = try CommandProcess(["dial", url, "--once", "connect default; ask default echo still here"])
        #expect(try await dial.exit() == 0)
        #expect(dial.standardOutput == "still here\n")
        command.signal(SIGTERM)
        #expect(try await command.exit() == 0)
    }

    @Test func `a server that was killed knows at its next start whom it lost`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let state = ["--headless", "--state", folder.file("roster")]
        let first = try CommandProcess(Self.serve + state + ["--demo", "3"])
        try await first.eventually("the roster has all three in their rooms") {
            guard case .roster(let roster) = StateFile.read(folder.file("roster"), now: .now()) else { return false }
            return roster.entries.filter { ($0.namespaces["default"]?.count ?? 0) >= 2 }.count == 3
        }
        first.signal(SIGKILL)
        _ = try await first.exit()
        let second = try CommandProcess(Self.serve + state + ["--feed", folder.file("feed")])
        try await second.eventually("an incident is open") { folder.text("feed").contains("incident.opened") }
        let line = try #require(folder.text("feed").split(separator: "\n").first { $0.contains("incident.opened") })
        guard case .incidentOpened(let opened) = try JSONLines.decode(line.utf8).event.kind else { return #expect(Bool(false)) }
        #expect(opened.dropped == 3)
        #expect(opened.cause == "restart")
        second.signal(SIGTERM)
        #expect(try await second.exit() == 0)
        #expect(second.standardOutput.contains("missing 3"))
    }
}
