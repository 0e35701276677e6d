import Foundation
import NeffosFeed
import TestSupport
import Testing

@testable import NeffosCommand

/// `neffos attach` and the admin address of `neffos serve`, as processes.
@Suite(.fewAtOnce, .timeLimit(.minutes(5))) struct AttachProcessTests {
    private static let serve = ["serve", "--headless", "--listen", "127.0.0.1:0"]

    private func entries(_ process: CommandProcess) throws -> [FeedEntry] {
        // The last line may not be whole yet.
        try process.standardOutput.split(separator: "\n").filter { $0.hasSuffix("}") }.map { try JSONLines.decode($0.utf8) }
    }

    private func end(_ processes: CommandProcess...) async throws {
        for process in processes {
            process.signal(SIGTERM)
            #expect(try await process.exit() == 0)
        }
    }

    @Test func `without an address it finds the one server of this machine, and prints its feed`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let environment = ["XDG_RUNTIME_DIR": folder.path]
        let none = try CommandProcess(["attach"], environment: environment)
        #expect(try await none.exit() == 69)
        #expect(none.standardError.hasPrefix("neffos: no server of yours answers in \(folder.path)/neffos; "))

        let server = try CommandProcess(Self.serve + ["--demo", "3"], environment: environment)
        let url = try await server.url()
        let port = try #require(URL(string: url)?.port)
        let recorded = folder.file("tape")
        let attached = try CommandProcess(["attach", "--headless", "--feed", "-", "--record", recorded], environment: environment)
        try await attached.eventually("a sample comes") { attached.standardOutput.contains("\"type\":\"sample\"") }
        #expect(attached.errorLines.first == "neffos: attached to neffos at \(url), version \(CommandVersion.text)")
        let text = try CommandProcess(["attach", "\(port)", "--filter", "event:sample"], environment: environment)
        try await text.eventually("a sample comes") { text.standardOutput.contains(" sample connections ") }
        #expect(text.errorLines.last == "neffos: standard input is no terminal, so there is no console; printing events")
        #expect(text.standardOutput.split(separator: "\n").allSatisfy { $0.contains(" sample ") || $0.contains(" snapshot ") })

        let second = try CommandProcess(Self.serve, environment: environment)
        _ = try await second.url()
        let drill = try CommandProcess(["drill"], environment: environment)
        #expect(try await drill.exit() == 64)
        #expect(drill.errorLines.count == 3)
        #expect(drill.standardError.contains("neffos:   \(folder.path)/neffos/\(port).sock\n"))

        try await end(attached, text, server, second)
        let told = try entries(attached)
        #expect(told.first?.event.kind.typeName == "snapshot")
        #expect(folder.text("tape") == attached.standardOutput)
        #expect(
            ((try? FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/neffos")) ?? []).allSatisfy { !$0.hasSuffix(".sock") })
    }

    @Test func `when the server is killed and another takes its place, it comes back and says what it missed`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let place = ["--admin", folder.file("a.sock"), "--state", folder.file("roster"), "--log-level", "error"]
        let first = try CommandProcess(Self.serve + place + ["--demo", "4"])
        _ = try await first.url()
        let attached = try CommandProcess(["attach", folder.file("a.sock"), "--headless", "--feed", "-"])
        try await attached.eventually("the demo is there") { try entries(attached).contains { $0.event.kind.typeName == "sample" } }
        first.signal(SIGKILL)
        _ = try await first.exit()
        try await attached.eventually("it notices") { attached.standardError.contains("the server does not answer any more") }
        let second = try CommandProcess(Self.serve + place)
        _ = try await second.url()
        try await attached.eventually("it is back") { attached.standardError.contains("attached again: away ") }
        #expect(attached.standardError.contains("; the server had started anew"))
        try await attached.eventually("the new picture is in the feed") {
            try entries(attached).count { $0.event.kind.typeName == "snapshot" } == 2
        }
        let before = attached.standardOutput.count
        try await attached.eventually("events go on") { attached.standardOutput.count > before }
        try await end(attached, second)
    }

    @Test func `over TCP a token is needed on both sides`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let open = try CommandProcess(Self.serve + ["--admin", "127.0.0.1:0"])
        #expect(try await open.exit() == 78)
        #expect(open.errorLines.count == 1)
        #expect(open.standardError.contains("admin.token"))

        let server = try CommandProcess(Self.serve + ["--admin", "127.0.0.1:0"], environment: ["NEFFOS_ADMIN_TOKEN": "s3cret"])
        try await server.eventually("the admin address is told") { server.standardError.contains("the admin address url=") }
        let line = try #require(server.errorLines.first { $0.contains("the admin address url=") })
        let url = try #require(line.split(separator: "url=").last.map(String.init))
        #expect(!server.standardError.contains("s3cret"))

        let without = try CommandProcess(["attach", url])
        #expect(try await without.exit() == 69)
        #expect(
            without.standardError
                == "neffos: \(url): the server wants a token; give the server's with --token-file FILE, or in NEFFOS_ADMIN_TOKEN\n")
        try Data("wrong\n".utf8).write(to: URL(fileURLWithPath: folder.file("token")))
        let wrong = try CommandProcess(["attach", url, "--token-file", folder.file("token")])
        #expect(try await wrong.exit() == 69)
        #expect(wrong.standardError.contains("the token is wrong"))
        try Data("s3cret\n".utf8).write(to: URL(fileURLWithPath: folder.file("token")))
        let right = try CommandProcess(["attach", url, "--token-file", folder.file("token"), "--duration", "50ms"])
        #expect(try await right.exit() == 0)
        let missing = try CommandProcess(["attach", url, "--token-file", folder.file("nowhere")])
        #expect(try await missing.exit() == 78)
        try await end(server)
    }

    @Test func `two servers cannot have one socket, and a server without one serves`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let first = try CommandProcess(Self.serve + ["--admin", folder.file("a.sock"), "--log-level", "error"])
        _ = try await first.url()
        let second = try CommandProcess(Self.serve + ["--admin", folder.file("a.sock"), "--log-level", "error"])
        #expect(try await second.exit() == 69)
        #expect(
            second.standardError
                == "neffos: cannot listen on the admin address: another server answers on \(folder.file("a.sock")); stop it, or choose another path\n"
        )
        let none = try CommandProcess(Self.serve + ["--admin", "none"], environment: ["XDG_RUNTIME_DIR": folder.path])
        _ = try await none.url()
        #expect(!FileManager.default.fileExists(atPath: folder.file("neffos")))
        // The usual place is of no use.
        try Data().write(to: URL(fileURLWithPath: folder.file("neffos")))
        let homeless = try CommandProcess(Self.serve, environment: ["XDG_RUNTIME_DIR": folder.path])
        try await homeless.eventually("it says so") { homeless.standardError.contains("no console can attach: ") }
        try await end(homeless, none, first)
    }

    @Test func `an address that is none of an admin says what it is`() async throws {
        let server = try CommandProcess(Self.serve + ["--admin", "none"])
        let url = try await server.url()
        let attached = try CommandProcess(["attach", url])
        #expect(try await attached.exit() == 69)
        #expect(attached.standardError == "neffos: \(url): it is a neffos server, but no admin address; give the server's --admin\n")
        // The same where it takes the place of one that is.
        let folder = try TestFolder()
        defer { folder.remove() }
        let admin = try CommandProcess(Self.serve + ["--admin", "127.0.0.1:0"], environment: ["NEFFOS_ADMIN_TOKEN": "s3cret"])
        try await admin.eventually("the admin address is told") { admin.standardError.contains("the admin address url=") }
        let line = try #require(admin.errorLines.first { $0.contains("the admin address url=") })
        let place = try #require(line.split(separator: "url=").last.flatMap { URL(string: String($0)) })
        let watching = try CommandProcess(["attach", "--headless", place.absoluteString], environment: ["NEFFOS_ADMIN_TOKEN": "s3cret"])
        try await watching.eventually("it is attached") { watching.standardError.contains("attached to ") }
        admin.signal(SIGKILL)
        _ = try await admin.exit()
        let plain = try CommandProcess([
            "serve", "--headless", "--listen", "127.0.0.1:\(try #require(place.port))", "--path", "/feed", "--admin", "none", "--state",
            "none",
        ])
        _ = try await plain.url()
        try await watching.eventually("it says what is there") {
            watching.errorLines.last == "neffos: it is a neffos server, but no admin address; give the server's --admin"
        }
        try await end(watching, plain)
        let twice = try CommandProcess(["attach", "8080", "8080"])
        #expect(try await twice.exit() == 64)
        #expect(twice.standardError.contains("8080: it is named twice"))
        let mistyped = try CommandProcess(["attach", "8080", "--filter", "tries>>1"])
        #expect(try await mistyped.exit() == 64)
        try await end(server)
    }
}
