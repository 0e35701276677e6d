import Foundation
import NcursesBackend
import Neffos
import NeffosConsole
import NeffosFeed
import NeffosObservatory
import NeffosTerminalConsole

/// One run of `neffos attach`.
struct AttachRun {
    let options: AttachCommand
    let targets: [AttachTarget]
    let token: String?
    let environment: [String: String]

    private enum Ending: Sendable {
        case left
        /// No server wants it back.
        case ended(AttachTarget.Ending)
    }

    func run() async throws(CommandFailure) {
        let (troubles, trouble) = AsyncStream.makeStream(of: String.self)
        let outputs = try makeOutputs { trouble.yield($0) }
        let source = AttachFleet(targets) { _ in AttachSource(sinks: outputs.sinks.map(\.ofOneServer)) }
        let hasConsole = noConsole == nil && !options.headless && options.feed != "-"
        if !hasConsole { source.whenTold { Output.error("neffos: \($0)") } }
        do {
            try await source.attach(token: token, trusting: options.access.certificates, calling: Self.user)
        } catch {
            await source.close()
            throw error
        }
        outputs.feed?.begin()
        let telling = Task { for await trouble in troubles { source.tell(trouble, .error) } }
        let (console, reason) = makeConsole(source)
        let signals = console == nil ? SignalWatch([SIGINT, SIGTERM, SIGHUP]) : nil
        if console == nil, !options.headless, let reason { Output.error("neffos: \(reason), so there is no console; printing events") }
        console?.start()
        let clock = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                source.advance()
            }
        }
        let ending = await waitForEnd(source, console: console, signals: signals)
        clock.cancel()
        await console?.stop()
        await source.close()
        for sink in outputs.sinks { sink.sink.end() }
        telling.cancel()
        var failure = CommandFailure(.unavailable)
        failure.lines = outputs.written.tellLosses()
        if case .ended(let ending) = ending, ending.reason != .requested { failure.lines.append(ending.sentence) }
        if !failure.lines.isEmpty { throw failure }
    }

    // MARK: Starting

    /// What the audit events of the server call us.
    static var user: String { ProcessInfo.processInfo.environment["USER"] ?? "uid \(getuid())" }

    /// Where all the feeds go.
    private struct Destination {
        var sink: SharedSink
        var query: Query?

        /// A filter follows the connections of one server.
        var ofOneServer: any FeedSink { query.map { FilteredSink($0, sink) } ?? sink }
    }

    private struct Outputs {
        var sinks: [Destination] = []
        /// The file of `--feed`.
        var feed: FreshSink?
        var written: FeedFileOutput.Written
    }

    /// - Parameter tell: called where a file cannot be written any more.
    private func makeOutputs(tell: @escaping @Sendable (String) -> Void) throws(CommandFailure) -> Outputs {
        var outputs = Outputs(written: FeedFileOutput.Written(feed: options.feed))
        let query: Query?
        do { query = try options.query } catch { throw CommandFailure(.usage, "\(error)") }
        if let name = options.feed {
            let output = try FeedFileOutput(name)
            let lines = output.sink(tell: tell)
            let fresh = FreshSink(output, lines)
            outputs.feed = fresh
            outputs.written.sinks.append(("--feed", lines))
            outputs.sinks.append(Destination(sink: SharedSink(fresh), query: query))
        } else if noConsole != nil || options.headless {
            outputs.sinks.append(Destination(sink: SharedSink(TextLines(hasNodes: targets.count > 1)), query: query))
        }
        if let name = options.record {
            let lines = try FeedFileOutput.recording(name, tell: tell)
            outputs.written.sinks.append(("--record", lines))
            outputs.sinks.append(Destination(sink: SharedSink(lines), query: nil))
        }
        return outputs
    }

    private func makeConsole(_ source: AttachFleet) -> (console: TerminalConsole?, reason: String?) {
        if options.headless || options.feed == "-" { return (nil, nil) }
        if let noConsole { return (nil, noConsole) }
        var look = ConsoleOptions(
            framesPerSecond: options.fps, isServing: false, canSuspend: true, ascii: options.ascii ? true : nil,
            mouse: options.mouse, stateFile: ConsoleOptions.usualStateFile(environment: environment), clock: { source.clock })
        options.view.apply(to: &look, filter: options.filter)
        do throws(NcursesError) {
            return (try TerminalConsole(source: source, options: look, color: ColorWish(rawValue: options.color.rawValue) ?? .auto), nil)
        } catch {
            return (nil, error.description)
        }
    }

    private var noConsole: String? {
        if isatty(STDIN_FILENO) != 1 { return "standard input is no terminal" }
        if isatty(STDOUT_FILENO) != 1 { return "standard output is no terminal" }
        switch environment["TERM"] ?? "" {
        case "": return "TERM is not set"
        case "dumb", "unknown": return "the terminal cannot show a screen"
        default: return nil
        }
    }

    // MARK: Ending

    private func waitForEnd(_ source: AttachFleet, console: TerminalConsole?, signals: SignalWatch?) async -> Ending {
        let (endings, continuation) = AsyncStream.makeStream(of: Ending.self)
        if let duration = options.duration {
            Task {
                try? await Task.sleep(for: duration.duration)
                continuation.yield(.left)
            }
        }
        if let console {
            Task {
                _ = await console.exit()
                continuation.yield(.left)
            }
        }
        if let signals {
            Task {
                for await _ in signals.signals { continuation.yield(.left) }
            }
        }
        Task { for await ending in source.ended { continuation.yield(.ended(ending)) } }
        for await ending in endings { return ending }
        return .left
    }
}

/// Events as text on standard output.
private struct TextLines: FeedSink {
    /// Whether each line says which server it is of.
    let hasNodes: Bool

    func receive(_ batch: [FeedEntry]) {
        for entry in batch { Output.line((hasNodes ? "\(entry.node) " : "") + EventLine.text(of: entry)) }
    }
}
