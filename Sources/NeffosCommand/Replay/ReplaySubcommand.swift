import ArgumentParser
import Foundation
import NeffosConsole
import NeffosObservatory

/// `neffos replay`: the console over a recorded feed.
struct ReplaySubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Play a recorded feed on the console.",
        discussion: """
            A tape is what serve --record or serve --feed wrote; it may hold several starts of a server, and end within a line. It is played into \
            the same screens as a running server: Space stops it and lets it go on, and ? names the keys that step, seek, and change the speed. \
            Nothing is sent anywhere.

            Without a terminal, or with --headless, the summary of the whole tape is written to standard output, and 1 is the exit code where \
            an expectation is not met.
            """)

    @Argument(help: ArgumentHelp("The tape: JSON lines.", valueName: "file"))
    var file: String
    @Flag(help: "No console: the summary of the whole tape, at once.")
    var headless = false
    @Option(help: ArgumentHelp("Seconds of the tape a second, 0.125 to 1024 (default: 1).", valueName: "factor"))
    var speed: Double?
    @Option(
        help: ArgumentHelp(
            "Where to begin: a time of day like 12:03:11, 2026-01-31T12:03:11Z, or +90s from the tape's beginning.", valueName: "time"),
        transform: ReplayStart.init(argument:))
    var from: ReplayStart?
    @Option(help: ArgumentHelp("Only such events on the Events screen, like 'ns:chat -event:sample'.", valueName: "filter"))
    var filter: String?
    @Option(
        help: ArgumentHelp(
            "The summary at the end: text, json or junit (headless: always, as text), on standard output.", valueName: "format"))
    var summary: ServeCommand.SummaryFormat?
    @Option(help: ArgumentHelp("Write the summary to a file, and nothing of it to standard output.", valueName: "file"))
    var summaryFile: String?
    @Option(
        help: ArgumentHelp(
            "What has to be at the tape's end, like 'missing==0' or 'p95(restore)<5s'; exit 1 if not (repeatable).",
            valueName: "expectation"))
    var expect: [String] = []
    @Option(help: ArgumentHelp("A configuration whose 'incidents' section says what an incident is.", valueName: "file"))
    var config: String?
    @Option(help: "Colors on the console.")
    var color = ServeCommand.ColorChoice.auto
    @Flag(help: "Only ASCII characters on the console.")
    var ascii = false
    @Flag(help: "Clicks and the wheel on the console; selecting text then needs Shift.")
    var mouse = false
    @Option(help: ArgumentHelp("The most often that the console redraws in a second, 1 to 30.", valueName: "count"))
    var fps = 4

    func validate() throws {
        guard (1...30).contains(fps) else { throw ValidationError("--fps: \(fps) is out of range; write 1 to 30") }
        if let speed, !(speed >= ReplayMachine.slowest && speed <= ReplayMachine.fastest) {
            throw ValidationError("--speed: \(speed) is out of range; write 0.125 to 1024")
        }
        if file.isEmpty { throw ValidationError("the tape has no name; write a file") }
        if headless {
            for (option, isGiven) in [("--speed", speed != nil), ("--from", from != nil), ("--filter", filter != nil)] where isGiven {
                throw ValidationError("\(option) is for the console, and --headless sums up the whole tape; leave one of them out")
            }
        } else {
            let given = [("--summary", summary != nil), ("--summary-file", summaryFile != nil), ("--expect", !expect.isEmpty)]
            for (option, isGiven) in given where isGiven {
                throw ValidationError("\(option) is for the whole tape at once; add --headless")
            }
        }
        if summaryFile?.isEmpty == true { throw ValidationError("--summary-file: the file has no name; write one") }
        for text in expect {
            do { _ = try Expectation(parsing: text) } catch {
                throw ValidationError("--expect '\(text)': \(error.problem) at character \(error.position + 1); \(error.advice)")
            }
        }
        if let filter {
            do { _ = try Query(parsing: filter) } catch {
                throw ValidationError("--filter '\(filter)': \(error.problem) at character \(error.position + 1); \(error.advice)")
            }
        }
    }

    func run() async throws {
        try await ReplayRun(options: self, environment: ProcessInfo.processInfo.environment).run()
    }
}

extension ReplayStart {
    /// As an option takes it: what is wrong is told after its name.
    init(argument: String) throws { try self.init(parsing: argument) }
}
