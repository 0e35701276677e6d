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

            Without a terminal, or with --headless, the summary of the whole tape is written to standard output.
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
    @Option(help: ArgumentHelp("A configuration whose 'incidents' section says what an incident is.", valueName: "file"))
    var config: String?
    @Option(help: "Colors on the console.")
    var color = ServeCommand.ColorChoice.auto
    @Flag(help: "Only ASCII characters on the console.")
    var ascii = false
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
        }
        if let filter {
            do { _ = try Query(parsing: filter) } catch { throw ValidationError("--filter: \(error)") }
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
