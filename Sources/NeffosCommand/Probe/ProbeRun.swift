import Logging
import Neffos
import Synchronization

/// One run of `neffos probe`.
struct ProbeRun: Sendable {
    let url: String
    let namespace: String?
    let headers: [HeaderText]
    let trusted: [String]
    let skipsHead: Bool
    let timeout: Duration

    /// - Throws: where there is nothing to look at: a bad URL or certificate.
    func run() async throws(CommandFailure) -> ProbeReport {
        let trace = ProbeTrace()
        let client = try makeClient(trace)
        var report = ProbeReport(url: url)
        let start = ContinuousClock.now
        do throws(ProbeReport.Failed) {
            try await resolve(&report)
            if !skipsHead { try await head(client, trace, &report) }
            try await upgrade(client, trace, &report)
            if let namespace { try await enter(namespace, client, &report) }
        } catch {
            report.failed = error
        }
        report.milliseconds = rounded((ContinuousClock.now - start).seconds * 1000)
        await client.close()
        return report
    }

    private func makeClient(_ trace: ProbeTrace) throws(CommandFailure) -> Client {
        var configuration = ClientConfiguration()
        configuration.reconnect = .never
        configuration.headers = headers.map { ($0.name, $0.value) }
        configuration.userAgent = "neffos-probe/\(CommandVersion.text)"
        configuration.tls.trustedCertificates = trusted
        configuration.dialWithin = timeout
        configuration.ackWithin = timeout
        configuration.answerWithin = timeout
        configuration.trace = { trace.add($0) }
        var handlers = EventHandlers()
        handlers.declare(namespace ?? "default")
        let logger = Logger(label: "neffos.probe") { _ in SwiftLogNoOpLogHandler() }
        do {
            return try Client(url, configuration: configuration, handlers: handlers, logger: logger)
        } catch {
            throw CommandFailure(clientError: error, url: url)
        }
    }

    // MARK: Steps

    private func resolve(_ report: inout ProbeReport) async throws(ProbeReport.Failed) {
        let host = SourceAddresses.host(of: url)
        let start = ContinuousClock.now
        let result = await HostLookup.addresses(of: host, within: timeout)
        switch result {
        case .success(let addresses): report.add(.resolve, since: start, addresses.joined(separator: " "))
        case .failure(let problem):
            throw .init(.resolve, since: start, "\(host): \(problem.text)", advice: "check the name")
        }
    }

    private func head(_ client: Client, _ trace: ProbeTrace, _ report: inout ProbeReport) async throws(ProbeReport.Failed) {
        let start = ContinuousClock.now
        do {
            try await client.probe(within: timeout)
        } catch {
            let connected = report.addPath(trace, since: start)
            if !connected { throw failure(.connect, since: start, error) }
            if isSecure, trace.securedAt == nil { throw failure(.tls, since: start, error) }
            let isLate = error as? ClientError == .dialTimedOut
            throw .init(
                .head, since: start, isLate ? Self.text(error, at: .head) : "it was not answered: \(Self.text(error))",
                advice: ReachAdvice.text(Self.text(error), url: url, usual: "check the server, or use --no-head"))
        }
        report.addPath(trace, since: start)
        report.add(.head, since: trace.securedAt ?? trace.connectedAt ?? start, trace.status.map { "\($0)" })
    }

    private func upgrade(_ client: Client, _ trace: ProbeTrace, _ report: inout ProbeReport) async throws(ProbeReport.Failed) {
        trace.reset()
        let start = ContinuousClock.now
        do {
            try await client.connect()
        } catch {
            if skipsHead {
                let connected = report.addPath(trace, since: start)
                if !connected { throw failure(.connect, since: start, error) }
                if isSecure, trace.securedAt == nil { throw failure(.tls, since: start, error) }
            }
            if let upgradedAt = trace.upgradedAt {
                report.add(.upgrade, from: start, to: upgradedAt, "101")
                throw .init(.ack, since: upgradedAt, Self.text(error), advice: ReachAdvice.refused)
            }
            let advice = ReachAdvice.text(for: error, url: url, usual: "check that a neffos server is there")
            throw .init(.upgrade, since: start, Self.text(error), advice: advice)
        }
        if skipsHead { report.addPath(trace, since: start) }
        let upgradedAt = trace.upgradedAt ?? .now
        report.add(.upgrade, from: skipsHead ? trace.securedAt ?? trace.connectedAt ?? start : start, to: upgradedAt, "101")
        report.add(.ack, from: upgradedAt, to: trace.acknowledgedAt ?? .now, "id \(client.id)")
    }

    private func enter(_ namespace: String, _ client: Client, _ report: inout ProbeReport) async throws(ProbeReport.Failed) {
        let start = ContinuousClock.now
        do { try await client.connect(to: namespace) } catch {
            let words = ProtocolWords(error, of: .connect, lost: "see in the server's log why")
            throw .init(
                .namespace, since: start, "\(namespace): \(words?.problem ?? Self.text(error))",
                advice: words?.advice ?? ReachAdvice.refused)
        }
        report.add(.namespace, since: start, namespace)
    }

    private var isSecure: Bool { url.lowercased().hasPrefix("wss:") }

    private static func text(_ error: any Error) -> String { "\(error)" }

    /// Of a step before the upgrade the client only knows that the dial took too long.
    private static func text(_ error: any Error, at step: ProbeReport.Step) -> String {
        guard error as? ClientError == .dialTimedOut else { return text(error) }
        return switch step {
        case .connect: "no connection was there in time"
        case .tls: "TLS: the server did not answer in time"
        case .head: "it was not answered in time"
        default: text(error)
        }
    }

    /// A failure before anything was answered.
    private func failure(_ step: ProbeReport.Step, since start: ContinuousClock.Instant, _ error: any Error) -> ProbeReport.Failed {
        let text = Self.text(error, at: step)
        let isLate = error as? ClientError == .dialTimedOut
        return .init(step, since: start, text, advice: isLate ? ReachAdvice.text(text, url: url) : ReachAdvice.text(for: error, url: url))
    }
}

extension ProbeReport {
    mutating func add(_ step: Step, since start: ContinuousClock.Instant, _ detail: String? = nil) {
        add(step, from: start, to: .now, detail)
    }

    mutating func add(_ step: Step, from start: ContinuousClock.Instant, to end: ContinuousClock.Instant, _ detail: String? = nil) {
        steps.append(Done(step: step, milliseconds: rounded((end - start).seconds * 1000), detail: detail))
    }

    /// TCP and TLS, as far as they came.
    ///
    /// - Returns: whether there was a connection.
    @discardableResult
    mutating func addPath(_ trace: ProbeTrace, since start: ContinuousClock.Instant) -> Bool {
        guard let connectedAt = trace.connectedAt else { return false }
        add(.connect, from: start, to: connectedAt)
        if let securedAt = trace.securedAt { add(.tls, from: connectedAt, to: securedAt) }
        return true
    }
}

extension ProbeReport.Failed: Error {
    init(_ step: ProbeReport.Step, since start: ContinuousClock.Instant, _ error: String, advice: String) {
        self.init(step: step, milliseconds: rounded((ContinuousClock.now - start).seconds * 1000), error: error, advice: advice)
    }
}

/// When each step was done, as the client tells it.
final class ProbeTrace: Sendable {
    private struct State {
        var times: [String: ContinuousClock.Instant] = [:]
        var status: Int?
    }

    private let state = Mutex(State())

    func add(_ step: ClientTrace) {
        let now = ContinuousClock.now
        state.withLock { state in
            switch step {
            case .connected: state.times["connected"] = now
            case .secured: state.times["secured"] = now
            case .probeAnswered(let status): state.status = status
            case .upgraded: state.times["upgraded"] = now
            case .acknowledged: state.times["acknowledged"] = now
            case .changed: break
            }
        }
    }

    func reset() { state.withLock { $0.times = [:] } }

    var connectedAt: ContinuousClock.Instant? { state.withLock { $0.times["connected"] } }
    var securedAt: ContinuousClock.Instant? { state.withLock { $0.times["secured"] } }
    var upgradedAt: ContinuousClock.Instant? { state.withLock { $0.times["upgraded"] } }
    var acknowledgedAt: ContinuousClock.Instant? { state.withLock { $0.times["acknowledged"] } }
    var status: Int? { state.withLock { $0.status } }
}
