import NeffosFeed
import NeffosObservatory

/// All that is told of a run at its end, in whichever format.
struct SummaryReport: Sendable {
    var node: String
    var url: String
    var startedAt: FeedTime
    var endedAt: FeedTime
    /// Why it ended.
    var reason: String
    var summary: Summary
    /// Events that `--feed` or `--record` lost, beside what all readers missed: a slow reader, or a write that failed.
    var unwritten = 0
    /// Of `--expect`, and drills that were not done.
    var expectations: [ExpectationResult] = []
    /// Of `--until`.
    var until: ExpectationResult?

    /// `--until` first.
    var judged: [ExpectationResult] { (until.map { [$0] } ?? []) + expectations }
    var failed: [ExpectationResult] { judged.filter { !$0.passed } }

    func text(as format: ServeCommand.SummaryFormat) -> String {
        switch format {
        case .text: SummaryText.text(of: self)
        case .json: SummaryJSON.text(of: self)
        case .junit: SummaryJUnit.text(of: self)
        }
    }

    /// One line for each that was not met, for standard error.
    var failureLines: [String] {
        failed.map { result in
            if result.text.hasPrefix("--") { return "\(result.text): \(result.actual)" }
            let option = result == until ? "--until " : "--expect "
            return "\(option)\(result.text): expected \(result.expected), was \(result.actual)\(Self.clause(of: result.missing))"
        }
    }

    /// `; missing: alice, bob ×2, 3 more`, behind what is said of an incident; empty where nobody is.
    static func clause(of missing: [Incident.MissingClient]) -> String {
        missing.isEmpty ? "" : "; missing: " + names(missing, most: SummaryText.mostNames)
    }

    /// `alice, bob ×2, 3 more`
    static func names(_ missing: [Incident.MissingClient], most: Int) -> String {
        var names = missing.byName.prefix(most).map { client in
            (client.key ?? client.ids.first ?? "?") + (client.count == 1 ? "" : " ×\(client.count)")
        }
        if missing.count > most { names.append("\(missing.count - most) more") }
        return names.joined(separator: ", ")
    }
}
