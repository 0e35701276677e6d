import Foundation
import NeffosFeed
import TestSupport
import Testing

@testable import NeffosCommand

@Suite(.tags(.terminal), .enabled(if: TmuxTerminal.isAvailable, "tmux and dash are needed"), .fewAtOnce)
struct KeepServingTests {
    private func url(in feed: String) -> String? {
        for line in feed.split(separator: "\n") {
            if let entry = try? JSONLines.decode(line.utf8), case .serverStarted(let state) = entry.event.kind { return state.url }
        }
        return nil
    }

    private func answers(_ url: String) async throws -> Bool {
        let dial = try CommandProcess(["dial", url, "--once", "connect default; ask default echo still here"])
        return try await dial.exit() == 0
    }

    @Test func `a lost terminal ends the console and not the server, which then hears signals as a headless one does`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let terminal = try TmuxTerminal(columns: 80, rows: 24)
        try terminal.serve("--keep-serving --summary json --summary-file \(folder.file("summary")) --feed \(folder.file("feed"))")
        try await terminal.eventually("the console is there") {
            terminal.screen.contains("ws://127.0.0.1:") && terminal.pid != nil && url(in: folder.text("feed")) != nil
        }
        let pid = try #require(terminal.pid)
        let address = try #require(url(in: folder.text("feed")))
        _ = try? terminal.tmux(["kill-server"])
        #expect(try await answers(address))
        kill(pid, SIGHUP)
        #expect(try await answers(address))
        kill(pid, SIGTERM)
        try await terminal.eventually("it ends with its summary") { folder.text("summary").contains("\"reason\" : \"SIGTERM\"") }
        let answersStill = try await answers(address)
        #expect(!answersStill)
    }
}
