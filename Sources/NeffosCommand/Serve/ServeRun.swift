import Foundation
import Logging
import Neffos
import NcursesBackend
import NeffosConsole
import NeffosFeed
import NeffosObservatory
import NeffosTerminalConsole

/// One run of the server process: puts the parts together, waits for the end, and takes them apart again.
struct ServeRun {
    let options: ServeCommand
    let settings: Settings
    let environment: [String: String]

    func run() async throws(CommandFailure) {
        try checkStandardOutput()
        let plan: ServePlan
        do { plan = try ServePlan(options) } catch { throw CommandFailure(.usage, "\(error.problem); \(error.advice)") }
        let logs = ConsoleLogs(held: true)
        let level = Logger.Level(rawValue: settings.log.level) ?? .info
        let logger = Logger(label: "neffos") { _ in ConsoleLogHandler(target: logs, level: level) }

        let place = try StatePlace.file(option: options.state, port: settings.listen.port, environment: environment)
        let roster = place.flatMap { readRoster($0, logger: logger) }
        let output = try options.feed.map { name throws(CommandFailure) in try FeedFileOutput(name) }
        let summaryFile = try options.summaryFile.map { name throws(CommandFailure) in try SummaryFile(name) }
        let feed = EventFeed(node: settings.node)
        let recording = try options.record.map { name throws(CommandFailure) in try FeedFileOutput.recording(name, of: feed) }
        var observing = ObservatoryConfiguration(settings.incidents)
        observing.lints.override(warn: options.warn, allow: options.allow)
        let sink = ObservatorySink(Observatory(configuration: observing, roster: roster), feed: feed)
        // It listens from here on, but the feed hands nothing out before it is started: the sinks that are added later miss nothing.
        feed.add(sink)

        let isDemo = (options.demo ?? 0) > 0
        let configuration = ServerConfiguration(settings, grace: options.grace, isDemo: isDemo)
        let server = Server(configuration: configuration, handlers: .relay(settings.relayActions), feed: feed, logger: logger)
        if let roster { server.rememberLost(roster.entries.map(\.connection)) }
        do { try await server.start() } catch {
            let failure = ListenProblem.failure(error, listen: settings.listen)
            logs.toStandardError(from: .warning)
            throw failure
        }

        let lines = output?.sink(for: feed)
        if let lines { feed.add(plan.filter.map { FilteredSink($0, lines) } ?? lines) }
        if let recording { feed.add(recording) }
        let watch = RunWatch(plan, sink: sink)
        feed.add(watch)
        if let place { addState(place, roster: roster, to: feed, logger: logger) }
        feed.start()

        let control = (server as Any) as? any OperatorControl
        let source = SinkSource(sink, control: control)
        let url = server.url
        let startedAt = FeedTime.now()
        // Made before the console, which gives the signals back to it.
        let early = options.keepServing ? SignalWatch([SIGINT, SIGTERM, SIGHUP]) : nil
        let (console, reason) = makeConsole(source: source)
        // Before anybody is told that it listens, so that whoever then asks it to stop is heard. A console hears signals by itself.
        let signals = early ?? (console == nil ? SignalWatch([SIGINT, SIGTERM, SIGHUP]) : nil)
        announce(url, console: console, reason: reason, source: source, logs: logs)
        let demo = isDemo ? makeDemo(server: configuration, url: url, logger: logger) : nil
        await demo?.start()
        let clock = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                sink.advance(to: .now())
                watch.look()
            }
        }
        let drills = makeDrills(plan, control: control, logger: logger)
        drills?.start()

        let ending = await waitForEnd(of: server, console: console, signals: signals, watch: watch, logs: logs, logger: logger)
        drills?.stop()
        // What has happened so far is to be judged, and not the stop.
        feed.drain()
        watch.freeze()
        await console?.stop()
        logs.toStandardError()
        logger.info("stopping", metadata: ["reason": "\(ending.reason)", "connections": "\(server.connectionCount)"])
        // Where the console had the signals they are ours from here on.
        let impatience = console == nil ? nil : leaveAtNextSignal()
        await demo?.stop()
        await server.shutdown(grace: options.grace.duration, reason: ending.reason)
        clock.cancel()
        await feed.stopped()
        impatience?.cancel()
        for failure in [lines?.failure, recording?.failure] { if let failure { Output.error("neffos: \(failure)") } }
        let results = watch.results
        let report = SummaryReport(
            node: settings.node, url: url, startedAt: startedAt, endedAt: .now(), reason: ending.reason, summary: sink.read { $0.summary },
            expectations: results.expectations + (drills?.failures ?? []), until: results.until)
        try finish(report, isHeadless: console == nil, file: summaryFile)
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
            let console = ConsoleOptions(
                framesPerSecond: options.fps, isServing: true, canSuspend: false, ascii: options.ascii ? true : nil)
            let color = ColorWish(rawValue: options.color.rawValue) ?? .auto
            return (try TerminalConsole(source: source, options: console, color: color), nil)
        } catch {
            return (nil, error.description)
        }
    }

    /// Says where the server listens, on the console or as the first line of standard error.
    private func announce(_ url: String, console: TerminalConsole?, reason: String?, source: SinkSource, logs: ConsoleLogs) {
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

    private func makeDemo(server: ServerConfiguration, url: String, logger: Logger) -> Demo {
        let namespace = settings.relay["default"] != nil ? "default" : settings.relay.keys.sorted().first ?? "default"
        let target = Demo.Target(
            url: url, header: server.identity.header ?? ServerConfiguration.demoHeader, namespace: namespace,
            certificate: server.tls?.certificate)
        return Demo(plan: DemoPlan(clients: options.demo ?? 0, seed: 0x6E65_6666_6F73), target: target, logger: logger)
    }

    // MARK: Ending

    private func waitForEnd(
        of server: Server, console: TerminalConsole?, signals: SignalWatch?, watch: RunWatch, logs: ConsoleLogs, logger: Logger
    ) async -> ServeEnding {
        let (endings, continuation) = AsyncStream.makeStream(of: ServeEnding.self)
        if let duration = options.duration {
            Task {
                try? await Task.sleep(for: duration.duration)
                continuation.yield(.duration)
            }
        }
        if let console {
            Task {
                switch await console.exit() {
                case .quit, .stopped: continuation.yield(.quit)
                case .signal(let number): continuation.yield(.signal(number))
                case .hangup:
                    guard let signals, options.keepServing else {
                        continuation.yield(.hangup)
                        return
                    }
                    logs.toStandardError()
                    logger.notice("the terminal is gone; serving goes on without a console")
                    await follow(signals, continuation, server: server, logger: logger)
                }
            }
        }
        watch.whenReached { continuation.yield(.until) }
        if let timeout = options.timeout {
            Task {
                try? await Task.sleep(for: timeout.duration)
                continuation.yield(.timeout)
            }
        }
        if let signals, console == nil { Task { await follow(signals, continuation, server: server, logger: logger) } }
        for await ending in endings { return ending }
        return .quit
    }

    /// The first signal ends the run, the second one the process.
    private func follow(_ watch: SignalWatch, _ endings: AsyncStream<ServeEnding>.Continuation, server: Server, logger: Logger) async {
        var isStopping = false
        for await number in watch.signals {
            if number == SIGHUP {
                await readAgain(server, logger: logger)
            } else if isStopping {
                _exit(128 + number)
            } else {
                isStopping = true
                endings.yield(.signal(number))
            }
        }
    }

    private func readAgain(_ server: Server, logger: Logger) async {
        do {
            try await server.reloadTLS()
            let what = settings.tls == nil ? "there is no certificate to read again" : "the certificate was read again"
            logger.notice("SIGHUP: \(what); the configuration itself is read at the start only")
        } catch {
            logger.error("SIGHUP: the certificate could not be read again, the old one stays", metadata: ["error": "\(error)"])
        }
    }

    private func leaveAtNextSignal() -> Task<Void, Never> {
        let watch = SignalWatch([SIGINT, SIGTERM])
        return Task { for await number in watch.signals { _exit(128 + number) } }
    }
}

extension ObservatoryConfiguration {
    init(_ incidents: Settings.Incidents) {
        self.init(
            closesPerSecond: incidents.closesPerSecond, percent: incidents.percent, least: incidents.least,
            settle: Int(clamping: incidents.settle.milliseconds))
    }
}
