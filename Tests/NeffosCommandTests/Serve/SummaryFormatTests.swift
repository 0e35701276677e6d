import Foundation
#if canImport(FoundationXML)
import FoundationXML
#endif
import NeffosFeed
import NeffosObservatory
import Testing

@testable import NeffosCommand

@Suite struct SummaryFormatTests {
    private func json(_ report: SummaryReport) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(SummaryJSON.text(of: report).utf8))
        return try #require(object as? [String: Any])
    }

    @Test func `the JSON has what the contract names, and null for what does not apply`() throws {
        let summary = try json(.bad)
        let totals = try #require(summary["totals"] as? [String: Int])
        #expect(
            Set(totals.keys) == [
                "opened", "closed", "returned", "probes", "rejected", "messagesIn", "messagesOut", "bytesIn", "bytesOut", "violations",
            ])
        #expect(totals["opened"] == 98)
        let peaks = try #require(summary["peaks"] as? [String: Double])
        #expect(peaks == ["connections": 50, "probesPerSecond": 12.5, "messagesInPerSecond": 0, "messagesOutPerSecond": 0])
        let incident = try #require((summary["incidents"] as? [[String: Any]])?.first)
        #expect(incident["cause"] as? String == "drill")
        #expect(incident["dropped"] as? Int == 50)
        #expect(incident["missing"] as? Int == 2)
        #expect(incident["p95"] as? Int == 4800)
        #expect(incident["away"] is NSNull)
        #expect(incident["closedAt"] as? String == "2026-01-31T12:00:40.000Z")
        let missing = try #require(incident["missingKeys"] as? [[String: Any]])
        #expect(missing.map { $0["key"] as? String } == ["\u{1B}[2J<&\"'>\u{202E}\u{0}", "user-7"])
        #expect(missing[1]["connections"] as? [String] == ["c7"])
        #expect((summary["lints"] as? [[String: Any]])?.first?["lint"] as? String == "herd")
        let expectations = try #require(summary["expectations"] as? [[String: Any]])
        #expect(expectations.map { $0["expectation"] as? String } == ["missing==0", "p95(restore)<5s"])
        #expect(expectations.map { $0["passed"] as? Bool } == [false, true])
        #expect(expectations.map { $0["expected"] as? String } == ["==0", "<5s"])
        #expect(expectations.map { $0["actual"] as? String } == ["2", "4.8s"])
        #expect((summary["until"] as? [String: Any])?["passed"] as? Bool == false)
        #expect(summary["feed"] as? [String: Int] == ["events": 400, "missed": 0, "unwritten": 0])
    }

    @Test func `a percentile that there is not is null in the JSON`() throws {
        var report = SummaryReport.bad
        report.summary.incidents[0].p50 = nil
        report.summary.incidents[0].dropped = nil
        report.until = nil
        let summary = try json(report)
        let incident = try #require((summary["incidents"] as? [[String: Any]])?.first)
        #expect(incident["p50"] is NSNull)
        #expect(incident["dropped"] is NSNull)
        #expect(summary["until"] == nil)
    }

    @Test(arguments: [ServeCommand.SummaryFormat.text, .json, .junit])
    func `no format has anything that could act on a terminal`(format: ServeCommand.SummaryFormat) {
        let text = SummaryReport.bad.text(as: format)
        #expect(text.contains("user-7"))
        #expect(text.hasSuffix("\n"))
        #expect(!text.unicodeScalars.contains { $0 != "\n" && ($0.value < 32 || $0.value == 0x202E) })
    }

    private final class Reader: NSObject, XMLParserDelegate {
        var elements: [(name: String, attributes: [String: String], text: String)] = []
        private var open: [Int] = []

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String] = [:]
        ) {
            open.append(elements.count)
            elements.append((name, attributes, ""))
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) { if let index = open.last { elements[index].text += text } }
        func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) { open.removeLast() }
    }

    private func elements(_ report: SummaryReport) throws -> [(name: String, attributes: [String: String], text: String)] {
        let reader = Reader()
        let parser = XMLParser(data: Data(SummaryJUnit.text(of: report).utf8))
        parser.delegate = reader
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        return reader.elements
    }

    @Test func `the JUnit report has a case an expectation and one for until, and failures that say who is missing`() throws {
        let elements = try elements(.bad)
        #expect(elements.map(\.name).prefix(2) == ["testsuites", "testsuite"])
        #expect(elements[0].attributes["tests"] == "3")
        #expect(elements[1].attributes["failures"] == "2")
        #expect(elements[1].attributes["timestamp"] == "2026-01-31T12:00:00")
        #expect(elements[1].attributes["time"] == "61.5")
        let cases = elements.filter { $0.name == "testcase" }
        #expect(cases.map { $0.attributes["name"] } == ["returned>=50", "missing==0", "p95(restore)<5s"])
        #expect(cases.map { $0.attributes["classname"] } == ["neffos.until", "neffos.expect", "neffos.expect"])
        let failures = elements.filter { $0.name == "failure" }
        #expect(failures.count == 2)
        #expect(failures[1].attributes["message"]?.hasPrefix("expected ==0, was 2; missing: ␛[2J<&\"'>") == true)
        #expect(failures[1].text.contains("missing user-7 from 10.0.0.7:1, in default: lobby"))
        #expect(failures[1].text.contains("\\u{202E}"))
        #expect(elements.contains { $0.name == "system-out" && $0.text.contains("summary of web-1") })
    }

    @Test func `without expectations the JUnit report is whole`() throws {
        var report = SummaryReport.bad
        report.expectations = []
        report.until = nil
        let elements = try elements(report)
        #expect(elements[1].attributes["tests"] == "0")
        #expect(!elements.contains { $0.name == "testcase" })
    }

    @Test func `what only a file or pipe lost is told beside what all missed`() throws {
        var report = SummaryReport.bad
        #expect(!SummaryText.lines(of: report).contains { $0.hasPrefix("not written") })
        report.unwritten = 7
        #expect(SummaryText.lines(of: report).contains { $0.hasPrefix("not written   7 events") })
        #expect(try json(report)["feed"] as? [String: Int] == ["events": 400, "missed": 0, "unwritten": 7])
    }

    @Test func `the text says of each expectation whether it passed, and who is missing`() {
        let lines = SummaryText.lines(of: SummaryReport.bad)
        #expect(lines.contains("until         returned>=50: FAILED, expected >=50, was 48"))
        #expect(lines.contains("expect        missing==0: FAILED, expected ==0, was 2"))
        #expect(lines.contains("expect        p95(restore)<5s: passed, was 4.8s"))
        #expect(lines.contains { $0.hasPrefix("  missing     ") && $0.hasSuffix(", user-7") })
        #expect(SummaryReport.bad.failureLines[0] == "--until returned>=50: expected >=50, was 48")
        #expect(SummaryReport.bad.failureLines[1].hasPrefix("--expect missing==0: expected ==0, was 2; missing: "))
        #expect(SummaryReport.bad.failureLines[1].hasSuffix(", user-7"))
    }

    @Test func `who is missing is named in the same order whenever and however they were lost`() {
        func client(_ key: String?, _ ids: String...) -> Incident.MissingClient {
            .init(key: key, remote: "10.0.0.7:1", namespaces: [], ids: ids, count: ids.count)
        }
        let clients = [client(nil, "z"), client("b", "2", "1"), client("a", "9"), client(nil, "y"), client("b", "0")]
        let sorted = [client("a", "9"), client("b", "0"), client("b", "1", "2"), client(nil, "y"), client(nil, "z")]
        #expect(clients.byName == sorted)
        func report(_ missing: [Incident.MissingClient]) -> SummaryReport {
            var report = SummaryReport.bad
            report.summary.incidents[0].missingClients = missing
            report.expectations[0].missing = missing
            return report
        }
        for format in [ServeCommand.SummaryFormat.text, .json, .junit] {
            #expect(report(clients).text(as: format) == report(clients.reversed()).text(as: format))
        }
        #expect(report(clients).failureLines == report(clients.reversed()).failureLines)
        #expect(report(clients).failureLines[1].hasSuffix("missing: a, b, b ×2, y, z"))
    }

    @Test(arguments: [ServeCommand.SummaryFormat.text, .json, .junit])
    func `who is missing is named by numbers as they count`(format: ServeCommand.SummaryFormat) throws {
        var report = SummaryReport.bad
        let clients = [10, 2, 1].map {
            Incident.MissingClient(key: "user-\($0)", remote: "10.0.0.7:1", namespaces: [], ids: ["c\($0)"], count: 1)
        }
        report.summary.incidents[0].missingClients = clients
        report.expectations[0].missing = clients
        #expect(report.failureLines[1].hasSuffix("missing: user-1, user-2, user-10"))
        let text = report.text(as: format)
        let places = try ["user-1", "user-2", "user-10"].map { name in
            try #require(text.ranges(of: name).last { !text[$0.upperBound...].hasPrefix("0") }).lowerBound
        }
        #expect(places == places.sorted())
    }

    @Test func `rates are rounded to two digits`() throws {
        var report = SummaryReport.bad
        report.summary.peaks.probesPerSecond = 99.94643211056743
        report.summary.peaks.messagesInPerSecond = .infinity
        let peaks = try #require(try json(report)["peaks"] as? [String: Double])
        #expect(peaks == ["connections": 50, "probesPerSecond": 99.95, "messagesInPerSecond": 0, "messagesOutPerSecond": 0])
        let line = try #require(SummaryJSON.text(of: report).split(separator: "\n").first { $0.contains("probesPerSecond\" : 9") })
        #expect(line.hasSuffix(": 99.95"))
    }
}
