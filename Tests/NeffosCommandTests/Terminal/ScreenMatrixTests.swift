import Foundation
import TestSupport
import Testing

@testable import NeffosCommand

/// Every screen in every kind of terminal.
@Suite(.tags(.terminal), .enabled(if: TmuxTerminal.isAvailable, "tmux and dash are needed"), .fewAtOnce, .timeLimit(.minutes(5)))
struct ScreenMatrixTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        var environment: [String] = []
        var options = ""
        var isColored = true
        var isASCII = false

        var testDescription: String { (environment + [options]).filter { !$0.isEmpty }.joined(separator: " ") }
    }

    static let kinds = [
        Kind(environment: ["TERM=xterm-256color"]),
        Kind(environment: ["TERM=xterm-256color", "COLORTERM=truecolor"]),
        Kind(environment: ["TERM=screen"]),
        Kind(environment: ["TERM=vt100"], isColored: false),
        Kind(environment: ["TERM=xterm-256color", "NO_COLOR=1"], isColored: false),
        Kind(environment: ["TERM=xterm-256color"], options: "--color never", isColored: false),
        Kind(environment: ["TERM=xterm-256color"], options: "--ascii", isASCII: true),
        Kind(environment: ["TERM=xterm-256color", "LC_ALL=C"], isASCII: true),
        Kind(environment: ["TERM=vt100", "LC_ALL=POSIX"], isColored: false, isASCII: true),
    ]

    /// What stands on each screen and on no other.
    static let screens: [(key: String, texts: [String])] = [
        ("2", [" connections ", "demo-1", "address"]), ("3", ["namespaces and rooms", "lobby"]), ("4", [" Incidents "]),
        ("5", [" Events ", "what"]), ("1", ["HEAD probes", "Busiest rooms", "lobby"]), ("l", [" Log ", "listening on ws://"]),
    ]

    @Test(arguments: kinds)
    func `a served console shows every screen, its help and its log, and leaves nothing behind`(_ kind: Kind) async throws {
        let terminal = try TmuxTerminal(columns: 80, rows: 24)
        for variable in kind.environment { try terminal.export(variable) }
        try terminal.serve("--admin none --demo 5 \(kind.options)")
        try await terminal.eventually("the demo is there") { terminal.screen.contains("conns 5") }
        var seen = ""
        for screen in Self.screens {
            try await terminal.press(screen.key, until: screen.texts)
            seen += terminal.screen
            #expect(terminal.isColored == kind.isColored, "\(screen.key)")
            try await terminal.press("?", until: [" Keys: ", "Esc close"])
            seen += terminal.screen
            try terminal.type("Escape")
            try await terminal.eventually("the help is gone") { !terminal.screen.contains(" Keys: ") }
        }
        try terminal.type("Escape")
        try await terminal.eventually("the log is gone") { !terminal.screen.contains(" Log ") }
        #expect(seen.allSatisfy(\.isASCII) == kind.isASCII)
        #expect(!seen.contains("\u{FFFD}"))
        try await terminal.press("q", until: ["stop the server"])
        try terminal.type("y")
        try await terminal.expectRestored()
        #expect(terminal.exitCode == 0)
        #expect(terminal.modes == .shell)
    }

    @Test(arguments: ["1", "2", "3", "4", "5", "l", "?"])
    func `a tape's screen is the same again after the terminal was too small`(_ key: String) async throws {
        let terminal = try TmuxTerminal(columns: 80, rows: 24)
        try Data(MadeTape.twoOutages.bytes).write(to: URL(fileURLWithPath: terminal.folder.file("tape.jsonl")))
        try terminal.run("replay tape.jsonl --speed 0.125")
        try await terminal.eventually("the tape plays") { terminal.screen.contains("conns ") }
        try await terminal.press("Space", until: ["‖ replay"])
        // To a place that is the same each time.
        try await terminal.press("n", until: ["Incident #1"])
        try terminal.type(key)
        var before = ""
        try await terminal.eventually("the screen stands still") {
            let screen = Self.lines(terminal)
            defer { before = screen }
            return screen == before && (key == "1" || !screen.contains("Incident #1") || key == "?" && screen.contains(" Keys: "))
        }
        try terminal.resize(columns: 60, rows: 15)
        try await terminal.eventually("it says what there is and what it needs") {
            terminal.screen.contains("60×15") && terminal.screen.contains("80×24")
        }
        try terminal.resize(columns: 20, rows: 5)
        try await terminal.eventually("even there") { terminal.screen.contains("20×5") && terminal.screen.contains("80×24") }
        try terminal.resize(columns: 80, rows: 24)
        try await terminal.eventually("the same screen is back:\n\(before)") { Self.lines(terminal) == before }
        try terminal.resize(columns: 200, rows: 60)
        try await terminal.eventually("it fills a large one") { terminal.screen.split(separator: "\n").first?.count ?? 0 > 150 }
        // A q right behind it would be Alt-q.
        if key == "l" || key == "?" {
            try terminal.type("Escape")
            try await terminal.eventually("the screen below is back") { terminal.screen.contains("1-5 Tab screens") }
        }
        try terminal.type("q")
        try await terminal.expectRestored()
    }

    /// The screen, without what follows the last character of a line: whether blanks were drawn there does not show.
    private static func lines(_ terminal: TmuxTerminal) -> String {
        terminal.screen.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in line.reversed().drop(while: \.isWhitespace).reversed().map(String.init).joined() }.joined(separator: "\n")
    }
}
