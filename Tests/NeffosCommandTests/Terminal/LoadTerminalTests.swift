import Foundation
import TestSupport
import Testing

@testable import NeffosCommand

@Suite(.fewAtOnce, .tags(.terminal), .enabled(if: TmuxTerminal.isAvailable)) struct LoadTerminalTests {
    @Test func `a terminal shows how far it is, and nothing of that is left beside the result`() async throws {
        let server = try CommandProcess(["serve", "--listen", "127.0.0.1:0", "--headless", "--log-level", "error"])
        let url = try await server.url()
        let terminal = try TmuxTerminal(columns: 120, rows: 24)
        let script = """
            cd '\(terminal.folder.path)'
            '\(try CommandProcess.binary.path)' load idle \(url) --connections 5 --duration 1h > result
            echo "$?" > code
            """
        try Data(script.utf8).write(to: URL(fileURLWithPath: terminal.folder.file("script")))
        try terminal.type(". '\(terminal.folder.file("script"))'", "Enter")
        try await terminal.eventually("it shows how far it is") {
            terminal.screen.contains("idle  [") && terminal.screen.contains("0 dropped")
        }
        try terminal.type("C-c")
        try await terminal.eventually("it ends") { terminal.exitCode != nil }
        #expect(terminal.exitCode == 0)
        #expect(!terminal.screen.contains("idle  ["))
        let result = terminal.folder.text("result")
        #expect(result.hasPrefix("idle        \(url)   5 clients, 5 rooms   (ended early)\nopened      5 in "))
        #expect(!result.contains("\u{1B}"))
        server.signal(SIGTERM)
        #expect(try await server.exit() == 0)
    }

    @Test func `of a server that never comes back a storm says that nobody listened, and counts no probe as failed`() async throws {
        let server = try CommandProcess(["serve", "--listen", "127.0.0.1:0", "--headless", "--log-level", "error"])
        let url = try await server.url()
        let terminal = try TmuxTerminal(columns: 120, rows: 24)
        let script = """
            cd '\(terminal.folder.path)'
            '\(try CommandProcess.binary.path)' load storm \(url) --connections 2 --every 50ms --await --limit 300ms > result
            echo "$?" > code
            """
        try Data(script.utf8).write(to: URL(fileURLWithPath: terminal.folder.file("script")))
        try terminal.type(". '\(terminal.folder.file("script"))'", "Enter")
        try await terminal.eventually("it waits for the outage") { terminal.screen.contains("waiting for an outage") }
        server.signal(SIGKILL)
        _ = try await server.exit()
        try await terminal.eventually("it ends") { terminal.exitCode != nil }
        #expect(terminal.exitCode == 1)
        let result = terminal.folder.text("result")
        #expect(result.contains("\noutage      nobody listened within "), "\(result)")
        #expect(result.contains("refused while away   0 failed later"), "\(result)")
    }
}
