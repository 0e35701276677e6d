import Foundation
import Logging
import Neffos
import NcursesBackend
import NeffosAdmin
import NeffosConsole
import NeffosFeed
import NeffosObservatory
import NeffosTerminalConsole

/// One run of the server process: puts the parts together, waits for the end, and takes them apart again.
struct ServeRun {
    let options: ServeCommand
    let loaded: LoadedSettings
    let environment: [String: String]
    var settings: Settings { loaded.settings }

    func run() async throws(CommandFailure) {
        try checkStandardOutput()
        let plan: ServePlan
        do { plan = try ServePlan(options) } catch { throw CommandFailure(.usage, "\(error.problem); \(error.advice)") }
        let logs = try CommandLogs(settings.log)
        let logger = logs.makeLogger()

        let activated = try SystemdEnvironment(environment, process: getpid()).listener()
        let port = activated.map { $0.port ?? 0 } ?? settings.listen.port
        let place = try StatePlace.file(option: options.state, port: port, environment: environment)
        let roster = place.flatMap { readRoster($0, logger: logger) }
        let output = try options.feed.map { name throws(CommandFailure) in try FeedFileOutput(name) }
        let summaryFile = try options.summaryFile.map { name throws(CommandFailure) in try SummaryFile(name) }
        let feed = EventFeed(node: settings.node)
        let recording = try options.record.map { name throws(CommandFailure) in
            try FeedFileOutput.recording(name, of: feed) { logger.warning("\($0)") }
        }
        var observing = ObservatoryConfiguration(settings.incidents, lints: settings.lints)
        observing.lints.override(warn: options.warn, allow: options.allow)
        let sink = ObservatorySink(Observatory(configuration: observing, roster: roster), feed: feed)
        // It listens from here on, but the feed hands nothing out before it is started: the sinks that are added later miss nothing.
        feed.add(sink)

        let isDemo = (options.demo ?? 0) > 0
        var configuration = ServerConfiguration(settings, grace: options.grace, isDemo: isDemo)
        if let activated { configuration.listener = .descriptor(activated.descriptor) }
        configuration.isReadOnly = options.readOnly
        let gate = AuthorizationGate(await Gatekeeper(settings), hasDemo: isDemo)
        var hooks = ServerHooks()
        hooks.authorize = gate.hook
        let (endings, ends) = AsyncStream.makeStream(of: ServeEnding.self)
        hooks.onDrainRequested = { ends.yield(.drained(by: $0)) }
        let server = Server(configuration: configuration, handlers: .relay(settings.relayActions), hooks: hooks, feed: feed, logger: logger)
        if let roster { server.rememberLost(roster.entries.map(\.connection)) }
        do { try await server.start() } catch {
            let failure = ListenProblem.failure(error, listen: settings.listen)
            logs.toStandardError(from: .warning)
            throw failure
        }

        output?.startAnew()
        let lines = output?.sink(for: feed) { logger.warning("\($0)") }
        if let lines { feed.add(plan.filter.map { FilteredSink($0, lines) } ?? lines) }
        if let recording { feed.add(recording) }
        let watch = RunWatch(plan, sink: sink)
        feed.add(watch)
        if let place { addState(place, roster: roster, to: feed, logger: logger) }
        let admin = try await makeAdmin(of: server, feed: feed, model: sink, logs: logs, logger: logger)
        feed.start()

        let control: any OperatorControl = admin?.control ?? QueryControl(server, sink: sink)
        let source = SinkSource(sink, control: control)
        let url = server.url
        let startedAt = FeedTime.now()
        // Made before the console, which gives the signals back to it.
        let early = options.keepServing ? SignalWatch([SIGINT, SIGTERM, SIGHUP]) : nil
        let (console, reason) = makeConsole(source: source)
        // Before anybody is told that it listens, so that whoever then asks it to stop is heard. A console hears signals by itself.
        let signals = early ?? (console == nil ? SignalWatch([SIGINT, SIGTERM, SIGHUP]) : nil)
        announce(url, console: console, reason: reason, source: source, logs: logs)
        let upkeep = await makeUpkeep(server, gate: gate, sink: sink, logs: logs, logger: logger)
        let demo = isDemo ? makeDemo(server: configuration, url: url, authorization: gate.demoHeader, logger: logger) : nil
        await demo?.start()
        let clock = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                sink.advance(to: .now())
                watch.look()
            }
        }
        let drills = DrillRunner(plan.drills, control: control, watch: watch, logger: logger)
        drills.start()

        let ending = await RunEndings(options: options, endings: endings, ends: ends).first(
            console: console, signals: signals, watch: watch, upkeep: upkeep, logs: logs)
        drills.stop()
        // What has happened so far is to be judged, and not the stop.
        feed.drain()
        watch.freeze()
        await upkeep.stopping(ending.reason, grace: options.grace)
        await console?.stop()
        logs.toStandardError()
        logger.info("stopping", metadata: ["reason": "\(ending.reason)", "connections": "\(server.connectionCount)"])
        // Where the console had the signals they are ours from here on.
        let impatience = console == nil ? nil : RunEndings.leaveAtNextSignal()
        await demo?.stop()
        await server.shutdown(grace: options.grace.duration, reason: ending.reason)
        upkeep.end()
        clock.cancel()
        await feed.stopped()
        await admin?.stop()
        impatience?.cancel()
        let written = [("--feed", lines), ("--record", recording)].compactMap { option, sink in sink.map { (option: option, sink: $0) } }
        let unwritable = FeedFileOutput.Written(feed: options.feed, sinks: written).tellLosses()
        let results = watch.results
        let report = SummaryReport(
            node: settings.node, url: url, startedAt: startedAt, endedAt: .now(), reason: ending.reason,
            summary: sink.read { $0.summary },
            unwritten: written.reduce(0) { $0 + $1.sink.statistics.missed },
            expectations: results.expectations + drills.failures, until: results.until)
        try finish(report, isHeadless: console == nil, file: summaryFile, unwritable: unwritable)
    }

    // MARK: Starting

    private func checkStandardOutput() throws(CommandFailure) {
        if options.feed == "-", !options.headless, isatty(STDOUT_FILENO) == 1, isatty(STDIN_FILENO) == 1 {
            throw CommandFailure(.usage, "--feed - would write where the console is; add --headless, or give --feed a file")
        }
    }

    private func readRoster(_ path: String, logger: Logger) -> Roster? {
        switch StateFile.read(path, now: .now()) {
        case .nothing: return nil
        case .roster(let roster):
            if !roster.entries.isEmpty {
                logger.info("the last server lost these connections", metadata: ["count": "\(roster.entries.count)", "roster": "\(path)"])
            }
            return roster
        case .unusable(let reason):
            logger.notice("starting without a roster", metadata: ["reason": "\(reason)"])
            return nil
        }
    }

    /// A roster that cannot be kept is no reason not to serve.
    private func addState(_ path: String, roster: Roster?, to feed: EventFeed, logger: Logger) {
        do {
            let file = try StateFile(path: path, roster: roster) { logger.warning("\($0)") }
            feed.add(file)
            file.start()
        } catch {
            for line in error.lines { logger.warning("\(line)") }
        }
    }

    /// The console, or why there is none: nil where none was wanted.
    private func makeConsole(source: SinkSource) -> (console: TerminalConsole?, reason: String?) {
        if options.headless { return (nil, nil) }
        if let noTerminal { return (nil, noTerminal) }
        do throws(NcursesError) {
            var console = ConsoleOptions(
                framesPerSecond: options.fps, isServing: true, canSuspend: false, ascii: options.ascii ? true : nil,
                mouse: options.mouse, stateFile: ConsoleOptions.usualStateFile(environment: environment))
            options.view.apply(to: &console, filter: options.filter)
            let color = ColorWish(rawValue: options.color.rawValue) ?? .auto
            return (try TerminalConsole(source: source, options: console, color: color), nil)
        } catch {
            return (nil, error.description)
        }
    }

    /// Says where the server listens, on the console or as the first line of standard error.
    private func announce(_ url: String, console: TerminalConsole?, reason: String?, source: SinkSource, logs: CommandLogs) {
        let line = "listening on \(url)"
        if let console {
            source.append(ConsoleLog.Line(time: .now(), level: .info, text: line))
            logs.toConsole { source.append($0) }
            console.start()
        } else {
            Output.error(line)
            if let reason { Output.error("neffos: \(reason), so there is no console; running headless") }
            logs.toStandardError()
        }
    }

    private var noTerminal: String? {
        if isatty(STDIN_FILENO) != 1 { return "standard input is no terminal" }
        if isatty(STDOUT_FILENO) != 1 { return "standard output is no terminal" }
        switch environment["TERM"] ?? "" {
        case "": return "TERM is not set"
        case "dumb", "unknown": return "the terminal cannot show a screen"
        default: return nil
        }
    }

    private func makeDemo(server: ServerConfiguration, url: String, authorization: String?, logger: Logger) -> Demo {
        let namespace = settings.relay["default"] != nil ? "default" : settings.relay.keys.sorted().first ?? "default"
        let target = Demo.Target(
            url: url, header: server.identity.header ?? ServerConfiguration.demoHeader, namespace: namespace,
            certificate: server.tls?.certificate, authorization: authorization)
        return Demo(plan: DemoPlan(clients: options.demo ?? 0, seed: 0x6E65_6666_6F73), target: target, logger: logger)
    }
}

extension ObservatoryConfiguration {
    init(_ incidents: Settings.Incidents, lints: LintSettings) {
        self.init(
            closesPerSecond: incidents.closesPerSecond, percent: incidents.percent, least: incidents.least,
            settle: Int(clamping: incidents.settle.milliseconds), lints: lints)
    }
}
