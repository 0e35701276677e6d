import ArgumentParser
import Foundation
import NeffosObservatory
import NeffosTerminalConsole

/// The command. What it does is in its subcommands.
@main
struct Neffos: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "neffos",
        abstract: "A WebSocket server for the neffos protocol, and a console that shows who is here, who fell out, and who came back.",
        discussion: """
            Exit codes: \(CommandStatus.meanings.map { "\($0.code.rawValue) \($0.meaning)" }.joined(separator: "; ")).

            Completions: neffos --generate-completion-script bash, zsh or fish. The manual page: neffos --generate-manual.
            """,
        version: CommandVersion.text,
        subcommands: [
            ServeCommand.self, AttachCommand.self, ReplaySubcommand.self, DialCommand.self, LoadCommand.self, DrillCommand.self,
            ProbeCommand.self,
        ])

    @Flag(help: .hidden)
    var generateManual = false

    func run() throws {
        guard generateManual else { throw CleanExit.helpRequest(self) }
        Output.text(try ManualPage.text())
    }

    static func main() async {
        // Whoever reads our output may leave early; a write then fails instead of ending the process.
        signal(SIGPIPE, SIG_IGN)
        Foundation.exit(await run(Array(CommandLine.arguments.dropFirst())).rawValue)
    }

    /// Parses and runs; every error is one line on standard error.
    private static func run(_ arguments: [String]) async -> CommandStatus {
        do {
            var command = try await asyncParseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return .success
        } catch let failure as CommandFailure {
            for line in failure.lines { Output.error("neffos: \(line)") }
            return failure.code
        } catch {
            return tell(error, arguments: arguments)
        }
    }

    /// Help and the version go to standard output; what is wrong with the arguments is one line.
    private static func tell(_ error: any Error, arguments: [String]) -> CommandStatus {
        let code = exitCode(for: error)
        if code.isSuccess {
            Output.text(fullMessage(for: error))
            return .success
        }
        if code == .validationFailure {
            let subcommand = arguments.first { name in configuration.subcommands.contains { $0._commandName == name } }
            let help = (["neffos"] + (subcommand.map { [$0] } ?? []) + ["--help"]).joined(separator: " ")
            let what = mistyped(arguments) ?? message(for: error).split(whereSeparator: \.isNewline).joined(separator: " ")
            Output.error("neffos: \(what.hasSuffix(".") ? String(what.dropLast()) : what)\(what.hasSuffix("?") ? " See" : "; see") \(help)")
            return .usage
        }
        Output.error("neffos: \(error); this is a fault of neffos, please report it")
        return .software
    }

    /// What to say where the first argument is nearly the name of a subcommand.
    private static func mistyped(_ arguments: [String]) -> String? {
        let names = configuration.subcommands.map { $0._commandName }
        guard let first = arguments.first, !first.hasPrefix("-"), !names.contains(first),
            let nearest = NearestName.of(first, among: names)
        else { return nil }
        return "Unknown subcommand '\(first)'. Did you mean '\(nearest)'?"
    }
}

/// The version of the command and of the server in it.
enum CommandVersion {
    static let text = "0.1.0"
}
