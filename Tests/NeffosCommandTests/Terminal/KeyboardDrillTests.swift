import Foundation
import NeffosFeed
import TestSupport
import Testing

@testable import NeffosCommand

@Suite(.tags(.terminal), .enabled(if: TmuxTerminal.isAvailable, "tmux and dash are needed"), .fewAtOnce, .timeLimit(.minutes(5)))
struct KeyboardDrillTests {
    private func events(_ terminal: TmuxTerminal) -> [FeedEvent.Kind] {
        terminal.folder.text("feed").split(separator: "\n").compactMap { try? JSONLines.decode($0.utf8).event.kind }
    }

    @Test func `a drill from the keyboard drops half, opens an incident with that count, and closes when all are back`() async throws {
        let terminal = try TmuxTerminal(columns: 120, rows: 35)
        for (name, value) in Crowd.environment { try terminal.export("\(name)=\(value)") }
        try terminal.serve("--admin none --feed feed")
        var url: String?
        try await terminal.eventually("it listens") {
            for case .serverStarted(let state) in events(terminal) { url = state.url }
            return url != nil && terminal.screen.contains("1 Overview")
        }
        let crowd = try Crowd(8, url: try #require(url))
        try await crowd.enterAndTell()
        try await terminal.press("4", until: ["conns 8", " Incidents "])
        try await terminal.press("d", until: [" Drill ", "on everybody: 8 connections", "share", "50%"])
        // The time away, which is 3 s before.
        try await terminal.press("Tab", "C-u", "500ms", until: ["away        500ms"])
        try await terminal.press("Enter", until: ["Drill 4?", "4 connections are cut", "Type drill or 4"])
        // Not typed is not confirmed.
        try terminal.type("3", "Enter")
        try await terminal.eventually("it still asks") { terminal.screen.contains("Drill 4?") }
        #expect(!events(terminal).contains { if case .incidentOpened = $0 { true } else { false } })
        try await terminal.press("BSpace", "4", "Enter", until: ["▸ #1", " drill ", "4 lost"])
        try await terminal.eventually("all are back and the incident is over") {
            let screen = terminal.screen
            return screen.contains("✓ closed after") && screen.contains("nobody is missing") && screen.contains("conns 8")
        }
        let screen = terminal.screen
        #expect(screen.contains("│ server away "))
        for step in ["dropped", "probed", "upgraded", "namespaces", "rooms"] {
            #expect(
                screen.split(separator: "\n").contains {
                    ($0.contains("│ \(step) ") || $0.contains("┤ \(step) ")) && $0.contains(" 4 ██") && $0.contains("100 %")
                },
                "\(step)")
        }
        try await terminal.eventually("the feed is written") {
            events(terminal).contains { if case .incidentClosed = $0 { true } else { false } }
        }
        let closed = events(terminal).compactMap { if case .incidentClosed(let figures) = $0 { figures } else { nil } }
        #expect(closed.map(\.cause) == ["drill"])
        #expect(closed.first?.dropped == 4)
        #expect(closed.first?.upgraded == 4)
        #expect(closed.first?.missing == 0)
        await crowd.close()
        try await terminal.eventually("all are gone") { terminal.screen.contains("conns 0") }
        try terminal.type("q")
        try await terminal.expectRestored()
        #expect(terminal.exitCode == 0)
    }
}
