import ArgumentParser
import Foundation
import NeffosTerminalConsole

/// `neffos probe`: a health check.
struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Look once whether a server takes clients: one HEAD, one upgrade, one ack.",
        discussion: """
            What a client that comes back does, step by step, each with its time. Exit code 0 if all of them went well, 69 with the one line that \
            says which did not and why.

              neffos probe wss://example.org/echo --namespace default --timeout 2s
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Argument(help: "Where the server is: ws://HOST:PORT/PATH or wss://.")
    var url: String
    @Option(help: ArgumentHelp("A namespace to enter as well.", valueName: "name"))
    var namespace: String?
    @Option(name: .customLong("header"), help: ArgumentHelp("A header of the upgrade; may be repeated.", valueName: "'name: value'"))
    var headers: [HeaderText] = []
    @Option(help: ArgumentHelp("The origin to send, as a browser's page would.", valueName: "origin"))
    var origin: String?
    @Option(
        name: .customLong("trust"), help: ArgumentHelp("A PEM file of certificates to trust in place of the system's.", valueName: "file"))
    var trusted: [String] = []
    @Flag(name: .customLong("no-head"), help: "Without the HEAD, for a server or proxy that does not answer it.")
    var skipsHead = false
    @Option(help: ArgumentHelp("What each step may take (default: 5s).", valueName: "duration"), transform: DurationText.init(argument:))
    var timeout = DurationText(milliseconds: 5000)
    @Option(help: "How the result is written to standard output.")
    var format = Format.text

    func validate() throws {
        if timeout.milliseconds == 0 { throw ValidationError("--timeout: \"0s\" is too short; write at least 1ms") }
    }

    func run() async throws {
        var all = headers
        if let origin { all.append(HeaderText(name: "Origin", value: origin)) }
        let report = try await ProbeRun(
            url: url, namespace: namespace, headers: all, trusted: trusted, skipsHead: skipsHead, timeout: timeout.duration
        ).run()
        switch format {
        case .text: for line in report.lines { Output.line(line) }
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            Output.line(String(decoding: try encoder.encode(report), as: UTF8.self))
        }
        if let failed = report.failed {
            throw CommandFailure(.unavailable, "\(url): \(failed.step.rawValue): \(failed.error); \(failed.advice)")
        }
    }
}
