import Foundation
import NeffosFeed
import NeffosObservatory
import TestSupport
import Testing

@testable import NeffosCommand

@Suite(.tags(.terminal), .enabled(if: TmuxTerminal.isAvailable, "tmux and dash are needed"), .fewAtOnce)
struct AttachTerminalTests {
    @Test func `the console outlives the server, shows that it is away and comes back, and q leaves the server alone`() async throws {
        let terminal = try TmuxTerminal(columns: 140, rows: 35)
        let socket = terminal.folder.file("a.sock")
        let serve = [
            "serve", "--headless", "--listen", "127.0.0.1:0", "--admin", socket, "--state", terminal.folder.file("roster"), "--log-level",
            "error",
        ]
        let first = try CommandProcess(serve + ["--demo", "5"])
        _ = try await first.url()
        try terminal.run("attach '\(socket)'")
        try await terminal.eventually("the picture is there") { terminal.screen.contains("conns 5") }
        try await first.eventually("the roster has all five") {
            guard case .roster(let roster) = StateFile.read(terminal.folder.file("roster"), now: .now()) else { return false }
            return roster.entries.count == 5
        }
        first.signal(SIGKILL)
        _ = try await first.exit()
        try terminal.type("l")
        try await terminal.eventually("it says that the server is away") { terminal.screen.contains("does not answer any more") }
        let second = try CommandProcess(serve)
        _ = try await second.url()
        try await terminal.eventually("it is back") { terminal.screen.contains("attached again: away ") }
        try terminal.type("Escape")
        try await terminal.eventually("the restart is an incident") { terminal.screen.contains("restart") }
        try terminal.type("q")
        try await terminal.expectRestored()
        #expect(terminal.exitCode == 0)
        second.signal(SIGTERM)
        #expect(try await second.exit() == 0)
    }
}

extension TmuxTerminal {
    /// Starts the command in the terminal's foreground, as `serve(_:)` starts a server.
    func run(_ arguments: String) throws {
        let binary = try CommandProcess.binary.path
        let script = """
            cd '\(folder.path)'
            stty -g > before
            dash -c 'echo $$ > pid; exec "$0" "$@"' "\(binary)" \(arguments)
            echo "$?" > code
            stty -g > settings
            mv settings after
            """
        try Data(script.utf8).write(to: URL(fileURLWithPath: folder.file("script")))
        try type(". '\(folder.file("script"))'", "Enter")
    }
}
