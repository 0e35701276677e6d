import NeffosFeed
import NeffosObservatory
import Testing

@testable import NeffosCommand

@Suite struct SummaryTextTests {
    @Test func `a quiet run has its totals and says that there was no incident`() {
        var summary = Summary()
        summary.totals.opened = 3
        summary.peaks.probesPerSecond = 1.25
        let lines = SummaryText.lines(of: summary, node: "web-1", url: "ws://127.0.0.1:1/echo")
        #expect(lines.first == "summary of web-1 at ws://127.0.0.1:1/echo")
        #expect(lines.contains("connections   opened 3, closed 0, rejected 0, at most 0 at once"))
        #expect(lines.contains("probes        0, at most 1.3 a second"))
        #expect(lines.last == "incidents     none")
    }

    @Test func `an incident has its funnel and names who is missing, not more than twenty`() {
        var incident = Incident(number: 1, cause: .restart, openedAt: FeedTime(milliseconds: 0), dropped: 200)
        incident.closedAt = FeedTime(milliseconds: 1)
        incident.probed = 200
        incident.upgraded = 175
        incident.missing = 25
        (incident.p50, incident.p95, incident.p99) = (1200, 4800, 9040)
        incident.missingClients = (0..<25).map {
            .init(key: "user-\($0)", remote: "10.0.0.\($0):1", namespaces: [], ids: [], count: $0 == 0 ? 2 : 1)
        }
        var summary = Summary()
        summary.incidents = [incident]
        let lines = SummaryText.lines(of: summary, node: "n", url: "u")
        let funnel = "dropped 200, probed 200, upgraded 175, namespaces 0, rooms 0, missing 25"
        #expect(lines.contains("incident 1    restart, closed: \(funnel), back after 1.2 s (50 %), 4.8 s (95 %), 9.0 s (99 %)"))
        #expect(lines.contains { $0.hasPrefix("  missing     user-0 ×2 from 10.0.0.0:1") })
        // One who was in no namespace was in no place to name.
        #expect(lines.contains("  missing     user-1 from 10.0.0.1:1"))
        #expect(lines.filter { $0.hasPrefix("  missing") }.count == 21)
        #expect(lines.last == "  missing     5 more")
    }
}
