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
            return try sumUp(tape, bounds, observatory)
        }
        try await show(tape, bounds, observatory)
    }

    private func configuration() throws(CommandFailure) -> ObservatoryConfiguration {
        guard let file = options.config else { return ObservatoryConfiguration() }
        do throws(SettingsFailure) {
            let settings = try Settings.load(file: file, environment: environment, commandLine: [:])
            return ObservatoryConfiguration(settings.incidents, lints: settings.lints)
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
            framesPerSecond: options.fps, isServing: false, canSuspend: true, ascii: options.ascii ? true : nil,
            mouse: options.mouse, clock: { source.clock })
        console.eventFilter = options.filter ?? ""
        let terminal: TerminalConsole
        do throws(NcursesError) {
            terminal = try TerminalConsole(source: source, options: console, color: ColorWish(rawValue: options.color.rawValue) ?? .auto)
        } catch {
            Output.error("neffos: \(error.description), so there is no console; running headless")
            return try sumUp(tape, bounds, observatory)
        }
        source.start()
        terminal.start()
        _ = await terminal.exit()
        source.stop()
    }

    // MARK: All at once

    private func sumUp(_ tape: TapeFile, _ bounds: TapeBounds, _ observatory: Observatory) throws(CommandFailure) {
        let file = try options.summaryFile.map { name throws(CommandFailure) in try SummaryFile(name) }
        var machine = ReplayMachine(cursor: TapeCursor(tape), first: bounds.first, last: bounds.last, observatory: observatory)
        let results = judge(&machine)
        for sentence in machine.problems.sentences(atEnd: true) { Output.error("neffos: \(options.file): \(sentence)") }
        let vitals = machine.observatory.vitals
        let report = SummaryReport(
            node: vitals.node ?? "a server", url: vitals.url.isEmpty ? "an unknown address" : vitals.url, startedAt: bounds.first,
            endedAt: bounds.last, reason: "the tape is over", summary: machine.observatory.summary, expectations: results)
        let text = report.text(as: options.summary ?? .text)
        var failure = CommandFailure(.unmet)
        failure.lines = report.failureLines
        if let file {
            if let reason = file.write(text) {
                failure.lines.append(reason)
                if report.failed.isEmpty { failure.code = .unavailable }
            }
        } else {
            Output.text(text)
        }
        if !failure.lines.isEmpty { throw failure }
    }

    /// Plays all of it. As with a server, nobody is judged by its stop.
    private func judge(_ machine: inout ReplayMachine) -> [ExpectationResult] {
        // What is no expectation was refused before.
        let expectations = options.expect.compactMap { try? Expectation(parsing: $0) }
        guard !expectations.isEmpty else {
            machine.playToEnd()
            return []
        }
        var book = ExpectationBook(expectations)
        /// As it was when the server began to stop, unless it started again.
        var frozen: ExpectationBook?
        machine.handle(.toEnd)
        while let next = machine.upcoming {
            switch next.event.kind {
            case .serverDraining, .serverStopped:
                if frozen == nil {
                    frozen = book
                    frozen?.freeze(with: machine.observatory)
                }
            case .serverStarted: frozen = nil
            default: break
            }
            for entry in machine.pass(.zero, most: 1) {
                book.take(entry.event)
                frozen?.take(entry.event)
            }
        }
        return (frozen ?? book).results(with: machine.observatory)
    }
}
