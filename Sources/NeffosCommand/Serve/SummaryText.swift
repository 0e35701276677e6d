import NeffosObservatory
import Terminal

/// The summary of a run, for people: lines to be made safe before they are shown.
enum SummaryText {
    /// How many missing clients are named in each incident.
    static let mostNames = 20

    /// Safe for a terminal.
    static func text(of report: SummaryReport) -> String { lines(of: report).map { SafeText.escaped($0) + "\n" }.joined() }

    static func lines(of report: SummaryReport) -> [String] {
        var lines = lines(of: report.summary, node: report.node, url: report.url)
        if report.unwritten > 0 {
            lines.append(row("not written", "\(report.unwritten) events for --feed or --record, whose reader was too slow or gone"))
        }
        if let until = report.until { lines += Self.lines(of: until, name: "until") }
        for result in report.expectations { lines += Self.lines(of: result, name: "expect") }
        return lines
    }

    private static func lines(of result: ExpectationResult, name: String) -> [String] {
        let verdict = result.passed ? "passed" : "FAILED, expected \(result.expected)"
        return [row(name, "\(result.text): \(verdict), was \(result.actual)")]
            + (result.missing.isEmpty ? [] : [row("  missing", SummaryReport.names(result.missing, most: mostNames))])
    }

    static func lines(of summary: Summary, node: String, url: String) -> [String] {
        let totals = summary.totals
        let peaks = summary.peaks
        var lines = [
            "summary of \(node) at \(url)",
            row(
                "connections",
                "opened \(totals.opened), closed \(totals.closed), rejected \(totals.rejected), at most \(peaks.connections) at once"),
            row("returned", "\(totals.returned)"),
            row("probes", "\(totals.probes), at most \(rate(peaks.probesPerSecond))"),
            row("messages in", "\(totals.messagesIn) (\(totals.bytesIn) bytes), at most \(rate(peaks.messagesInPerSecond))"),
            row("messages out", "\(totals.messagesOut) (\(totals.bytesOut) bytes), at most \(rate(peaks.messagesOutPerSecond))"),
            row("violations", "\(totals.violations)"),
            row("feed", "\(summary.feed.events) events, \(summary.feed.missed) missed"),
        ]
        if summary.incidents.isEmpty { lines.append(row("incidents", "none")) }
        for incident in summary.incidents { lines += Self.lines(of: incident) }
        for lint in summary.lints { lines.append(row("lint", "\(lint.lint): raised \(lint.raised), still \(lint.active)")) }
        return lines
    }

    static func lines(of incident: Incident) -> [String] {
        let state = incident.isOpen ? "still open" : "closed"
        var funnel = [
            "dropped \(incident.dropped.map(String.init) ?? "unknown")", "probed \(incident.probed)", "upgraded \(incident.upgraded)",
            "namespaces \(incident.namespacesBack)", "rooms \(incident.roomsBack)",
            "missing \(incident.missing.map(String.init) ?? "unknown")",
        ]
        if let p50 = incident.p50, let p95 = incident.p95, let p99 = incident.p99 {
            funnel.append("back after \(seconds(p50)) (50 %), \(seconds(p95)) (95 %), \(seconds(p99)) (99 %)")
        }
        var lines = [row("incident \(incident.number)", "\(incident.cause.rawValue), \(state): \(funnel.joined(separator: ", "))")]
        for client in incident.missingClients.byName.prefix(mostNames) {
            lines.append(row("  missing", line(of: client)))
        }
        let more = incident.missingClients.count - mostNames
        if more > 0 { lines.append(row("  missing", "\(more) more")) }
        return lines
    }

    /// `alice ×2 from 10.0.0.1:5000, in default: lobby`
    static func line(of client: Incident.MissingClient) -> String {
        let places = client.namespaces.map { place in
            place.rooms.isEmpty ? place.name : "\(place.name): \(place.rooms.joined(separator: ", "))"
        }
        let count = client.count == 1 ? "" : " ×\(client.count)"
        return "\(client.key ?? "?")\(count) from \(client.remote)" + (places.isEmpty ? "" : ", in \(places.joined(separator: "; "))")
    }

    private static func row(_ name: String, _ text: String) -> String {
        name + String(repeating: " ", count: max(1, 14 - name.count)) + text
    }

    private static func rate(_ value: Double) -> String { "\(tenths(value)) a second" }

    private static func seconds(_ milliseconds: Int) -> String { "\(tenths(Double(milliseconds) / 1000)) s" }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
