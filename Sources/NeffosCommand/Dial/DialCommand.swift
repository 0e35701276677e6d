import ArgumentParser
import Foundation
import Neffos

/// `neffos dial`: a client at the prompt, which comes back by itself.
struct DialCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dial",
        abstract: "Dial a server, and talk to it at a prompt.",
        discussion: """
            Standard output has what comes: messages as NAMESPACE #ROOM EVENT BODY, replies as their body. What happens to the connection goes \
            to standard error. With --format json each of them is an object, a line each. The prompt takes:

            \(DialScript.help)

              neffos dial ws://127.0.0.1:8080/echo --once 'connect default; ask default echo hi'

            With --once it leaves after the last command, or after one that fails, with 1. On a terminal the line can be edited; the arrows \
            bring earlier ones back, and Tab completes commands.
            """)

    @Argument(help: "Where the server is: ws://HOST:PORT/PATH or wss://.")
    var url: String
    @Option(help: ArgumentHelp("Commands to run, divided by semicolons, instead of the prompt.", valueName: "commands"))
    var once: String?
    @Option(
        name: .customLong("namespace"),
        help: ArgumentHelp("A namespace that may be entered; may be repeated (default: default).", valueName: "name"))
    var namespaces: [String] = []
    @Option(name: .customLong("header"), help: ArgumentHelp("A header of the upgrade; may be repeated.", valueName: "'name: value'"))
    var headers: [HeaderText] = []
    @Option(
        help: ArgumentHelp(
            "How long to wait before each attempt to come back (default: 2s); 0s does not come back.", valueName: "duration"),
        transform: DurationText.init(argument:))
    var reconnect = DurationText(milliseconds: 2000)
    @Option(
        name: .customLong("trust"), help: ArgumentHelp("A PEM file of certificates to trust in place of the system's.", valueName: "file"),
        completion: .file())
    var trusted: [String] = []
    @Option(help: ArgumentHelp("The origin to send, as a browser's page would.", valueName: "origin"))
    var origin: String?
    @Option(
        help: ArgumentHelp("What an answer, or a message that is waited for, may take (default: 30s).", valueName: "duration"),
        transform: DurationText.init(argument:))
    var timeout = DurationText(milliseconds: 30_000)
    @Option(help: "How messages and replies are written to standard output.")
    var format = DialPrinter.Format.text

    func validate() throws {
        if timeout.milliseconds == 0 { throw ValidationError("--timeout: \"0s\" is too short; write at least 1ms") }
        if let once {
            do { _ = try DialScript.steps(of: once) } catch { throw ValidationError("--once: \(error)") }
        }
    }

    func run() async throws {
        var configuration = ClientConfiguration()
        configuration.headers = headers.map { ($0.name, $0.value) } + (origin.map { [("Origin", $0)] } ?? [])
        configuration.answerWithin = timeout.duration
        configuration.reconnect = reconnect.milliseconds == 0 ? .never : Reconnection(interval: reconnect.duration)
        configuration.userAgent = "neffos-dial/\(CommandVersion.text)"
        configuration.tls.trustedCertificates = trusted
        let steps = try once.map { try DialScript.steps(of: $0) }
        try await DialRun(
            url: url, configuration: configuration, namespaces: declared(steps ?? []), steps: steps, timeout: timeout.duration,
            printer: DialPrinter(format: format, screen: DialScreen())
        ).run()
    }

    /// A client declares its namespaces before it dials: those that were named, and those of the commands.
    private func declared(_ steps: [DialStep]) -> Set<String> {
        var names = Set(namespaces)
        for case .connect(let namespace) in steps { names.insert(namespace) }
        return names.isEmpty ? ["default"] : names
    }
}

/// `Name: value`.
struct HeaderText: ExpressibleByArgument, Equatable {
    var name: String
    var value: String

    init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    init?(argument: String) {
        guard let colon = argument.firstIndex(of: ":") else { return nil }
        name = String(argument[..<colon])
        value = String(argument[argument.index(after: colon)...].drop { $0 == " " })
        guard !name.isEmpty, !name.contains(where: \.isWhitespace) else { return nil }
    }
}

extension DialPrinter.Format: ExpressibleByArgument {}
