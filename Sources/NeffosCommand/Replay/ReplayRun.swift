import Foundation
import NcursesBackend
import NeffosConsole
import NeffosFeed
import NeffosObservatory
import NeffosTerminalConsole
import Terminal

/// One playing of a tape, on the console or all at once.
struct ReplayRun {
    /// Events that the Events screen goes back through.
    static let events = 10_000

    let options: ReplaySubcommand
    let environment: [String: String]

    func run() async throws(CommandFailure) {
        let tape = try TapeFile(path: options.file)
        var problems = TapeProblems()
        guard let bounds = TapeBounds.of(tape, problems: &problems) else {
            let reason = problems.sentences(atEnd: true).first ?? "it is empty"
            throw CommandFailure(.noInput, "\(options.file): there is no event in it: \(reason)")
        }
        let observatory = Observatory(configuration: try configuration())
        let noTerminal = options.headless ? nil : ConsoleTerminal.missing(environment)
        guard !options.headless, noTerminal == nil else {
            if let noTerminal { Output.error("neffos: \(noTerminal), so there is no console; running headless") }
            return sumUp(tape, bounds, observatory)
        }
        try await show(tape, bounds, observatory)
    }

    private func configuration() throws(CommandFailure) -> ObservatoryConfiguration {
        guard let file = options.config else { return ObservatoryConfiguration() }
        do throws(SettingsFailure) {
            return ObservatoryConfiguration(try Settings.load(file: file, environment: environment, commandLine: [:]).incidents)
        } catch {
            throw CommandFailure(error)
        }
    }

    // MARK: On the console

    private func show(_ tape: TapeFile, _ bounds: TapeBounds, _ observatory: Observatory) async throws(CommandFailure) {
        var observatory = observatory
        observatory.recentEvents = EventLog(capacity: Self.events)
        var machine = ReplayMachine(
            cursor: TapeCursor(tape), first: bounds.first, last: bounds.last, observatory: observatory, speed: options.speed ?? 1)
        if let from = options.from { machine.go(toTime: from.time(of: bounds, offset: ConsoleOptions.utcOffset(at: bounds.first))) }
        let source = ReplaySource(machine)
        var console = ConsoleOptions(
            framesPerSecond: options.fps, isServing: false, canSuspend: true, ascii: options.ascii ? true : nil, clock: { source.clock })
        console.eventFilter = options.filter ?? ""
        let terminal: TerminalConsole
        do throws(NcursesError) {
            terminal = try TerminalConsole(source: source, options: console, color: ColorWish(rawValue: options.color.rawValue) ?? .auto)
        } catch {
            Output.error("neffos: \(error.description), so there is no console; running headless")
            return sumUp(tape, bounds, observatory)
        }
        source.start()
        terminal.start()
        _ = await terminal.exit()
        source.stop()
    }

    // MARK: All at once

    private func sumUp(_ tape: TapeFile, _ bounds: TapeBounds, _ observatory: Observatory) {
        var machine = ReplayMachine(cursor: TapeCursor(tape), first: bounds.first, last: bounds.last, observatory: observatory)
        machine.playToEnd()
        for sentence in machine.problems.sentences(atEnd: true) { Output.error("neffos: \(options.file): \(sentence)") }
        let summary = machine.observatory.summary
        let vitals = machine.observatory.vitals
        for line in SummaryText.lines(
            of: summary, node: vitals.node ?? "a server", url: vitals.url.isEmpty ? "an unknown address" : vitals.url)
        {
            Output.line(line)
        }
    }
}
