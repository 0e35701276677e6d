import Foundation
import TestSupport
import Testing

@testable import NeffosCommand

/// Terminals that cannot show a screen.
@Suite(.tags(.terminal), .enabled(if: TmuxTerminal.isAvailable, "tmux and dash are needed"), .fewAtOnce)
struct NoScreenTests {
    @Test(arguments: ["dumb", "no-such-terminal", "''"])
    func `serve goes on headless, and says why`(_ name: String) async throws {
        let terminal = try TmuxTerminal(columns: 160, rows: 24)
        try terminal.export("TERM=\(name)")
        try terminal.serve("--admin none --log-level error")
        try await terminal.eventually("it listens") {
            terminal.screen.contains("listening on ws://") && terminal.screen.contains("so there is no console; running headless")
        }
        kill(try #require(terminal.pid), SIGTERM)
        try await terminal.expectRestored()
        #expect(terminal.exitCode == 0)
        #expect(terminal.screen.contains("incidents     none"))
    }

    @Test(arguments: ["dumb", "no-such-terminal"])
    func `replay sums the tape up, and says why`(_ name: String) async throws {
        let terminal = try TmuxTerminal(columns: 160, rows: 35)
        try Data(MadeTape.twoOutages.bytes).write(to: URL(fileURLWithPath: terminal.folder.file("tape.jsonl")))
        try terminal.export("TERM=\(name)")
        try terminal.run("replay tape.jsonl")
        try await terminal.expectRestored()
        #expect(terminal.exitCode == 0)
        #expect(terminal.screen.contains("so there is no console; running headless"))
        #expect(terminal.screen.contains("10 dropped") || terminal.screen.contains("dropped 10"))
    }
}
