import Foundation
import Neffos
import NeffosFeed
import TestSupport
import Testing

@testable import NeffosCommand

/// The drill as a step of a CI job.
@Suite(.fewAtOnce) struct DrillRunTests {
    private static let serve = ["serve", "--headless", "--listen", "127.0.0.1:0", "--log-level", "error"]
    private static let expect = ["--expect", "missing==0", "--expect", "p95(restore)<30s", "--until", "returned>=50"]

    @Test func `fifty clients that come back after a drill are one command and exit 0`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let options = [
            "--drill", "drop=100%,away=500ms,at=connections(room:ready)>=1", "--timeout", "60s", "--summary", "junit", "--summary-file",
            folder.file("r.xml"),
        ]
        let server = try CommandProcess(
            Self.serve + Self.expect + options + ["--feed", folder.file("feed")], environment: Crowd.environment)
        let crowd = try Crowd(50, url: try await server.url())
        try await crowd.enterAndTell()
        #expect(try await server.exit() == 0)
        await crowd.close()
        #expect(server.standardOutput == "")
        #expect(server.errorLines.count == 1)
        #expect(folder.text("r.xml").contains("failures=\"0\""))
        let kinds = try folder.text("feed").split(separator: "\n").map { try JSONLines.decode($0.utf8).event.kind }
        let closed = kinds.compactMap { kind in if case .incidentClosed(let figures) = kind { figures } else { nil } }
        #expect(closed.map(\.cause) == ["drill"])
        #expect(closed.first?.dropped == 50)
        #expect(closed.first?.missing == 0)
        #expect(
            kinds.contains {
                if case .operatorAction(let action) = $0 { action.action == "drill" && action.by == "--drill" } else { false }
            })
    }

    @Test func `five that stop for ever are named in text, JSON and JUnit, and it exits 1`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let lost: Set = ["user-5", "user-15", "user-25", "user-35", "user-45"]
        for format in ["text", "json", "junit"] {
            let options = [
                "--drill", "drop=100%,away=500ms,at=connections(room:ready)>=1", "--summary", format, "--summary-file",
                folder.file(format),
                "--feed", folder.file(format + ".feed"),
            ]
            let server = try CommandProcess(Self.serve + Self.expect + options, environment: Crowd.environment)
            let crowd = try Crowd(50, url: try await server.url(), lost: lost)
            try await crowd.enterAndTell()
            try await server.eventually("all others are back in their room") {
                folder.text(format + ".feed").components(separatedBy: "\"type\":\"room.joined\"").count == 1 + 51 + 46
            }
            server.signal(SIGTERM)
            #expect(try await server.exit() == 1)
            await crowd.close()
            let text = folder.text(format)
            for name in lost { #expect(text.contains(name), "\(format) does not name \(name)") }
            for name in ["user-6", "user-50"] { #expect(!text.contains(name)) }
            let told = server.errorLines.first { $0.hasPrefix("neffos: --expect missing==0: expected ==0, was 5; missing: ") }
            #expect(Set(told?.components(separatedBy: "missing: ").last?.components(separatedBy: ", ") ?? []) == lost)
        }
    }

    @Test func `a drill that reaches nobody, or comes too late, is a failure that says so`() async throws {
        let options = ["--drill", "at=0s,away=1ms,filter=ns:nowhere", "--drill", "at=1h", "--duration", "1500ms"]
        let server = try CommandProcess(Self.serve + options)
        #expect(try await server.exit() == 1)
        let told = server.errorLines.filter { $0.hasPrefix("neffos: --drill") }
        #expect(told.count == 2)
        #expect(told.last == "neffos: --drill at=1h: the run ended before it began")
        #expect(server.standardOutput.contains("--drill at=1h: FAILED, expected done, was the run ended before it began"))
    }

    @Test func `a drill of some leaves the others where they are`() async throws {
        let options = [
            "--drill", "drop=100%,away=200ms,at=connections(room:lobby)>=3,filter=key:user-1*", "--until", "returned>=1", "--expect",
            "dropped==1",
        ]
        let server = try CommandProcess(
            Self.serve + options + ["--expect", "count(event:connection.closed -key:user-1)==0"], environment: Crowd.environment)
        let crowd = try Crowd(3, url: try await server.url())
        try await crowd.enterAndTell()
        #expect(try await server.exit() == 0)
        await crowd.close()
    }
}
