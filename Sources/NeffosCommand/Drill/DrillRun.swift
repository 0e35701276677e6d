import Foundation
import Neffos
import NeffosAdmin
import NeffosFeed
import NeffosObservatory
import NeffosTerminalConsole

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
        source.read { watch.begin(with: $0) }
        let clock = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(250))
                source.advance()
            }
        }
        defer { clock.cancel() }
        let outcome: OperatorOutcome
        do { outcome = try await source.ask(command) } catch {
            return CommandFailure(.unavailable, "\(target.name): \(FeedControl.sentence(error))")
        }
        guard !outcome.isRefused else { return CommandFailure(.unmet, "\(target.name): \(Self.refusal(outcome.result))") }
        guard outcome.count > 0 else {
            return CommandFailure(.unmet, "\(target.name): nobody was there to drop; drill while clients are connected")
        }
        Output.error("neffos: \(outcome.count) dropped; following their return")
        guard let closing = await watch.closing(within: options.timeout.duration, opening: Self.opensWithin) else {
            return stillOpen(source, watch)
        }
        guard case .incidentClosed(let figures) = closing.event.kind else { return nil }
        // The event comes with what the model has had already.
        return source.read { model in
            guard let incident = model.incident(figures.incident) else {
                return CommandFailure(.unavailable, "\(target.name): the server no longer knows incident \(figures.incident); drill again")
            }
            print(incident, closing)
            return failure(watch.results(with: model, of: incident))
        }
    }

    /// What the server refused with, and what to do where it does not say so itself.
    static func refusal(_ result: String) -> String {
        switch result {
        case OperatorOutcome.nobodyConnected: "the server refused: \(result); drill while clients are connected"
        // A filter names those whom it finds.
        case OperatorOutcome.nobodyNamed: "the server refused: nobody matches --filter; drill while such clients are connected"
        default: "the server refused: \(result)"
        }
    }

    /// It takes longer than it was given, or there is none.
    private func stillOpen(_ source: AttachSource, _ watch: DrillWatch) -> CommandFailure {
        guard let number = watch.followed else {
            let advice = "let fewer closes open one: incidents.least, closesPerSecond and percent"
            return CommandFailure(.unmet, "\(target.name): the drill opened no incident; \(advice)")
        }
        // So far, with the names of who is missing.
        let incident = source.read { $0.incident(number) }
        if let incident, options.summary == .text { for line in SummaryText.lines(of: incident) { Output.line(line) } }
        let names = SummaryReport.clause(of: incident?.missingClients ?? [])
        let problem = "the incident is not over after \(options.timeout.text); give it more with --timeout\(names)"
        return CommandFailure(.unmet, "\(target.name): \(problem)")
    }

    private func failure(_ results: [ExpectationResult]) -> CommandFailure? {
        var failure = CommandFailure(.unmet)
        failure.lines = results.filter { !$0.passed }.map { result in
            "expected \(result.text): it is \(result.actual)\(SummaryReport.clause(of: result.missing))"
        }
        return failure.lines.isEmpty ? nil : failure
    }

    private func print(_ incident: Incident, _ closing: FeedEntry) {
        switch options.summary {
        case .text: for line in SummaryText.lines(of: incident) { Output.line(line) }
        case .json:
            var line: [UInt8] = []
            JSONLines.append(closing, to: &line)
            Output.text(String(decoding: line, as: UTF8.self))
        }
    }
}

extension Observatory {
    /// One of this run of the server.
    fileprivate func incident(_ number: Int) -> Incident? { incidents.last { $0.number == number && $0.runsBefore == 0 } }
}
