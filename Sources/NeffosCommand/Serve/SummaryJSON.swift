import Foundation
import NeffosFeed
import NeffosObservatory

/// The summary for programs.
enum SummaryJSON {
    static func text(of report: SummaryReport) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let data = (try? encoder.encode(Document(report))) ?? Data()
        return escaped(String(decoding: data, as: UTF8.self)) + "\n"
    }

    /// Controls and what turns the direction of text are written as numbers, so that a terminal on which it is shown is not disturbed. They
    /// stand in strings alone.
    private static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control where scalar != "\n", .format, .lineSeparator, .paragraphSeparator:
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
                }
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    private struct Document: Encodable {
        var v = 1
        var node: String
        var url: String
        var startedAt: String
        var endedAt: String
        var reason: String
        var totals: [String: Int]
        var peaks: [String: Double]
        var incidents: [IncidentFields]
        var lints: [LintFields]
        var expectations: [ResultFields]
        var until: ResultFields?
        var feed: [String: Int]

        init(_ report: SummaryReport) {
            let summary = report.summary
            let totals = summary.totals
            let peaks = summary.peaks
            node = report.node
            url = report.url
            startedAt = report.startedAt.iso8601
            endedAt = report.endedAt.iso8601
            reason = report.reason
            self.totals = [
                "opened": totals.opened, "closed": totals.closed, "returned": totals.returned, "probes": totals.probes,
                "rejected": totals.rejected, "messagesIn": totals.messagesIn, "messagesOut": totals.messagesOut,
                "bytesIn": totals.bytesIn, "bytesOut": totals.bytesOut, "violations": totals.violations,
            ]
            self.peaks = [
                "connections": Double(peaks.connections), "probesPerSecond": peaks.probesPerSecond,
                "messagesInPerSecond": peaks.messagesInPerSecond, "messagesOutPerSecond": peaks.messagesOutPerSecond,
            ].mapValues { $0.isFinite ? ($0 * 100).rounded() / 100 : 0 }
            incidents = summary.incidents.map(IncidentFields.init)
            lints = summary.lints.map { LintFields(lint: $0.lint, raised: $0.raised, active: $0.active) }
            expectations = report.expectations.map(ResultFields.init)
            until = report.until.map(ResultFields.init)
            feed = ["events": summary.feed.events, "missed": summary.feed.missed, "unwritten": report.unwritten]
        }
    }

    private struct LintFields: Encodable {
        var lint: String
        var raised: Int
        var active: Int
    }

    private struct ResultFields: Encodable {
        var expectation: String
        var expected: String
        var actual: String
        var passed: Bool
        var missingKeys: [MissingFields]

        init(_ result: ExpectationResult) {
            expectation = result.text
            expected = result.expected
            actual = result.actual
            passed = result.passed
            missingKeys = result.missing.byName.map(MissingFields.init)
        }
    }

    private struct MissingFields: Encodable {
        var key: String?
        var count: Int
        var connections: [String]
        var remote: String
        var namespaces: [String: [String]]

        init(_ client: Incident.MissingClient) {
            key = client.key
            count = client.count
            connections = client.ids
            remote = client.remote
            namespaces = Dictionary(client.namespaces.map { ($0.name, $0.rooms) }) { $0 + $1 }
        }
    }

    /// The funnel by the names of the feed; what does not apply is null.
    private struct IncidentFields: Encodable {
        var incident: Incident

        init(_ incident: Incident) { self.incident = incident }

        private enum Key: String, CodingKey {
            case incident, cause, openedAt, closedAt, dropped, probes, probed, upgraded, namespacesBack, roomsBack, missing, p50, p95, p99
            case away, tries, peaks, missingKeys
        }

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: Key.self)
            try fields.encode(incident.number, forKey: .incident)
            try fields.encode(incident.cause.rawValue, forKey: .cause)
            try fields.encode(incident.openedAt.iso8601, forKey: .openedAt)
            try fields.encode(incident.closedAt?.iso8601, forKey: .closedAt)
            try fields.encode(incident.dropped, forKey: .dropped)
            try fields.encode(incident.probes, forKey: .probes)
            try fields.encode(incident.probed, forKey: .probed)
            try fields.encode(incident.upgraded, forKey: .upgraded)
            try fields.encode(incident.namespacesBack, forKey: .namespacesBack)
            try fields.encode(incident.roomsBack, forKey: .roomsBack)
            try fields.encode(incident.missing, forKey: .missing)
            try fields.encode(incident.p50, forKey: .p50)
            try fields.encode(incident.p95, forKey: .p95)
            try fields.encode(incident.p99, forKey: .p99)
            try fields.encode(incident.away, forKey: .away)
            try fields.encode(Dictionary(uniqueKeysWithValues: incident.tries.map { (String($0.key), $0.value) }), forKey: .tries)
            let peaks = incident.peaks
            try fields.encode(
                [
                    "closesPerSecond": peaks.closes, "probesPerSecond": peaks.probes, "upgradesPerSecond": peaks.upgrades,
                    "rejectedPerSecond": peaks.rejected,
                ], forKey: .peaks)
            try fields.encode(incident.missingClients.byName.map(MissingFields.init), forKey: .missingKeys)
        }
    }
}
