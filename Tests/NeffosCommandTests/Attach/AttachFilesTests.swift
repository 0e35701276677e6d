import Foundation
import TestSupport
import Testing

@testable import NeffosCommand

/// The files that `neffos attach` writes, and what is said where that does not go well.
@Suite(.fewAtOnce, .timeLimit(.minutes(5))) struct AttachFilesTests {
    /// A server whose feed always has something to tell.
    private func withServer(_ body: (_ socket: String, _ folder: TestFolder) async throws -> Void) async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let server = try CommandProcess([
            "serve", "--headless", "--listen", "127.0.0.1:0", "--admin", folder.file("a.sock"), "--state", "none", "--log-level", "error",
            "--demo", "2",
        ])
        _ = try await server.url()
        try await body(folder.file("a.sock"), folder)
        server.signal(SIGTERM)
        #expect(try await server.exit() == 0)
    }

    @Test(arguments: [("--feed", "feed"), ("--record", "recording")])
    func `a file that cannot be opened is one line, with 78`(option: String, what: String) async throws {
        let attached = try CommandProcess(["attach", "--headless", "/nowhere/a.sock", option, "/nowhere/at/all"])
        #expect(try await attached.exit() == 78)
        #expect(
            attached.errorLines == ["neffos: /nowhere/at/all: cannot write the \(what): No such file or directory; check \(option)"])
    }

    @Test func `where nobody can be attached to, the feed of before stays`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        try Data("of before\n".utf8).write(to: URL(fileURLWithPath: folder.file("feed")))
        let arguments = ["attach", "--headless", folder.file("a.sock"), "--feed", folder.file("feed")]
        let attached = try CommandProcess(arguments)
        #expect(try await attached.exit() == 69)
        #expect(folder.text("feed") == "of before\n")
    }

    @Test(arguments: [[], ["--filter", "key:nobody"]])
    func `the feed is started anew, also where nothing passes the filter`(filter: [String]) async throws {
        try await withServer { socket, folder in
            try Data("of before\n".utf8).write(to: URL(fileURLWithPath: folder.file("feed")))
            let arguments = ["attach", "--headless", socket, "--feed", folder.file("feed"), "--duration", "50ms"]
            let attached = try CommandProcess(arguments + filter)
            #expect(try await attached.exit() == 0)
            let lines = folder.text("feed").split(separator: "\n")
            #expect(lines.allSatisfy { $0.hasPrefix("{\"v\":1,") }, "\(lines)")
            if filter.isEmpty { #expect(lines.first?.contains("\"type\":\"snapshot\"") == true) }
        }
    }

    #if os(Linux)
    @Test(arguments: ["--feed", "--record"])
    func `a file that cannot be written is told when it happens and at the end, with 69`(option: String) async throws {
        try await withServer { socket, _ in
            let attached = try CommandProcess(["attach", "--headless", socket, option, "/dev/full"])
            let told =
                "neffos: cannot write the feed to /dev/full: No space left on device; what came from then on is missing there: "
                + "make room, or give \(option) another file"
            try await attached.eventually("it is told") { attached.errorLines.contains(told) }
            attached.signal(SIGTERM)
            #expect(try await attached.exit() == 69)
            #expect(attached.errorLines.count { $0 == told } == 2)
            #expect(attached.errorLines.last == told)
        }
    }
    #endif

    @Test func `a reader of standard output that leaves is no failure`() async throws {
        try await withServer { socket, _ in
            let shell = CommandProcess.Launcher(script: "{ \"$@\"; echo $? >&2; } | head -n 1", input: .nullDevice)
            let attached = try CommandProcess(["attach", "--headless", socket, "--feed", "-", "--duration", "5s"], launcher: shell)
            #expect(try await attached.exit() == 0)
            #expect(attached.errorLines.suffix(2) == ["neffos: cannot write the feed to descriptor 1: Broken pipe", "0"])
            #expect(attached.standardOutput.contains("snapshot"))
        }
    }
}
