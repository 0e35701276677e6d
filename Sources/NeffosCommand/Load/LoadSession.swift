import Foundation
import NIOCore
import Neffos
import NeffosTerminalConsole

/// What a kind of load found out.
protocol LoadReport: Encodable, Sendable {
    /// For people.
    var lines: [String] { get }
    /// What was lost or not as it should be; nil where all is well.
    var failure: String? { get }
}

/// The part of a report that says what was measured.
struct LoadHeader: Encodable, Equatable, Sendable {
    var mode: String
    var label: String?
    var url: String
    var connections: Int
    /// Ended by a signal before its time.
    var isInterrupted = false

    enum CodingKeys: String, CodingKey {
        case mode, label, url
        case connections = "conns"
        case isInterrupted = "interrupted"
    }

    func line(_ details: String) -> String {
        let more = [label, isInterrupted ? "ended early" : nil].compactMap(\.self).map { "   (\($0))" }.joined()
        return LoadText.line(mode, "\(url)   \(LoadText.count(connections)) clients\(details.isEmpty ? "" : ", ")\(details)\(more)")
    }
}

/// One run of a load: what its kinds share, from the signals to the exit code.
struct LoadSession: Sendable {
    let options: LoadOptions
    let kind: String
    let connections: Int
    let loops: LoadLoops
    let stop: LoadStop
    let progress: ProgressBar
    let sources: [String]

    static func run(
        _ kind: String, _ options: LoadOptions, connections wanted: Int,
        _ body: (LoadSession) async throws(CommandFailure) -> any LoadReport
    ) async throws {
        var connections = options.connections ?? wanted
        let limit = DescriptorLimit.raise()
        if connections > limit.connections {
            Output.error(
                "only \(limit.connections) of \(connections) clients: this process may open \(limit.files) files; raise that with ulimit -n"
            )
            connections = limit.connections
        }
        let automatic = SourceAddresses.automatic(
            connections: connections, host: SourceAddresses.host(of: options.url), ports: SourceAddresses.ports)
        let stop = LoadStop()
        let session = LoadSession(
            options: options, kind: kind, connections: connections,
            loops: LoadLoops(threads: options.threads ?? ProcessInfo.processInfo.activeProcessorCount), stop: stop,
            progress: ProgressBar(isWanted: !options.quiet), sources: options.sources.isEmpty ? automatic ?? [] : options.sources)
        // What is wrong with the URL or a certificate is told once, before anybody dials.
        do { _ = try Client(options.url, configuration: session.plan(rooms: 0).configuration(of: 0)) } catch {
            await session.loops.shutdown()
            throw CommandFailure(clientError: error, url: options.url)
        }
        let signals = session.endAtSignal()
        let report: any LoadReport
        do {
            report = try await body(session)
        } catch {
            await session.loops.shutdown()
            throw error
        }
        try session.tell(report)
        await session.loops.shutdown()
        signals.cancel()
        if let failure = report.failure { throw CommandFailure(.unmet, failure) }
    }

    /// The first signal ends the load with the figures so far, the second one at once.
    private func endAtSignal() -> Task<Void, Never> {
        let watch = SignalWatch([SIGINT, SIGTERM])
        return Task {
            for await number in watch.signals {
                if stop.isRequested {
                    ServerProcess.killAll()
                    _exit(128 + number)
                }
                stop.request()
            }
        }
    }

    private func tell(_ report: any LoadReport) throws {
        switch options.format {
        case .text: for line in report.lines { Output.line(line) }
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            Output.line(String(decoding: try encoder.encode(report), as: UTF8.self))
        }
    }

    var header: LoadHeader {
        LoadHeader(mode: kind, label: options.label, url: options.url, connections: connections, isInterrupted: stop.isRequested)
    }

    func plan(rooms: Int) -> FleetPlan {
        var headers = options.headers
        if let origin = options.origin { headers.append(HeaderText(name: "Origin", value: origin)) }
        return FleetPlan(
            url: options.url, count: connections, namespace: options.namespace, rooms: rooms, parallel: options.parallel,
            ramp: options.ramp.duration, timeout: options.timeout.duration, sources: sources, headers: headers, trusted: options.trusted)
    }

    /// Opens a fleet, and shows how far it is.
    func open(
        _ fleet: LoadFleet, _ wish: @escaping @Sendable (Int, any EventLoop) -> LoadFleet.Wish
    ) async throws(CommandFailure) -> LoadOpening {
        let count = connections
        let result: Result<LoadOpening, CommandFailure> = await progress.during("opening") {
            let (opened, failed) = fleet.progress
            let bad = failed > 0 ? ", \(LoadText.count(failed)) failed" : ""
            return (Double(opened + failed) / Double(count), "\(LoadText.count(opened)) of \(LoadText.count(count))\(bad)")
        } _: {
            do throws(CommandFailure) { return .success(try await fleet.open(wish)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// What the server's process has used, where it is to be measured and still runs.
    var serverUsage: ProcessUsage? { options.pid.flatMap(ProcessUsage.of) }

    /// Waits this long, or until the load is to end, and shows how far it is.
    ///
    /// - Parameters:
    ///   - isOver: whether there is nothing left to wait for; looked at ten times a second.
    ///   - detail: a few words about how it goes.
    func run(
        _ label: String, for duration: Duration, unless isOver: @escaping @Sendable () -> Bool = { false },
        _ detail: @escaping @Sendable () -> String
    ) async {
        let start = ContinuousClock.now
        await progress.during(label) {
            let elapsed = ContinuousClock.now - start
            return (elapsed / duration, "\(LoadText.decimal(elapsed.seconds, 0)) s   \(detail())")
        } _: {
            let end = start + duration
            while !isOver(), ContinuousClock.now < end {
                guard await stop.sleep(for: min(.milliseconds(100), end - .now)) else { return }
            }
        }
    }
}
