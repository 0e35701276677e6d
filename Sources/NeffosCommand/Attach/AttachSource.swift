import Foundation
import Neffos
import NeffosAdmin
import NeffosConsole
import NeffosFeed
import NeffosObservatory
import Synchronization

/// The picture of a server elsewhere: what its admin address tells, and while that is silent, what was told last.
final class AttachSource: ObservatorySource {
    private struct State {
        var model = Observatory()
        var log: ConsoleLog
        /// Since when, and how often it was knocked; nil while it answers.
        var away: (since: FeedTime, tries: Int)?
        /// How much the server's clock is ahead of ours.
        var offset: Milliseconds = 0
        var hasPicture = false
        var lastSeq = 0
        /// Entries that this console saw none of.
        var missed = 0
        var end: ClientState.Reason?
        /// What the server said of itself.
        var about: FeedAsk.About?
    }

    private let state: Mutex<State>
    private let listener = Mutex<(@Sendable () -> Void)?>(nil)
    private let told = Mutex<(@Sendable (ConsoleLog.Line) -> Void)?>(nil)
    private let knocking = Mutex<Task<Void, Never>?>(nil)
    /// Where the entries go beside the model; each call with one of them.
    private let sinks: [any FeedSink]
    private let now: @Sendable () -> FeedTime
    private let steering = Mutex<FeedControl?>(nil)
    private let reader = Mutex<FeedClient?>(nil)
    private let ends: AsyncStream<ClientState.Reason>.Continuation
    /// Why it does not come back, once it does not.
    let ended: AsyncStream<ClientState.Reason>

    /// - Parameters:
    ///   - capacity: events that are kept for the Events screen.
    ///   - sinks: where entries go beside the model.
    init(capacity: Int = 10_000, sinks: [any FeedSink] = [], now: @escaping @Sendable () -> FeedTime = FeedTime.now) {
        var state = State(log: ConsoleLog(capacity: 500))
        state.model.recentEvents = EventLog(capacity: capacity)
        self.state = Mutex(state)
        self.sinks = sinks
        self.now = now
        (ended, ends) = AsyncStream.makeStream(of: ClientState.Reason.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Connects, and takes the first picture.
    ///
    /// - Throws: `ClientError`, `NeffosError`: why not.
    func attach(
        to url: String, token: String?, trusting certificates: [String], calling name: String,
        _ change: (inout ClientConfiguration) -> Void = { _ in }
    ) async throws {
        let client = try FeedClient(
            url, token: token, userAgent: "neffos-attach/\(CommandVersion.text)", trusting: certificates, change
        ) { [weak self] news in self?.take(news) }
        reader.withLock { $0 = client }
        steering.withLock { $0 = FeedControl(client, name: name) }
        do { try await client.start() } catch {
            await client.close()
            throw error
        }
    }

    /// Knocks until the server is there; until then it is away.
    /// - Parameter problem: why it is not there now.
    func keepKnocking(
        at url: String, token: String?, trusting certificates: [String], calling name: String, because problem: String,
        _ change: @escaping @Sendable (inout ClientConfiguration) -> Void = { _ in }
    ) {
        say("\(problem); knocking until it answers", .warning)
        let since = now()
        state.withLock { $0.away = (since, 1) }
        let task = Task { [weak self] in
            var wait = Duration.milliseconds(500)
            var last = problem
            var tries = 1
            while !Task.isCancelled {
                try? await Task.sleep(for: wait)
                guard let self, !Task.isCancelled else { return }
                do { return try await attach(to: url, token: token, trusting: certificates, calling: name, change) } catch {
                    tries += 1
                    wait = min(wait * 3 / 2, .seconds(5))
                    state.withLock { [tries] state in state.away = (since, tries) }
                    let text = FeedClient.sentence(error)
                    if text != last { say("\(text); knocking on", .warning) }
                    last = text
                    notify()
                }
            }
        }
        knocking.withLock { $0 = task }
    }

    func close() async {
        let task = knocking.withLock { $0 }
        task?.cancel()
        await task?.value
        await reader.withLock { $0 }?.close()
        for sink in sinks { sink.finish() }
    }

    /// The server's clock, as far as it is known.
    var clock: FeedTime { now() + state.withLock { $0.offset } }

    /// Time passes. While the server is silent only rates fall: what became of its clients nobody can tell.
    func advance() {
        let time = now()
        let changed = state.withLock { state in
            guard state.hasPicture else { return false }
            let before = state.model.revision
            if state.away == nil { _ = state.model.advance(to: time + state.offset) } else { state.model.pass(to: time + state.offset) }
            return state.model.revision != before
        }
        if changed { notify() }
    }

    // MARK: What the console sees

    func read<Result>(_ body: (Observatory) -> Result) -> Result { state.withLock { body($0.model) } }
    func whenChanged(_ call: (@Sendable () -> Void)?) { listener.withLock { $0 = call } }
    var log: ConsoleLog { state.withLock { $0.log } }
    var control: (any OperatorControl)? { steering.withLock { $0 } }
    func take(_ figures: [ConnectionFigures], at time: FeedTime) { state.withLock { $0.model.take(figures, at: time) } }

    var status: SourceStatus {
        state.withLock { state in state.away.map { .offline(tries: $0.tries, since: $0.since) } ?? .live }
    }

    /// How the server fares, in a row.
    /// - Parameter fallback: what it is called until it told its name.
    func summary(id: Int, fallback: String) -> NodeSummary {
        let time = now()
        return state.withLock { state in
            let model = state.model
            let vitals = model.vitals
            var summary = NodeSummary(id: id, name: state.about?.node ?? fallback)
            summary.url = vitals.url.isEmpty ? state.about?.url ?? "" : vitals.url
            summary.status = state.away.map { .offline(tries: $0.tries, since: $0.since) } ?? .live
            summary.phase = vitals.state
            summary.ending = state.end == nil ? nil : "gone"
            if state.away == nil, state.end == nil {
                summary.uptime = vitals.startedAt.map { max(0, (time + state.offset) - $0) / 1000 * 1000 }
                summary.sample = vitals.sample
            }
            summary.connections = vitals.connections
            summary.namespaces = vitals.namespaces
            summary.rooms = vitals.rooms
            summary.returned = vitals.returned
            summary.missing = model.missingNow
            summary.incident = model.openIncident.map { .init(number: $0.number, cause: $0.cause) }
            summary.missed = vitals.missed + state.missed
            return summary
        }
    }

    // MARK: Steering

    /// Has the server do something.
    ///
    /// - Throws: where there is no outcome; see `FeedControl.sentence`.
    func ask(_ command: OperatorCommand) async throws -> OperatorOutcome {
        guard let control = steering.withLock({ $0 }) else { return .refused("the server takes no commands") }
        return try await control.ask(command)
    }

    // MARK: What it is told

    private func take(_ news: FeedClient.News) {
        switch news {
        case .picture(let model, let about, let isSameRun): take(model, about, isSameRun: isSameRun)
        case .entry(let entry):
            state.withLock { state in
                state.lastSeq = entry.seq
                _ = state.model.apply(entry)
            }
            for sink in sinks { sink.receive([entry]) }
        case .away(let tries):
            let isFirst = state.withLock { state in
                let isFirst = state.away == nil
                state.away = (state.away?.since ?? now() + state.offset, tries)
                return isFirst
            }
            if isFirst { say("the server does not answer any more; knocking until it does", .warning) }
        case .problem(let text): say(text, .warning)
        case .ended(let reason):
            state.withLock { $0.end = reason }
            ends.yield(reason)
            ends.finish()
        }
        notify()
    }

    private func take(_ model: Observatory, _ about: FeedAsk.About, isSameRun: Bool) {
        let time = now()
        var model = model
        let (entry, line) = state.withLock { state -> (FeedEntry, String?) in
            state.offset = Milliseconds(about.time - time.milliseconds)
            var line: String?
            let since = state.away?.since
            model.follow(state.model, isSameRun: isSameRun || !state.hasPicture, until: since ?? time + state.offset)
            if state.hasPicture {
                // Of a run that began meanwhile all up to the picture was missed, and of the one before what it did after we had lost it.
                let missed = isSameRun ? max(0, model.seq - state.lastSeq) : model.seq
                state.missed += missed
                let away = since.map { "away \(Self.seconds(time + state.offset - $0)); " } ?? ""
                line = "\(away)missed \(missed) events\(isSameRun ? "" : "; the server had started anew")"
                model.note(title: "attached again", detail: line ?? "", severity: .warning, at: time + state.offset)
            }
            state.away = nil
            state.hasPicture = true
            state.about = about
            state.lastSeq = model.seq
            state.model = model
            let snapshot = FeedEvent(time: FeedTime(milliseconds: about.time), kind: .snapshot(model.snapshot))
            return (FeedEntry(seq: model.seq, node: about.node, event: snapshot), line)
        }
        for sink in sinks { sink.receive([entry]) }
        say(line.map { "attached again: \($0)" } ?? "attached to \(about.node) at \(about.url), version \(about.version)", .info)
    }

    private static func seconds(_ milliseconds: Milliseconds) -> String {
        let tenths = max(0, milliseconds + 50) / 100
        return "\(tenths / 10).\(tenths % 10) s"
    }

    private func say(_ text: String, _ level: ConsoleLog.Level) {
        let line = ConsoleLog.Line(time: now(), level: level, text: text)
        state.withLock { $0.log.append(line) }
        told.withLock { $0 }?(line)
    }

    /// Sets who hears each line of the log, beside the console.
    func whenTold(_ call: (@Sendable (ConsoleLog.Line) -> Void)?) { told.withLock { $0 = call } }

    private func notify() { listener.withLock { $0 }?() }
}
