import Foundation
import TestSupport
import Testing

@testable import NeffosCommand

@Suite(.fewAtOnce, .tags(.terminal), .enabled(if: TmuxTerminal.isAvailable)) struct DialTerminalTests {
    private func dial(_ terminal: TmuxTerminal, _ url: String) throws {
        let script = """
            cd '\(terminal.folder.path)'
            stty -g > before
            '\(try CommandProcess.binary.path)' dial \(url) --reconnect 0s
            echo "$?" > code
            stty -g > settings
            mv settings after
            """
        try Data(script.utf8).write(to: URL(fileURLWithPath: terminal.folder.file("script")))
        try terminal.type(". '\(terminal.folder.file("script"))'", "Enter")
    }

    private func withServer(_ body: (String) async throws -> Void) async throws {
        let server = try CommandProcess(["serve", "--listen", "127.0.0.1:0", "--headless", "--log-level", "error"])
        try await body(try await server.url())
        server.signal(SIGTERM)
        #expect(try await server.exit() == 0)
    }

    @Test func `the line can be edited, completed and called back, and what comes stands above it`() async throws {
        try await withServer { url in
            let terminal = try TmuxTerminal(columns: 100, rows: 24)
            try dial(terminal, url)
            try await terminal.eventually("the prompt is there") { terminal.screen.contains("\n> ") }
            try terminal.type("con", "Tab", "default", "Enter")
            try await terminal.eventually("it is in the namespace") { terminal.screen.contains("entered default") }
            // A typo, mended.
            try terminal.type("ask default ecko one", "Home")
            for _ in 0..<14 { try terminal.type("Right") }
            try terminal.type("DC", "h", "Enter")
            try await terminal.eventually("the reply is there") { terminal.screen.contains("\none") }
            try terminal.type("join default lobby", "Enter")
            try await terminal.eventually("it is in the room") { terminal.screen.contains("joined default #lobby") }
            // Half a line is typed while somebody else speaks.
            try terminal.type("ask default echo tw")
            let other = try CommandProcess(["dial", url, "--once", "connect default; join default lobby; emit default #lobby chat hello"])
            #expect(try await other.exit() == 0)
            try await terminal.eventually("it stands above the prompt") {
                terminal.screen.contains("default #lobby chat hello\n> ask default echo tw")
            }
            try terminal.type("o", "Enter")
            try await terminal.eventually("the reply is there") { terminal.screen.contains("\ntwo") }
            try terminal.type("Up", "BSpace", "BSpace", "BSpace", "six", "Enter")
            try await terminal.eventually("the reply is there") { terminal.screen.contains("\nsix") }
            try terminal.type("C-d")
            try await terminal.expectRestored()
            #expect(terminal.exitCode == 0)
        }
    }

    @Test func `the terminal is as it was after a signal`() async throws {
        try await withServer { url in
            let terminal = try TmuxTerminal(columns: 80, rows: 24)
            try dial(terminal, url)
            try await terminal.eventually("the prompt is there") { terminal.screen.contains("\n> ") }
            try terminal.type("C-c")
            try await terminal.expectRestored()
        }
    }
}
