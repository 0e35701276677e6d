import Foundation
import TestSupport
import Testing

@testable import NeffosCommand

/// Stops, hangups and crashes, for each command that has a console.
@Suite(.tags(.terminal), .enabled(if: TmuxTerminal.isAvailable, "tmux and dash are needed"), .fewAtOnce, .timeLimit(.minutes(5)))
struct SuspendTests {
    enum Which: String, Sendable, CaseIterable { case serve, replay, attach }

    /// A console as a job of the shell, and the server that it is of, where that is another process.
    private func console(_ which: Which, _ options: String = "") async throws -> (TmuxTerminal, CommandProcess?) {
        let terminal = try TmuxTerminal(columns: 120, rows: 35)
        var server: CommandProcess?
        switch which {
        case .serve: try terminal.job("serve --listen 127.0.0.1:0 --state none --admin none --demo 5 \(options)")
        case .replay:
            try Data(MadeTape.twoOutages.bytes).write(to: URL(fileURLWithPath: terminal.folder.file("tape.jsonl")))
            try terminal.job("replay tape.jsonl \(options)")
        case .attach:
            let socket = terminal.folder.file("a.sock")
            let serving = try CommandProcess([
                "serve", "--headless", "--listen", "127.0.0.1:0", "--admin", socket, "--state", "none", "--log-level", "error", "--demo",
                "5",
            ])
            _ = try await serving.url()
            server = serving
            try terminal.job("attach '\(socket)' \(options)")
        }
        try await terminal.eventually("the console is there") { isThere(which, terminal) && terminal.pid != nil }
        return (terminal, server)
    }

    private func isThere(_ which: Which, _ terminal: TmuxTerminal) -> Bool {
        let screen = terminal.screen
        return screen.contains("1 Overview") && screen.contains(which == .replay ? "conns " : "conns 5")
    }

    private func end(_ server: CommandProcess?) async throws {
        guard let server else { return }
        server.signal(SIGTERM)
        #expect(try await server.exit() == 0)
    }

    private func leave(_ which: Which, _ terminal: TmuxTerminal) async throws {
        try terminal.type("q")
        if which == .serve {
            try await terminal.eventually("it asks") { terminal.screen.contains("stop the server") }
            try terminal.type("y")
        }
        try await terminal.expectShell()
    }

    @Test(arguments: [Which.replay, .attach], [nil, SIGTSTP])
    func `Ctrl-Z or the signal gives the shell its terminal back, and fg the console its own`(_ which: Which, _ signal: Int32?) async throws
    {
        let (terminal, server) = try await console(which, "--mouse")
        let drawing = TmuxTerminal.Modes(hasMouse: true, isAlternate: true, showsCursor: false)
        #expect(terminal.modes == drawing)
        // Twice: what was switched off once has to be on again.
        for _ in 0..<2 {
            if let signal { kill(try #require(terminal.pid), signal) } else { try terminal.type("C-z") }
            try await terminal.eventually("the shell is back") { terminal.isStopped && terminal.modes == .shell }
            try await terminal.expectShell()
            unlink(terminal.folder.file("after"))
            try terminal.type("clear", "Enter", "fg", "Enter")
            try await terminal.eventually("the console is back") { isThere(which, terminal) && terminal.modes == drawing }
        }
        try await leave(which, terminal)
        try await end(server)
    }

    @Test func `a server's console says that a stop would stop the server, and goes on`() async throws {
        let (terminal, _) = try await console(.serve, "--mouse")
        kill(try #require(terminal.pid), SIGTSTP)
        try await terminal.eventually("it says so") { terminal.screen.contains("would stop the server") }
        try await terminal.press("2", until: ["demo-5"])
        #expect(!terminal.isStopped)
        try await leave(.serve, terminal)
    }

    @Test(arguments: Which.allCases)
    func `who was stopped by force draws all anew when it goes on`(_ which: Which) async throws {
        let (terminal, server) = try await console(which)
        kill(try #require(terminal.pid), SIGSTOP)
        try await terminal.eventually("it stands") { Self.state(terminal.pid) == "T" }
        // The shell writes over the screen that nobody took away.
        try terminal.line("echo over'wri'tten")
        try await terminal.eventually("the shell writes") { terminal.screen.contains("overwritten") }
        try terminal.line("fg")
        try await terminal.eventually("all is drawn anew") { isThere(which, terminal) && !terminal.screen.contains("overwritten") }
        try await terminal.press("2", until: [" connections "])
        try await leave(which, terminal)
        try await end(server)
    }

    @Test(arguments: [Which.replay, .attach], [SIGHUP, SIGSEGV, SIGTERM])
    func `after a signal the terminal is as before`(_ which: Which, _ signal: Int32) async throws {
        let (terminal, server) = try await console(which, "--mouse")
        kill(try #require(terminal.pid), signal)
        try await terminal.expectShell()
        try await end(server)
    }

    /// The letter of a process's state.
    private static func state(_ pid: pid_t?) -> String? {
        guard let pid, let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return nil }
        return text.split(separator: ")").last?.split(separator: " ").first.map(String.init)
    }
}
