import Foundation
import NeffosFeed
import TestSupport
import Testing

@testable import NeffosCommand

/// A tape in a real terminal.
@Suite(.tags(.terminal), .enabled(if: TmuxTerminal.isAvailable, "tmux and dash are needed"), .fewAtOnce)
struct ReplayTerminalTests {
    private func replay(_ bytes: [UInt8], columns: Int = 120, rows: Int = 35, _ options: String = "") async throws -> TmuxTerminal {
        let terminal = try TmuxTerminal(columns: columns, rows: rows)
        try Data(bytes).write(to: URL(fileURLWithPath: terminal.folder.file("tape.jsonl")))
        let binary = try CommandProcess.binary.path
        let script = """
            cd '\(terminal.folder.path)'
            stty -g > before
            '\(binary)' replay tape.jsonl \(options)
            echo "$?" > code
            stty -g > settings
            mv settings after
            """
        try Data(script.utf8).write(to: URL(fileURLWithPath: terminal.folder.file("script")))
        try terminal.type(". '\(terminal.folder.file("script"))'", "Enter")
        return terminal
    }

    /// Runs it by its own line, so that the shell has it as a job of its own.
    private func job(_ bytes: [UInt8]) async throws -> TmuxTerminal {
        let terminal = try TmuxTerminal(columns: 120, rows: 35)
        try Data(bytes).write(to: URL(fileURLWithPath: terminal.folder.file("tape.jsonl")))
        try terminal.type("'\(try CommandProcess.binary.path)' replay '\(terminal.folder.file("tape.jsonl"))' --from +30s", "Enter")
        return terminal
    }

    @Test func `It opens, stops, seeks, goes to incidents, and q brings the terminal back at once`() async throws {
        let terminal = try await replay(MadeTape.twoOutages.bytes, "--from +5s")
        try await terminal.eventually("the tape plays") { terminal.screen.contains("conns 10") && terminal.screen.contains("replay") }
        try terminal.type("Space")
        try await terminal.eventually("it stands") { terminal.screen.contains("web-1") }
        try terminal.type("n")
        try await terminal.eventually("the first incident") { terminal.screen.contains("Incident #1") }
        try terminal.type("4")
        try await terminal.eventually("the Returns screen tells it") { terminal.screen.contains("10 clients were cut off") }
        try terminal.type("n")
        try await terminal.eventually("the second incident") { terminal.screen.contains("▸ #2") }
        try terminal.type("$")
        try await terminal.eventually("the end") { terminal.screen.contains("2 of 10") && terminal.screen.contains("client-8") }
        try terminal.type("{")
        try await terminal.eventually("a minute before") { !terminal.screen.contains("▸ #2") && terminal.screen.contains("▸ #1") }
        try terminal.type("5")
        try await terminal.eventually("the events") {
            terminal.screen.contains("connection.opened") || terminal.screen.contains("room.joined")
        }
        try terminal.type("q")
        try await terminal.expectRestored()
        #expect(terminal.exitCode == 0)
    }

    @Test func `Ctrl-Z gives the shell back, and fg the tape`() async throws {
        let terminal = try await job(MadeTape.twoOutages.bytes)
        try await terminal.eventually("the tape plays") { terminal.screen.contains("conns 10") }
        try terminal.type("C-z")
        try await terminal.eventually("the shell is back") { terminal.screen.contains("Stopped") || terminal.screen.contains("Suspended") }
        try terminal.type("echo a'b'c", "Enter")
        try await terminal.eventually("the shell answers") { terminal.screen.contains("abc") }
        try terminal.type("fg", "Enter")
        try await terminal.eventually("the tape is back") { terminal.screen.contains("conns 10") }
        try terminal.type("q")
        try await terminal.eventually("it ends") { !terminal.screen.contains("conns 10") }
        try terminal.type("echo d'e'f", "Enter")
        try await terminal.eventually("the shell answers") { terminal.screen.contains("def") }
    }

    @Test func `A tape cut short says so on the screen and in the log`() async throws {
        let terminal = try await replay(Array(MadeTape.twoOutages.bytes.dropLast(30)), "--speed 1000")
        try await terminal.eventually("it is told") { terminal.screen.contains("ends within a line") }
        try terminal.type("l")
        try await terminal.eventually("it is logged") {
            terminal.screen.contains("─ Log ") && terminal.screen.contains("ends within a line")
        }
        try terminal.type("q")
        try await terminal.expectRestored()
    }
}
