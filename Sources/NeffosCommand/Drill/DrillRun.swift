import Foundation
import Neffos
import NeffosFeed
import NeffosObservatory
import NeffosTerminalConsole
import Synchronization

/// One run of `neffos drill`: asks, follows the feed until the incident is over, prints it, and judges.
struct DrillRun {
    let options: DrillCommand
    let target: AttachTarget
    let token: String?

    /// The drill's own incident opens at the latest so long after the server is back.
    private static let opensWithin = Duration.seconds(10)

    func run() async throws(CommandFailure) {
        let plan: DrillPlan
        let expectations: [Expectation]
        do {
            plan = try options.plan
            expectations = try options.expectations
        } catch { throw CommandFailure(.usage, "\(error)") }
        let watch = DrillWatch(expectations)
        let source = AttachSource(sinks: [watch])
        do {
            try await source.attach(to: target.url, token: token, trusting: options.access.certificates, calling: AttachRun.user)
        } catch {
            throw AttachAccess.failure(error, at: target, hasToken: token != nil)
        }
        let failure = await follow(plan, source, watch)
        await source.close()
        if let failure { throw failure }
    }

    private func follow(_ plan: DrillPlan, _ source: AttachSource, _ watch: DrillWatch) async -> CommandFailure? {
        var command = plan.command
        command.by = AttachRun.user
        let (known, open) = source.read { model in
            (model.incidents.lazy.filter { $0.runsBefore == 0 }.map(\.number).max() ?? 0, model.incidents.first { $0.isOpen }?.number)
        }
        watch.begin(after: known, open: open)
        let clock = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(250))
                source.advance()
            }
        }
        defer { clock.cancel() }
        let outcome = await source.control?.perform(command) ?? .refused("the server takes no commands")
        guard !outcome.isRefused else { return CommandFailure(.unmet, "\(target.name): the server refused: \(outcome.result)") }
        guard outcome.count > 0 else {
            return CommandFailure(.unmet, "\(target.name): nobody was there to drop; drill while clients are connected")
        }
        Output.error("neffos: \(outcome.count) dropped; following their return")
        guard let closing = await watch.closing(within: options.timeout.duration, opening: Self.opensWithin) else {
            let problem =
                watch.isFollowing
                ? "the incident is not over after \(options.timeout.text); give it more with --timeout"
                : "the drill opened no incident; let fewer closes open one: incidents.least, closesPerSecond and percent"
            return CommandFailure(.unmet, "\(target.name): \(problem)")
        }
        // The event comes with what the model has had already.
        let (summary, results) = source.read { model -> (Summary, [ExpectationResult]) in
            (model.summary, watch.results(with: model))
        }
        print(summary, closing)
        var failure = CommandFailure(.unmet)
        failure.lines = results.filter { !$0.passed }.map { "expected \($0.text): it is \($0.actual)" }
        return failure.lines.isEmpty ? nil : failure
    }

    private func print(_ summary: Summary, _ closing: FeedEntry) {
        guard case .incidentClosed(let figures) = closing.event.kind else { return }
        switch options.summary {
        case .text:
            // With the names of who is missing, where the model has them.
            let known = summary.incidents.last { $0.number == figures.incident && $0.figures.upgraded == figures.upgraded }
            for line in known.map(SummaryText.lines(of:)) ?? [EventLine.text(of: closing)] { Output.line(line) }
        case .json:
            var line: [UInt8] = []
            JSONLines.append(closing, to: &line)
            Output.text(String(decoding: line, as: UTF8.self))
        }
    }
}

/// Watches the feed for the drill's incident.
final class DrillWatch: FeedSink {
    private struct State {
        var book: ExpectationBook
        var known = Int.max
        /// The one whose end is waited for.
        var followed: Int?
        /// Whether the server said that the drill began: what closed before has nothing to do with it.
        var hasBegun = false
        var closing: FeedEntry?
    }

    private let state: Mutex<State>
    private let changes: AsyncStream<Void>
    private let change: AsyncStream<Void>.Continuation

    init(_ expectations: [Expectation]) {
        state = Mutex(State(book: ExpectationBook(expectations)))
        (changes, change) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Incidents up to this number were there before. One that is open takes in whom the drill drops, and is followed, unless that ends first
    /// and another opens.
    func begin(after number: Int, open: Int? = nil) {
        state.withLock { state in
            state.known = number
            state.followed = open
        }
    }

    var isFollowing: Bool { state.withLock { $0.followed != nil } }

    func receive(_ batch: [FeedEntry]) {
        state.withLock { state in
            for entry in batch {
                state.book.take(entry.event)
                switch entry.event.kind {
                case .operatorAction(let action) where action.action == "drill": state.hasBegun = true
                case .incidentOpened(let figures) where figures.incident > state.known:
                    state.known = figures.incident
                    state.followed = figures.incident
                case .incidentClosed(let figures) where figures.incident == state.followed && state.closing == nil:
                    if state.hasBegun { state.closing = entry } else { state.followed = nil }
                default: break
                }
            }
        }
        change.yield()
    }

    func results(with model: Observatory) -> [ExpectationResult] { state.withLock { $0.book.results(with: model) } }

    /// - Returns: the event that closed the incident; nil where it did not open or close in time.
    func closing(within limit: Duration, opening: Duration) async -> FeedEntry? {
        let start = ContinuousClock.now
        let ticks = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(100))
                change.yield()
            }
        }
        defer { ticks.cancel() }
        for await _ in changes {
            let (followed, closing) = state.withLock { ($0.followed, $0.closing) }
            if let closing { return closing }
            let passed = ContinuousClock.now - start
            if passed > limit || (followed == nil && passed > opening) { return nil }
        }
        return nil
    }
}
