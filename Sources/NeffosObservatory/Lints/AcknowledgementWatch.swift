import DequeModule
import NeffosFeed

/// Connections that were upgraded and have yet to send their `M`, in the order of coming. Bounded: when very many wait, the oldest are let go.
struct AcknowledgementWatch: Sendable {
    static let capacity = 65_536

    struct Waiting: Sendable {
        var name: CompactName
        var since: FeedTime
    }

    var waiting: Deque<Waiting> = []
    /// A server for native messages alone has no ack: nobody is late while nobody was ever on time.
    var hasSeenAny = false

    mutating func opened(_ id: String, at time: FeedTime) {
        if waiting.count == AcknowledgementWatch.capacity { waiting.removeFirst() }
        waiting.append(Waiting(name: CompactName(id), since: time))
    }

    /// - Parameter record: of the connection, nil where it is gone or has acknowledged.
    mutating func due(
        after: Milliseconds, at now: FeedTime, record: (CompactName) -> ConnectionTable.Record?
    ) -> [LintFinding] {
        var findings: [LintFinding] = []
        while let first = waiting.first, now - first.since >= after {
            waiting.removeFirst()
            guard hasSeenAny, let record = record(first.name), record.openedAt == first.since else { continue }
            findings.append(AcknowledgementWatch.finding(record.remote, "upgraded \(after / 1000) s ago and has not sent its M"))
        }
        return findings
    }

    static func finding(_ remote: String, _ what: String) -> LintFinding {
        .raise(LintCatalogue.ID.neverAcknowledged, subject: BoundedText.address(of: remote), detail: "\(remote) \(what)")
    }
}
