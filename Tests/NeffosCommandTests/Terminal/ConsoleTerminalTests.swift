import Foundation
import TestSupport
import Testing

@testable import NeffosCommand

@Suite(.tags(.terminal), .enabled(if: TmuxTerminal.isAvailable, "tmux and dash are needed"), .fewAtOnce)
struct ConsoleTerminalTests {
    private func console(columns: Int = 80, rows: Int = 24, _ options: String = "") async throws -> TmuxTerminal {
        let terminal = try TmuxTerminal(columns: columns, rows: rows)
        try terminal.serve(options)
        try await terminal.eventually("the console is there") { terminal.screen.contains("ws://127.0.0.1:") && terminal.pid != nil }
        return terminal
    }

    @Test func `it starts, follows the size of the terminal, and q brings the terminal back`() async throws {
        let terminal = try await console()
        try await terminal.eventually("the vital figures are there") {
            terminal.screen.contains("conns 0") && terminal.screen.contains("HEAD")
        }
        try terminal.resize(columns: 60, rows: 15)
        try await terminal.eventually("it says that the terminal is too small") {
            terminal.screen.contains("60×15") && terminal.screen.contains("80×24")
        }
        try terminal.resize(columns: 80, rows: 24)
        try await terminal.eventually("the figures are back") { terminal.screen.contains("HEAD") }
        try terminal.type("q")
        try await terminal.expectRestored()
        #expect(terminal.exitCode == 0)
    }

    @Test func `with clients it asks before it stops them, and shows the demo's`() async throws {
        let terminal = try await console(columns: 120, rows: 35, "--demo 5")
        try await terminal.eventually("the demo is there") { terminal.screen.contains("conns 5") && terminal.screen.contains("lobby") }
        try terminal.type("q")
        try await terminal.eventually("it asks") { terminal.screen.contains("stop the server") }
        try terminal.type("y")
        try await terminal.expectRestored()
        #expect(terminal.exitCode == 0)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `a signal to end ends it well`(signal: Int32) async throws {
        let terminal = try await console()
        kill(try #require(terminal.pid), signal)
        try await terminal.expectRestored()
        #expect(terminal.exitCode == 0)
    }

    @Test(arguments: [SIGHUP, SIGSEGV, SIGILL])
    func `after a hangup and after a crash the terminal is as before`(signal: Int32) async throws {
        let terminal = try await console()
        kill(try #require(terminal.pid), signal)
        try await terminal.expectRestored()
    }

    @Test func `log lines go to the console, never onto the screen or behind it`() async throws {
        let terminal = try await console("--log-level trace")
        try terminal.type("l")
        try await terminal.eventually("the log is there") {
            terminal.screen.contains("─ Log ─") && terminal.screen.contains("listening on ws://")
        }
        // A q right behind it would be Alt-q.
        try terminal.type("Escape")
        try await terminal.eventually("the overview is back") { !terminal.screen.contains("─ Log ─") }
        try terminal.type("q")
        try await terminal.expectRestored()
    }

    @Test func `a terminal that cannot show a screen means headless, with a line that says so`() async throws {
        let terminal = try TmuxTerminal(columns: 80, rows: 24)
        try terminal.type("export TERM=dumb", "Enter")
        try terminal.serve("--log-level error")
        try await terminal.eventually("it listens") {
            terminal.screen.contains("listening on ws://") && terminal.screen.contains("running headless")
        }
        kill(try #require(terminal.pid), SIGTERM)
        try await terminal.eventually("it ends") { terminal.screen.contains("incidents     none") }
        #expect(!terminal.screen.contains("1 Overview"))
    }
}
