import Foundation
import TestSupport
import Testing

@testable import NeffosCommand

@Suite(.fewAtOnce) struct ExitCodeTests {
    struct Mistake: CustomTestStringConvertible, Sendable {
        var arguments: [String]
        var environment: [String: String] = [:]
        var code: CommandStatus
        var line: String
        var testDescription: String { "neffos \(arguments.joined(separator: " "))" }
    }

    private static let mistakes: [Mistake] = [
        Mistake(
            arguments: ["serve", "--lisen", "x"], code: .usage,
            line: "neffos: Unknown option '--lisen'. Did you mean '--listen'? See neffos serve --help"),
        Mistake(arguments: ["sreve"], code: .usage, line: "neffos: Unknown subcommand 'sreve'. Did you mean 'serve'? See neffos --help"),
        Mistake(
            arguments: ["serv", "--listen", "127.0.0.1:0"], code: .usage,
            line: "neffos: Unknown subcommand 'serv'. Did you mean 'serve'? See neffos --help"),
        Mistake(arguments: ["nonsense"], code: .usage, line: "neffos: Unexpected argument 'nonsense'; see neffos --help"),
        Mistake(
            arguments: ["serve", "--listen", "8080"], code: .usage,
            line: "neffos: --listen: \"8080\" has no port; write HOST:PORT, like 127.0.0.1:8080 or [::1]:8080; see neffos serve --help"),
        Mistake(
            arguments: ["serve", "--log-level", "inof"], code: .usage,
            line: "neffos: --log-level: \"inof\" is not one of its values; did you mean \"info\"? See neffos serve --help"),
        Mistake(
            arguments: ["serve", "--fps", "31"], code: .usage,
            line: "neffos: --fps: 31 is out of range; write 1 to 30; see neffos serve --help"),
        Mistake(
            arguments: ["serve", "--summary", "text", "--feed", "-"], code: .usage,
            line: "neffos: --summary and --feed - both write to standard output; add --summary-file FILE; see neffos serve --help"),
        Mistake(
            arguments: ["serve", "--expect", "p95(restor)<5s"], code: .usage,
            line:
                "neffos: --expect 'p95(restor)<5s': unknown figure \"restor\" at character 5; did you mean \"restore\"? See neffos serve --help"
        ),
        Mistake(
            arguments: ["serve", "--filter", "-nss:chat"], code: .usage,
            line: "neffos: --filter '-nss:chat': unknown field \"nss\" at character 2; did you mean \"ns\"? See neffos serve --help"),
        Mistake(
            arguments: ["serve", "--drill", "drop=50%,awy=3s"], code: .usage,
            line: "neffos: --drill 'drop=50%,awy=3s': \"awy\" is no part of a drill; did you mean \"away\"? See neffos serve --help"),
        Mistake(
            arguments: ["serve", "--drill", "drop=50%", "--read-only"], code: .usage,
            line: "neffos: --drill: a server that is --read-only drops nobody; leave one of them out; see neffos serve --help"),
        Mistake(
            arguments: ["serve", "--timeout", "5s"], code: .usage,
            line: "neffos: --timeout: there is no --until to wait for; stop with --duration; see neffos serve --help"),
        Mistake(
            arguments: ["serve", "--warn", "hered"], code: .usage,
            line: "neffos: --warn: \"hered\" is no lint; did you mean \"herd\"? See neffos serve --help"),
        Mistake(
            arguments: ["serve", "--feed", "f", "--record", "f"], code: .usage,
            line: "neffos: --record: f is the file of --feed too; choose another; see neffos serve --help"),
        Mistake(
            arguments: ["serve", "--listen", "127.0.0.1:0", "--record", "/nowhere/tape"], code: .configuration,
            line: "neffos: /nowhere/tape: cannot write the recording: No such file or directory; check --record"),
        Mistake(
            arguments: ["serve", "--listen", "127.0.0.1:0", "--summary-file", "/nowhere/r.xml"], code: .configuration,
            line: "neffos: /nowhere/r.xml: cannot write the summary: No such file or directory; check --summary-file"),
        Mistake(
            arguments: ["serve", "--config", "/nowhere/neffos.yaml"], code: .configuration,
            line: "neffos: /nowhere/neffos.yaml: cannot read the configuration file: No such file or directory; check --config"),
        Mistake(
            arguments: ["serve"], environment: ["NEFFOS_SERVER_LISTN": "x"], code: .configuration,
            line: "neffos: environment: unknown variable NEFFOS_SERVER_LISTN; did you mean NEFFOS_SERVER_LISTEN?"),
        Mistake(
            arguments: ["serve", "--listen", "127.0.0.1:0", "--feed", "/nowhere/feed.jsonl"], code: .configuration,
            line: "neffos: /nowhere/feed.jsonl: cannot write the feed: No such file or directory; check --feed"),
        Mistake(
            arguments: ["serve", "--listen", "203.0.113.7:0"], code: .unavailable,
            line:
                "neffos: cannot listen on 203.0.113.7:0: the address is not one of this machine; choose one that is with --listen HOST:PORT"
        ),
        Mistake(
            arguments: ["serve", "--config", "/usr"], code: .configuration,
            line: "neffos: /usr: cannot read the configuration file: Is a directory; check --config"),
        Mistake(
            arguments: ["dial", "ws://h", "--once", "conect default"], code: .usage,
            line: "neffos: --once: \"conect\" is no command; did you mean \"connect\"? See neffos dial --help"),
    ]

    @Test(arguments: mistakes)
    func `a mistake is one line on standard error, and its exit code`(mistake: Mistake) async throws {
        let command = try CommandProcess(mistake.arguments, environment: mistake.environment)
        #expect(try await command.exit() == mistake.code.rawValue)
        #expect(command.standardError == mistake.line + "\n")
        #expect(command.standardOutput == "")
    }

    @Test func `a mistake in the file has its line and column`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let file = folder.file("neffos.yaml")
        try Data("server:\n  lisen: x\n".utf8).write(to: URL(fileURLWithPath: file))
        let command = try CommandProcess(["serve", "--config", file])
        #expect(try await command.exit() == 78)
        #expect(command.standardError == "neffos: \(file):2:3: unknown key \"server.lisen\"; did you mean \"server.listen\"?\n")
    }

    @Test(arguments: [[], ["--help"], ["help"], ["serve", "--help"], ["dial", "--help"], ["--version"]] as [[String]])
    func `help goes to standard output`(arguments: [String]) async throws {
        let command = try CommandProcess(arguments)
        #expect(try await command.exit() == 0)
        #expect(command.standardError == "")
        #expect(command.standardOutput.contains(arguments == ["--version"] ? CommandVersion.text : "USAGE: neffos"))
    }

    @Test func `a port in use is said, and the feed's file is left alone`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let first = try CommandProcess(["serve", "--headless", "--listen", "127.0.0.1:0", "--feed", folder.file("feed")])
        let address = try #require(URL(string: try await first.url()).flatMap { url in url.port.map { "127.0.0.1:\($0)" } })
        try await first.eventually("the feed is written") { folder.text("feed").contains("server.started") }
        let arguments = ["--listen", address, "--feed", folder.file("feed"), "--state", "none"]
        let second = try CommandProcess(["serve", "--headless"] + arguments)
        #expect(try await second.exit() == 69)
        let advice = "the port is in use; stop what uses it, or choose another with --listen HOST:PORT"
        #expect(second.standardError == "neffos: cannot listen on \(address): \(advice)\n")
        #expect(folder.text("feed").contains("server.started"))
        // The admin address says it in the same words.
        let admin = ["serve", "--headless", "--listen", "127.0.0.1:0", "--state", "none", "--admin", address]
        let third = try CommandProcess(admin, environment: ["NEFFOS_ADMIN_TOKEN": "s3cret"])
        #expect(try await third.exit() == 69)
        let another = "the port is in use; stop what uses it, or choose another with --admin ADDRESS, or none"
        #expect(third.errorLines.last == "neffos: cannot listen on the admin address \(address): \(another)")
        first.signal(SIGTERM)
        #expect(try await first.exit() == 0)
    }
}
