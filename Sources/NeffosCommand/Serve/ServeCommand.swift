import ArgumentParser
import Foundation
import Logging

/// `neffos serve`: the server process.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve, and show on the console what happens.",
        discussion: """
            Without a terminal, or with --headless, there is no console. Standard output carries only what was asked for: the feed with \
            --feed -, else, headless, the summary at the end. Logs go to standard error, or to the console's log pane.

            The command line wins over the environment (NEFFOS_SERVER_LISTEN and so on), which wins over the configuration file.
            """)

    enum ColorChoice: String, ExpressibleByArgument, CaseIterable { case never, auto, always }
    enum SummaryFormat: String, ExpressibleByArgument, CaseIterable { case text, json, junit }

    @Option(help: ArgumentHelp("The configuration, YAML.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
    var config: String?
    @Option(help: ArgumentHelp("Where to listen; port 0 picks a free one (default: 127.0.0.1:8080).", valueName: "host:port"))
    var listen: String?
    @Option(help: ArgumentHelp("The endpoint's path (default: /echo).", valueName: "path"))
    var path: String?
    @Option(help: ArgumentHelp("This server's name in the feed and on the screen (default: neffos).", valueName: "name"))
    var node: String?
    @Option(
        help: ArgumentHelp(
            "Where to keep who is here, for the next start; 'none' keeps nothing (default: by the port).", valueName: "file"),
        completion: .file()
    )
    var state: String?
    @Flag(help: "No console.")
    var headless = false
    @Option(
        help: ArgumentHelp(
            "Write the feed, JSON lines, to a file that is started anew, or to standard output with '-'.", valueName: "file|-"),
        completion: .file())
    var feed: String?
    @Option(
        help: ArgumentHelp(
            "Write the feed behind what is in a file: a tape for neffos replay, of several starts if need be.", valueName: "file"))
    var record: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("What of the feed is written or shown, like 'ns:chat -event:message'; all is recorded.", valueName: "filter"))
    var filter: String?
    @Option(
        help: ArgumentHelp(
            "The summary at the end (headless, without --feed -: always): text, json or junit, on standard output.", valueName: "format"))
    var summary: SummaryFormat?
    @Option(help: ArgumentHelp("Write the summary to a file, and nothing of it to standard output.", valueName: "file"))
    var summaryFile: String?
    @Option(help: ArgumentHelp("Stop after this long, like 30s.", valueName: "duration"), transform: DurationText.init(argument:))
    var duration: DurationText?
    @Option(help: ArgumentHelp("Stop when it is so, like 'returned>=50'; exit 1 if it never was.", valueName: "expectation"))
    var until: String?
    @Option(
        help: ArgumentHelp("How long --until may take.", valueName: "duration"), transform: DurationText.init(argument:))
    var timeout: DurationText?
    @Option(
        help: ArgumentHelp(
            "What has to be at the end, like 'missing==0' or 'p95(restore)<5s'; exit 1 if not (repeatable).", valueName: "expectation"))
    var expect: [String] = []
    @Option(
        help: ArgumentHelp(
            "Drop a share of the clients, and stay away: drop=50%,away=3s,at=5s,filter=…; at is a time after listening, or what has to be so, like connections>=50 (repeatable).",
            valueName: "drill"))
    var drill: [String] = []
    @Option(help: ArgumentHelp("So many clients of our own, some of which drop and come back.", valueName: "count"))
    var demo: Int?
    @Option(
        help: ArgumentHelp("How long a stop waits for what is still to be sent, at most (default: 5s).", valueName: "duration"),
        transform: DurationText.init(argument:))
    var grace = DurationText(milliseconds: 5000)
    @Option(
        help: ArgumentHelp(
            "Where consoles attach and metrics are scraped: a socket's path, HOST:PORT, or 'none' (default: a socket by the port).",
            valueName: "address"))
    var admin: String?
    @Flag(help: "No operator actions, from the console or the admin address.")
    var readOnly = false
    @Flag(help: "Go on serving when the console's terminal is lost.")
    var keepServing = false
    @Option(help: ArgumentHelp("Raise a lint that is off (repeatable).", valueName: "lint"), completion: .list(LintKeys.ids))
    var warn: [String] = []
    @Option(help: ArgumentHelp("Do not raise a lint (repeatable).", valueName: "lint"), completion: .list(LintKeys.ids))
    var allow: [String] = []
    @Option(help: "Colors on the console.")
    var color = ColorChoice.auto
    @Flag(help: "Only ASCII characters on the console.")
    var ascii = false
    @Flag(help: "Clicks and the wheel on the console; selecting text then needs Shift.")
    var mouse = false
    @OptionGroup var view: ConsoleView
    @Option(help: ArgumentHelp("The most often that the console redraws in a second, 1 to 30.", valueName: "count"))
    var fps = 4
    @Option(
        help: ArgumentHelp("What is logged: trace, debug, info, notice, warning, error or critical (default: info).", valueName: "level"),
        completion: .list(Logger.Level.allCases.map(\.rawValue)))
    var logLevel: String?
    @Option(help: ArgumentHelp("Where the log goes, in place of standard error; added to.", valueName: "file"), completion: .file())
    var logFile: String?
    @Option(
        help: ArgumentHelp("How the log is written: text, or json for one object a line (default: text).", valueName: "format"),
        completion: .list(Settings.Log.Format.allCases.map(\.rawValue)))
    var logFormat: String?
    @Flag(help: "Check the configuration, print what would be used and where it is from, and leave.")
    var checkConfig = false

    /// Values by the key of the configuration that they stand for.
    var overrides: [String: String] {
        let given = [
            ("server.listen", listen), ("server.path", path), ("server.node", node), ("log.level", logLevel), ("log.file", logFile),
            ("log.format", logFormat), ("lints.warn", warn.isEmpty ? nil : warn.joined(separator: ",")),
            ("lints.allow", allow.isEmpty ? nil : allow.joined(separator: ",")),
            ("admin.listen", admin),
        ]
        return Dictionary(uniqueKeysWithValues: given.compactMap { key, value in value.map { (key, $0) } })
    }

    func validate() throws {
        let options = [
            "server.listen": "--listen", "server.path": "--path", "server.node": "--node", "log.level": "--log-level",
            "log.file": "--log-file", "log.format": "--log-format", "lints.warn": "--warn", "lints.allow": "--allow",
            "admin.listen": "--admin",
        ]
        for (name, value) in overrides.sorted(by: { $0.key < $1.key }) {
            do { try SettingsSchema.key(name)?.check(value) } catch {
                throw ValidationError("\(options[name] ?? name): \(error.problem); \(error.advice)")
            }
        }
        guard (1...30).contains(fps) else { throw ValidationError("--fps: \(fps) is out of range; write 1 to 30") }
        if let demo, !(0...DemoPlan.most).contains(demo) {
            throw ValidationError("--demo: \(demo) is out of range; write 0 to \(DemoPlan.most)")
        }
        if let duration, duration.milliseconds == 0 { throw ValidationError("--duration: \"0s\" is too short; write at least 1ms") }
        if feed == "-", summary != nil, summaryFile == nil {
            throw ValidationError("--summary and --feed - both write to standard output; add --summary-file FILE")
        }
        if readOnly, !drill.isEmpty { throw ValidationError("--drill: a server that is --read-only drops nobody; leave one of them out") }
        if timeout != nil, until == nil { throw ValidationError("--timeout: there is no --until to wait for; stop with --duration") }
        if let timeout, timeout.milliseconds == 0 { throw ValidationError("--timeout: \"0s\" is too short; write at least 1ms") }
        let files = [
            ("--config", config), ("--feed", feed), ("--record", record), ("--summary-file", summaryFile), ("--state", state),
        ]
        for (index, (option, value)) in files.enumerated() {
            guard let value else { continue }
            if value.isEmpty { throw ValidationError("\(option): the file has no name; write one") }
            if let (other, _) = files[..<index].first(where: { $0.1 == value }), value != "none" {
                throw ValidationError("\(option): \(value) is the file of \(other) too; choose another")
            }
        }
        do { _ = try ServePlan(self) } catch { throw ValidationError("\(error.problem); \(error.advice)") }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let loaded: LoadedSettings
        do {
            loaded = try LoadedSettings.load(file: config, environment: environment, commandLine: overrides)
        } catch {
            throw CommandFailure(error)
        }
        if checkConfig { return printConfiguration(loaded) }
        try await ServeRun(options: self, loaded: loaded, environment: environment).run()
    }
}

extension DurationText {
    /// As an option takes it: what is wrong is told after its name.
    init(argument: String) throws { try self.init(parsing: argument) }
}
