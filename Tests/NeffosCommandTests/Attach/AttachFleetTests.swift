import Foundation
import NeffosFeed
import NeffosObservatory
import TestSupport
import Testing

@testable import NeffosCommand

/// One console over several servers, all of them processes.
@Suite(.fewAtOnce, .timeLimit(.minutes(5))) struct AttachFleetTests {
    private func serve(_ folder: TestFolder, _ name: String, _ more: String...) throws -> CommandProcess {
        try CommandProcess(
            [
                "serve", "--headless", "--listen", "127.0.0.1:0", "--node", name, "--admin", folder.file("\(name).sock"), "--state",
                folder.file("\(name).roster"), "--log-level", "error",
            ] + more)
    }

    private func end(_ processes: CommandProcess...) async throws {
        for process in processes {
            process.signal(SIGTERM)
            #expect(try await process.exit() == 0)
        }
    }

    private func entries(_ process: CommandProcess) throws -> [FeedEntry] {
        try process.standardOutput.split(separator: "\n").filter { $0.hasSuffix("}") }.map { try JSONLines.decode($0.utf8) }
    }

    @Test func `without an address the feeds of all servers of this machine come, each in its own order`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let environment = ["XDG_RUNTIME_DIR": folder.path]
        let serve = ["serve", "--headless", "--listen", "127.0.0.1:0", "--log-level", "error", "--node"]
        let servers = try ["web-1", "web-2"].map { try CommandProcess(serve + [$0, "--demo", "2"], environment: environment) }
        for server in servers { _ = try await server.url() }
        let attached = try CommandProcess(["attach", "--headless", "--feed", "-"], environment: environment)
        try await attached.eventually("both tell") {
            let told = try entries(attached)
            return ["web-1", "web-2"].allSatisfy { name in told.contains { $0.node == name && $0.event.kind.typeName == "sample" } }
        }
        let text = try CommandProcess(
            ["attach", "--headless", "--filter", "event:sample", "--duration", "2500ms"], environment: environment)
        #expect(try await text.exit() == 0)
        #expect(text.standardOutput.contains("web-1 ") && text.standardOutput.contains("web-2 "))
        let tape = try CommandProcess(["attach", "--headless", "--record", folder.file("tape")], environment: environment)
        #expect(try await tape.exit() == 64)
        #expect(tape.errorLines.count == 1 && tape.standardError.contains("a tape is of one server, and here are 2"))
        try await end(attached, servers[0], servers[1])
        for name in ["web-1", "web-2"] {
            let told = try entries(attached).filter { $0.node == name }
            #expect(told.first?.event.kind.typeName == "snapshot")
            #expect(told.map(\.seq) == told.map(\.seq).sorted())
        }
    }

    @Test func `one that is not there is knocked at until it is, one that says no ends it, and none there is an error`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let sockets = ["a", "b"].map { folder.file("\($0).sock") }
        let none = try CommandProcess(["attach", "--headless"] + sockets)
        #expect(try await none.exit() == 69)
        #expect(none.errorLines.count == 2)
        let first = try serve(folder, "a")
        _ = try await first.url()
        let attached = try CommandProcess(["attach", "--headless", "--feed", "-"] + sockets)
        try await attached.eventually("it knocks") { attached.standardError.contains("\(sockets[1]): the server cannot be reached: ") }
        let second = try serve(folder, "b")
        _ = try await second.url()
        try await attached.eventually("it is there") { attached.standardError.contains("\(sockets[1]): attached to b at ") }
        try await attached.eventually("both tell") { Set(try entries(attached).map(\.node)) == ["a", "b"] }
        // It goes and comes; the other one is not disturbed.
        second.signal(SIGKILL)
        _ = try await second.exit()
        try await attached.eventually("it is missed") {
            attached.standardError.contains("\(sockets[1]): the server does not answer any more")
        }
        let third = try serve(folder, "b")
        _ = try await third.url()
        try await attached.eventually("it is back") { attached.standardError.contains("\(sockets[1]): attached again: away ") }
        #expect(!attached.standardError.contains("\(sockets[0]): the server"))
        let refusing = try CommandProcess(["attach", "--headless", sockets[0], try await third.url()])
        #expect(try await refusing.exit() == 69)
        #expect(refusing.standardError.contains("it is a neffos server, but no admin address"))
        try await end(attached, first, third)
    }
}

@Suite(.tags(.terminal), .enabled(if: TmuxTerminal.isAvailable, "tmux and dash are needed"), .fewAtOnce)
struct AttachFleetTerminalTests {
    @Test func `the console shows a row for each, the chosen one on the other screens, and one that is killed and comes back`() async throws
    {
        let terminal = try TmuxTerminal(columns: 160, rows: 35)
        func serve(_ name: String, _ more: String...) throws -> CommandProcess {
            try CommandProcess(
                [
                    "serve", "--headless", "--listen", "127.0.0.1:0", "--node", name, "--admin", terminal.folder.file("\(name).sock"),
                    "--state", terminal.folder.file("\(name).roster"), "--log-level", "error",
                ] + more)
        }
        let first = try serve("web-1", "--demo", "3")
        let second = try serve("web-2", "--demo", "7")
        _ = try await first.url()
        _ = try await second.url()
        try terminal.run("attach '\(terminal.folder.file("web-1.sock"))' '\(terminal.folder.file("web-2.sock"))'")
        try await terminal.eventually("the first one is in view") {
            terminal.screen.contains("1/2 web-1") && terminal.screen.contains("conns 3")
        }
        try terminal.type("6")
        try await terminal.eventually("both have a row") {
            let rows = terminal.screen.split(separator: "\n")
            return rows.contains { $0.contains("web-1") && $0.contains("live") && $0.contains(" 3 ") }
                && rows.contains { $0.contains("web-2") && $0.contains("live") && $0.contains(" 7 ") }
        }
        try terminal.type("Down", "Enter")
        try await terminal.eventually("the second one is in view") {
            terminal.screen.contains("2/2 web-2") && terminal.screen.contains("conns 7")
        }
        try await second.eventually("the roster has all seven") {
            guard case .roster(let roster) = StateFile.read(terminal.folder.file("web-2.roster"), now: .now()) else { return false }
            return roster.entries.count == 7
        }
        try terminal.type("C-n")
        try await terminal.eventually("the first one again") { terminal.screen.contains("1/2 web-1") }
        second.signal(SIGKILL)
        _ = try await second.exit()
        try await terminal.eventually("the other one's trouble shows") { terminal.screen.contains("6 Nodes●") }
        try terminal.type("6")
        try await terminal.eventually("its row says so") { terminal.screen.contains("offline, try ") }
        let third = try serve("web-2")
        _ = try await third.url()
        try await terminal.eventually("it is back, and its clients are missing") {
            !terminal.screen.contains("offline") && terminal.screen.contains("server restart")
        }
        try terminal.type("q")
        try await terminal.expectRestored()
        #expect(terminal.exitCode == 0)
        for process in [first, third] {
            process.signal(SIGTERM)
            #expect(try await process.exit() == 0)
        }
    }
}
