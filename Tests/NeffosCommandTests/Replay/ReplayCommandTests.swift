import Foundation
import NeffosFeed
import TestSupport
import Testing

@testable import NeffosCommand

/// The command as a process.
@Suite(.fewAtOnce) struct ReplayCommandTests {
    private func run(_ bytes: [UInt8]?, _ options: [String] = ["--headless"]) async throws -> (
        code: Int32, output: String, errors: [String]
    ) {
        let folder = try TestFolder()
        defer { folder.remove() }
        let file = folder.file("tape.jsonl")
        if let bytes { try Data(bytes).write(to: URL(fileURLWithPath: file)) }
        let command = try CommandProcess(["replay", file] + options)
        let code = try await command.exit()
        return (code, command.standardOutput, command.errorLines)
    }

    @Test func `Headless it sums up the whole tape`() async throws {
        let result = try await run(MadeTape.twoOutages.bytes)
        #expect(result.code == 0)
        #expect(result.errors.isEmpty)
        #expect(result.output.hasPrefix("summary of web-1 at ws://127.0.0.1:8080/echo"))
        #expect(result.output.contains("opened 28, closed 20"))
        #expect(result.output.contains("incident 1"))
        #expect(result.output.contains("missing 2"))
        #expect(result.output.contains("client-8"))
    }

    @Test func `A tape cut short plays up to its last whole line, with a line that says so`() async throws {
        let result = try await run(Array(MadeTape.twoOutages.bytes.dropLast(20)))
        #expect(result.code == 0)
        #expect(result.errors.count == 1)
        #expect(result.errors.first?.contains("ends within a line") == true)
        #expect(result.output.contains("incident 2"))
    }

    @Test func `A newer tape says what of it cannot be read`() async throws {
        var tape = MadeTape.twoOutages
        tape.addText(#"{"v":1,"seq":900,"time":"2026-01-31T12:02:00.000Z","node":"web-1","type":"connection.moved"}"# + "\n")
        tape.addText(#"{"v":2,"seq":901,"time":"2026-01-31T12:02:00.000Z","node":"web-1","type":"probe"}"# + "\n")
        let result = try await run(tape.bytes)
        #expect(result.code == 0)
        #expect(result.errors.count == 2)
        #expect(result.errors.contains { $0.contains("version 2") && $0.contains("use a newer one") })
        #expect(result.errors.contains { $0.contains("connection.moved (1)") })
    }

    @Test func `Where there is no tape it ends with 66 and one line`() async throws {
        let nothing = try await run(nil)
        #expect(nothing.code == 66)
        #expect(nothing.errors.count == 1)
        #expect(nothing.errors.first?.contains("No such file") == true)
        for text in ["", "hello\nworld\n", #"{"v":9,"seq":1,"type":"x"}"# + "\n"] {
            let result = try await run(Array(text.utf8))
            #expect(result.code == 66)
            #expect(result.errors.count == 1)
            #expect(result.output.isEmpty)
        }
        let folder = try TestFolder()
        defer { folder.remove() }
        let command = try CommandProcess(["replay", folder.path, "--headless"])
        #expect(try await command.exit() == 66)
    }

    @Test func `Expectations over a tape are met, or end with 1 and say who is missing`() async throws {
        let tape = MadeTape.twoOutages.bytes
        let met = try await run(
            tape, ["--headless", "--expect", "missing==2", "--expect", "returned>=18", "--expect", "count(event:connection.closed)==20"])
        #expect(met.code == 0)
        let unmet = try await run(tape, ["--headless", "--expect", "missing==0", "--summary", "json"])
        #expect(unmet.code == 1)
        #expect(unmet.errors.count == 1)
        #expect(unmet.errors.first?.contains("client-8, client-9") == true)
        #expect(unmet.output.hasPrefix("{"))
        #expect(unmet.output.contains("client-8"))
        let junit = try await run(tape, ["--headless", "--expect", "p95(restore)<5s", "--summary", "junit"])
        #expect(junit.code == 0)
        #expect(junit.output.contains("<testsuite"))
    }

    @Test func `Nobody is judged by the stop at the end of a tape`() async throws {
        var tape = MadeTape()
        tape.start(0)
        for client in 0..<3 { tape.come(1_000, "a\(client)", key: "client-\(client)") }
        tape.add(5_000, .serverDraining(.init(url: "ws://127.0.0.1:8080/echo", version: "0.1.0", reason: "SIGTERM")))
        for client in 0..<3 {
            tape.add(5_001, .connectionClosed(.init(connection: "a\(client)", code: 1001, reason: nil, by: .server, lived: 1)))
        }
        tape.add(5_002, .serverStopped(.init(url: "ws://127.0.0.1:8080/echo", version: "0.1.0", reason: "SIGTERM")))
        let result = try await run(tape.bytes, ["--headless", "--expect", "connections==3"])
        #expect(result.code == 0)
    }

    @Test func `Options that make no sense are refused with 64`() async throws {
        for options in [
            ["--headless", "--speed", "2"], ["--headless", "--from", "12:00"], ["--speed", "0"], ["--speed", "9999"], ["--from", "noon"],
            ["--fps", "31"], ["--expect", "missing==0"], ["--headless", "--expect", "mising==0"], ["--filter", "tries>"],
        ] {
            let result = try await run(MadeTape.twoOutages.bytes, options)
            #expect(result.code == 64, "\(options)")
            #expect(result.errors.count == 1)
        }
    }

    @Test func `Without a terminal it is headless, with a line that says so`() async throws {
        let result = try await run(MadeTape.twoOutages.bytes, [])
        #expect(result.code == 0)
        #expect(result.errors.first?.contains("no terminal") == true)
        #expect(result.output.contains("summary of web-1"))
    }
}
