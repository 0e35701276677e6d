import NeffosFeed
import NeffosObservatory

@testable import NeffosCommand

extension SummaryReport {
    /// A drill of fifty after which two are missing, one of whom has a name that would like to do harm.
    static var bad: SummaryReport {
        let start = FeedTime(milliseconds: 1_769_860_800_000)
        var incident = Incident(number: 1, cause: .drill, openedAt: start + 5_000, dropped: 50)
        incident.closedAt = start + 40_000
        incident.upgraded = 48
        incident.missing = 2
        (incident.p50, incident.p95, incident.p99) = (1200, 4800, 9040)
        incident.tries = [1: 40, 2: 8]
        incident.missingClients = [
            .init(key: "user-7", remote: "10.0.0.7:1", namespaces: [.init(name: "default", rooms: ["lobby"])], ids: ["c7"], count: 1),
            .init(key: "\u{1B}[2J<&\"'>\u{202E}\u{0}", remote: "10.0.0.8:1", namespaces: [], ids: ["c8"], count: 1),
        ]
        var summary = Summary()
        summary.totals.opened = 98
        summary.peaks.connections = 50
        summary.peaks.probesPerSecond = 12.5
        summary.incidents = [incident]
        summary.lints = [.init(lint: "herd", raised: 1, active: 0)]
        summary.feed.events = 400
        return SummaryReport(
            node: "web-1", url: "ws://127.0.0.1:1/echo", startedAt: start, endedAt: start + 61_500, reason: "timeout", summary: summary,
            expectations: [
                .init(text: "missing==0", expected: "==0", actual: "2", passed: false, missing: incident.missingClients),
                .init(text: "p95(restore)<5s", expected: "<5s", actual: "4.8s", passed: true),
            ],
            until: .init(text: "returned>=50", expected: ">=50", actual: "48", passed: false))
    }
}
