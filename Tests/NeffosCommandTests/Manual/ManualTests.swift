import Foundation
import TestSupport
import Testing

@testable import NeffosCommand

@Suite(.fewAtOnce) struct ManualTests {
    private static func output(of tool: String, _ arguments: [String], input: String) throws -> (status: Int32, out: String, err: String) {
        let folder = try TestFolder()
        defer { folder.remove() }
        try Data(input.utf8).write(to: URL(fileURLWithPath: folder.file("input")))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [tool] + arguments + [folder.file("input")]
        let (out, err) = (Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = err
        try process.runWithPlainSignals()
        let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let errors = String(decoding: err.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text, errors)
    }

    @Test func `the manual page has every subcommand, option, key and exit code`() throws {
        let page = try ManualPage.text().replacingOccurrences(of: "\\-", with: "-")
        let command = try CommandDescription.of(Neffos.self)
        #expect(command.shownSubcommands.count >= 2)
        for subcommand in command.shownSubcommands {
            #expect(page.contains(".SS \"neffos \(subcommand.commandName)"))
            for name in subcommand.shownArguments.flatMap({ $0.names ?? [] }) { #expect(page.contains("\\fB\(name.text)\\fR")) }
        }
        for key in SettingsSchema.keys { #expect(page.contains("\\fB\(key.name)\\fR")) }
        for (code, meaning) in CommandStatus.meanings { #expect(page.contains("\\fB\(code.rawValue)\\fR\n\(meaning)")) }
    }

    @Test func `man shows the page without a complaint`() async throws {
        let command = try CommandProcess(["--generate-manual"])
        #expect(try await command.exit() == 0)
        #expect(command.standardError == "")
        let shown: (status: Int32, out: String, err: String)
        do { shown = try Self.output(of: "man", ["-l", "--warnings", "-E", "UTF-8"], input: command.standardOutput) } catch { return }
        // 127: this machine has no man.
        guard shown.status != 127 else { return }
        #expect(shown.status == 0)
        #expect(shown.err == "")
        let text = shown.out.replacingOccurrences(of: ".\u{8}", with: "", options: .regularExpression)
        #expect(text.contains("EXIT STATUS"))
        #expect(text.contains("limits.messageBytes"))
        #expect(text.contains("--check-config"))
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completions know the options, and which of them take a file`(shell: String) async throws {
        let command = try CommandProcess(["--generate-completion-script", shell])
        #expect(try await command.exit() == 0)
        #expect(command.standardError == "")
        #expect(command.standardOutput.contains("config"))
        #expect(command.standardOutput.contains(shell == "zsh" ? "_files" : "yaml"))
        // Where the shell is here, it reads them.
        let read = try Self.output(of: shell, shell == "fish" ? ["--no-execute"] : ["-n"], input: command.standardOutput)
        #expect(read.status == 0 || read.status == 127, "\(read.err)")
    }
}
