import Foundation
import NeffosFeed
import NeffosObservatory
import Terminal
import XMLCoder

/// The summary for the test reports of CI servers: one test case an expectation, and one for `--until`.
enum SummaryJUnit {
    static func text(of report: SummaryReport) -> String {
        let encoder = XMLEncoder()
        encoder.outputFormatting = [.prettyPrinted]
        let header = XMLHeader(version: 1.0, encoding: "UTF-8")
        let data = (try? encoder.encode(Suites(report), withRootKey: "testsuites", header: header)) ?? Data()
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    /// What a client named is made harmless: XML has no way to write most controls, and a report may be shown on a terminal.
    private static func safe(_ text: String) -> String { SafeText.escaped(text) }

    private struct Suites: Encodable, DynamicNodeEncoding {
        var name = "neffos serve"
        var tests: Int
        var failures: Int
        var time: String
        var testsuite: Suite

        init(_ report: SummaryReport) {
            let seconds = String(Double(max(0, report.endedAt - report.startedAt)) / 1000)
            tests = report.judged.count
            failures = report.failed.count
            time = seconds
            testsuite = Suite(report, seconds: seconds)
        }

        static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
            key.stringValue == "testsuite" ? .element : .attribute
        }
    }

    private struct Suite: Encodable, DynamicNodeEncoding {
        var name: String
        var tests: Int
        var failures: Int
        var errors = 0
        var skipped = 0
        var timestamp: String
        var time: String
        var hostname: String
        var testcase: [Case]
        var systemOut: String

        private enum CodingKeys: String, CodingKey {
            case name, tests, failures, errors, skipped, timestamp, time, hostname, testcase
            case systemOut = "system-out"
        }

        init(_ report: SummaryReport, seconds: String) {
            name = SummaryJUnit.safe("\(report.node) \(report.url)")
            tests = report.judged.count
            failures = report.failed.count
            // Without the zone, as the schema of those reports has it.
            timestamp = String(report.startedAt.iso8601.prefix(19))
            time = seconds
            hostname = SummaryJUnit.safe(report.node)
            let until = report.until.map { [Case($0, className: "neffos.until", seconds: seconds)] } ?? []
            testcase = until + report.expectations.map { Case($0, className: "neffos.expect", seconds: seconds) }
            systemOut = SummaryText.lines(of: report).map(SummaryJUnit.safe).joined(separator: "\n")
        }

        static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
            key.stringValue == "testcase" || key.stringValue == "system-out" ? .element : .attribute
        }
    }

    private struct Case: Encodable, DynamicNodeEncoding {
        var name: String
        var classname: String
        var time: String
        var failure: Failure?

        init(_ result: ExpectationResult, className: String, seconds: String) {
            name = SummaryJUnit.safe(result.text)
            classname = className
            time = seconds
            failure = result.passed ? nil : Failure(result)
        }

        static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
            key.stringValue == "failure" ? .element : .attribute
        }
    }

    private struct Failure: Encodable, DynamicNodeEncoding {
        var message: String
        var type = "expectation"
        var text: String

        private enum CodingKeys: String, CodingKey {
            case message, type
            // The element's own text.
            case text = ""
        }

        init(_ result: ExpectationResult) {
            message = SummaryJUnit.safe("expected \(result.expected), was \(result.actual)\(SummaryReport.clause(of: result.missing))")
            let lines =
                ["expected \(result.expected)", "was \(result.actual)"]
                + result.missing.byName.map { "missing " + SummaryText.line(of: $0) }
            text = lines.map(SummaryJUnit.safe).joined(separator: "\n")
        }

        static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
            key.stringValue.isEmpty ? .element : .attribute
        }
    }
}
