import Foundation
import Neffos
import NeffosFeed
import NeffosObservatory
import TestSupport
import Testing

@testable import NeffosCommand

/// What a CI job does: a server in one command, clients, and an exit code.
@Suite(.fewAtOnce) struct HeadlessRunTests {
    private static let serve = ["serve", "--headless", "--listen", "127.0.0.1:0", "--log-level", "error"]

    private func entries(_ text: String) throws -> [FeedEntry] { try text.split(separator: "\n").map { try JSONLines.decode($0.utf8) } }

    @Test func `clients that all come back let it end by itself, with 0`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let expect = ["--expect", "missing==0", "--expect", "p95(restore)<30s", "--until", "returned>=20", "--timeout", "60s"]
        let summary = ["--summary", "junit", "--summary-file", folder.file("r.xml")]
        let server = try CommandProcess(Self.serve + expect + summary, environment: Crowd.environment)
        let crowd = try Crowd(20, url: try await server.url())
        try await crowd.enter()
        crowd.drop()
        #expect(try await server.exit() == 0)
        await crowd.close()
        #expect(server.standardOutput == "")
        #expect(server.errorLines.count == 1)
        let report = folder.text("r.xml")
        #expect(report.contains("tests=\"3\""))
        #expect(report.contains("failures=\"0\""))
        #expect(!report.contains("<failure"))
    }

    @Test(arguments: ["text", "json", "junit"])
    func `of those who stay away it says who, in each format, and ends with 1`(format: String) async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let expect = [
            "--expect", "missing==0", "--until", "returned>=20", "--summary", format, "--feed", folder.file("feed"),
        ]
        let server = try CommandProcess(Self.serve + expect, environment: Crowd.environment)
        let lost: Set = ["user-3", "user-9", "user-11", "user-17", "user-20"]
        let crowd = try Crowd(20, url: try await server.url(), lost: lost)
        try await crowd.enter()
        crowd.drop()
        try await server.eventually("all others are back in their room") {
            folder.text("feed").components(separatedBy: "\"type\":\"room.joined\"").count == 1 + 20 + 15
        }
        server.signal(SIGTERM)
        #expect(try await server.exit() == 1)
        await crowd.close()
        for name in lost { #expect(server.standardOutput.contains("\(name)\(format == "json" ? "\"" : "")")) }
        #expect(!server.standardOutput.contains("user-4"))
        let failures = server.errorLines.filter { $0.hasPrefix("neffos: --") }
        #expect(
            failures.first == "neffos: --until returned>=20: expected >=20, was 15; missing: "
                + (failures.first?.components(separatedBy: "missing: ").last ?? ""))
        let names = failures.last?.components(separatedBy: "missing: ").last?.components(separatedBy: ", ")
        #expect(Set(names ?? []) == lost)
        #expect(failures.last?.hasPrefix("neffos: --expect missing==0: expected ==0, was 5; missing: ") == true)
    }

    @Test func `the stop of the server is not what is judged`() async throws {
        let expect = [
            "--expect", "connections==3", "--expect", "count(event:connection.closed)==0", "--expect", "closed==0", "--expect",
            "dropped==0",
        ]
        let server = try CommandProcess(Self.serve + expect, environment: Crowd.environment)
        let crowd = try Crowd(3, url: try await server.url())
        try await crowd.enter()
        server.signal(SIGTERM)
        #expect(try await server.exit() == 0)
        await crowd.close()
        #expect(server.standardOutput.contains("opened 3, closed 3"))
    }

    @Test func `the feed is filtered, the recording is not, and both keep their seq`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let outputs = ["--feed", "-", "--filter", "key:user-2 room:lobby event:room.joined", "--record", folder.file("tape")]
        for run in 1...2 {
            if run == 2 {
                // As a crash leaves it.
                let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.file("tape")))
                try handle.seekToEnd()
                try handle.write(contentsOf: Data("{\"v\":1,\"seq\":99,\"ti".utf8))
                try handle.close()
            }
            let server = try CommandProcess(Self.serve + outputs, environment: Crowd.environment)
            let crowd = try Crowd(3, url: try await server.url())
            try await crowd.enter()
            try await server.eventually("the recording has all within a moment") {
                folder.text("tape").components(separatedBy: "\"type\":\"room.joined\"").count == 1 + 3 * run
            }
            server.signal(SIGTERM)
            #expect(try await server.exit() == 0)
            await crowd.close()
            let shown = try entries(server.standardOutput)
            #expect(shown.count == 1)
            let lines = folder.text("tape").split(separator: "\n")
            #expect(lines.contains(Substring(server.standardOutput.dropLast())))
        }
        var tape: [FeedEntry] = []
        var torn = 0
        for line in folder.text("tape").split(separator: "\n") {
            if let entry = try? JSONLines.decode(line.utf8) { tape.append(entry) } else { torn += 1 }
        }
        #expect(torn == 1)
        let starts = tape.indices.filter { if case .serverStarted = tape[$0].event.kind { true } else { false } }
        #expect(starts.count == 2)
        #expect(tape[..<starts[1]].map(\.seq) == Array(1...starts[1]))
        #expect(tape[starts[1]...].map(\.seq) == Array(1...(tape.count - starts[1])))
    }

    @Test func `at the end of a stop under load the totals are the sums of the events`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let outputs = ["--feed", folder.file("feed"), "--summary", "json", "--summary-file", folder.file("summary")]
        let server = try CommandProcess(Self.serve + outputs, environment: Crowd.environment)
        let crowd = try Crowd(10, url: try await server.url())
        try await crowd.enter()
        let talk = Task {
            await withDiscardingTaskGroup { group in
                for (_, client) in crowd.clients {
                    group.addTask {
                        while !Task.isCancelled {
                            guard (try? await client.namespace("default").ask("echo", "hello there")) != nil else { break }
                        }
                    }
                }
            }
        }
        await crowd.clients[0].client.close()
        crowd.clients[1].client.drop()
        try await server.eventually("somebody came back, and samples were taken") {
            folder.text("feed").contains("\"tries\":1") && folder.text("feed").components(separatedBy: "\"type\":\"sample\"").count > 2
        }
        server.signal(SIGTERM)
        #expect(try await server.exit() == 0)
        talk.cancel()
        await talk.value
        await crowd.close()
        var sums = Summary.Totals()
        let events = try entries(folder.text("feed"))
        for entry in events {
            switch entry.event.kind {
            case .connectionOpened(let opened):
                sums.opened += 1
                if opened.tries > 0 || opened.previous != nil { sums.returned += 1 }
            case .connectionClosed(let closed):
                sums.closed += 1
                sums.messagesIn += closed.messagesIn
                sums.messagesOut += closed.messagesOut
                sums.bytesIn += closed.bytesIn
                sums.bytesOut += closed.bytesOut
            case .probe: sums.probes += 1
            case .connectionRejected: sums.rejected += 1
            case .protocolViolation: sums.violations += 1
            default: break
            }
        }
        #expect(sums.opened == sums.closed)
        #expect(sums.messagesIn > 100)
        let summary = try #require(try JSONSerialization.jsonObject(with: Data(folder.text("summary").utf8)) as? [String: Any])
        let totals = [
            "opened": sums.opened, "closed": sums.closed, "returned": sums.returned, "probes": sums.probes, "rejected": sums.rejected,
            "messagesIn": sums.messagesIn, "messagesOut": sums.messagesOut, "bytesIn": sums.bytesIn, "bytesOut": sums.bytesOut,
            "violations": sums.violations,
        ]
        #expect(summary["totals"] as? [String: Int] == totals)
        #expect(events.map(\.seq) == Array(1...events.count))
    }

    #if os(Linux)
    private static let missing = "what came from then on is missing there: make room, or give"

    @Test(arguments: ["--feed", "--record"])
    func `a file that cannot be written is told when it happens and at the end, with 69`(option: String) async throws {
        let serve = ["serve", "--headless", "--listen", "127.0.0.1:0", option, "/dev/full"]
        let server = try CommandProcess(serve)
        let told = "cannot write the feed to /dev/full: No space left on device; \(Self.missing) \(option) another file"
        try await server.eventually("the log has it") { server.errorLines.contains { $0.contains("warning") && $0.contains(told) } }
        server.signal(SIGTERM)
        #expect(try await server.exit() == 69)
        #expect(server.errorLines.first?.hasPrefix("listening on ") == true)
        #expect(server.errorLines.last == "neffos: \(told)")
        // What was not as expected is worse.
        let failed = try CommandProcess(Self.serve + [option, "/dev/full", "--expect", "returned>=1", "--duration", "100ms"])
        #expect(try await failed.exit() == 1)
        #expect(failed.errorLines.suffix(2) == ["neffos: --expect returned>=1: expected >=1, was 0", "neffos: \(told)"])
    }

    @Test func `a summary that cannot be written says what to do, with 69`() async throws {
        let server = try CommandProcess(Self.serve + ["--summary-file", "/dev/full", "--duration", "100ms"])
        #expect(try await server.exit() == 69)
        #expect(
            server.errorLines.last == "neffos: /dev/full: cannot write the summary: No space left on device; "
                + "make room, or give --summary-file another file")
    }
    #endif

    @Test func `a reader of standard output that leaves is no failure`() async throws {
        let shell = CommandProcess.Launcher(script: "{ \"$@\"; echo $? >&2; } | head -n 1", input: .nullDevice)
        let server = try CommandProcess(Self.serve + ["--feed", "-", "--duration", "5s"], launcher: shell)
        #expect(try await server.exit() == 0)
        #expect(server.errorLines.suffix(2) == ["neffos: cannot write the feed to descriptor 1: Broken pipe", "0"])
        #expect(server.standardOutput.contains("server.started"))
    }

    @Test(arguments: ["--duration", "--timeout"])
    func `what is waited for and was not so at the end is a failure, whatever ended it`(option: String) async throws {
        let server = try CommandProcess(Self.serve + ["--until", "returned>=1", option, "100ms"])
        #expect(try await server.exit() == 1)
        #expect(server.errorLines.last == "neffos: --until returned>=1: expected >=1, was 0")
        #expect(server.standardOutput.contains("until         returned>=1: FAILED, expected >=1, was 0"))
    }
}
