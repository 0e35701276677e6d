import Neffos
import NeffosFeed
import NeffosObservatory
import Testing

@testable import NeffosAdmin

@Suite struct MetricsTextTests {
    private let families: [MetricFamily] = [
        .counter("a_bytes", unit: "bytes", "Says \"so\" \\ and\nso.", 5),
        .gauge("b", "B.", by: [(["x": "q\"u\\o\nte"], 0.25)]),
        .histogram("c_seconds", unit: "seconds", "C.", bounds: [0.5, 1], counts: [1, 0, 2], sum: 9.5),
        .info("d", "D.", ["version": "1"]),
    ]

    @Test func `the older format names counters with their suffix and knows no info`() {
        #expect(
            MetricsText.text(of: families, as: .prometheus) == #"""
                # HELP a_bytes_total Says "so" \\ and\nso.
                # TYPE a_bytes_total counter
                a_bytes_total 5
                # HELP b B.
                # TYPE b gauge
                b{x="q\"u\\o\nte"} 0.25
                # HELP c_seconds C.
                # TYPE c_seconds histogram
                c_seconds_bucket{le="0.5"} 1
                c_seconds_bucket{le="1.0"} 1
                c_seconds_bucket{le="+Inf"} 3
                c_seconds_sum 9.5
                c_seconds_count 3
                # HELP d_info D.
                # TYPE d_info gauge
                d_info{version="1"} 1

                """#)
    }

    @Test func `OpenMetrics says units, names families, and ends`() {
        #expect(
            MetricsText.text(of: families, as: .openMetrics) == #"""
                # HELP a_bytes Says \"so\" \\ and\nso.
                # TYPE a_bytes counter
                # UNIT a_bytes bytes
                a_bytes_total 5
                # HELP b B.
                # TYPE b gauge
                b{x="q\"u\\o\nte"} 0.25
                # HELP c_seconds C.
                # TYPE c_seconds histogram
                # UNIT c_seconds seconds
                c_seconds_bucket{le="0.5"} 1
                c_seconds_bucket{le="1.0"} 1
                c_seconds_bucket{le="+Inf"} 3
                c_seconds_sum 9.5
                c_seconds_count 3
                # HELP d D.
                # TYPE d info
                d_info{version="1"} 1
                # EOF

                """#)
    }

    @Test(
        arguments: [
            ([], MetricsFormat.prometheus), (["*/*"], .prometheus), (["text/plain"], .prometheus), (["application/json"], .prometheus),
            (
                [
                    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
                ], .openMetrics
            ),
            (["application/openmetrics-text; version=1.0.0; charset=utf-8"], .openMetrics),
            (["application/openmetrics-text"], .openMetrics),
            (["text/plain", "application/openmetrics-text;q=0.5"], .prometheus), (["application/openmetrics-text;q=0"], .prometheus),
            (["application/openmetrics-text;version=2.0.0"], .prometheus),
            (["APPLICATION/OpenMetrics-Text; Version=\"1.0.0\""], .openMetrics),
            ([";;,=,;q=x"], .prometheus),
        ] as [([String], MetricsFormat)])
    func `who asks for OpenMetrics gets it`(accept: [String], format: MetricsFormat) {
        #expect(MetricsFormat(accept: accept) == format)
    }

    @Test func `of a full report every line keeps the rules of both formats`() throws {
        var report = MetricsReport()
        for kind in Kinds.all { report.ledger.take(FeedEvent(time: FeedTime(milliseconds: 1_000), kind: kind)) }
        report.totals = .init()
        report.namespaces = [.init(name: "na\"me", members: 2, rooms: 1)]
        report.feed.eventsByType = ["probe": 3]
        report.feed.missedByType = ["probe": 1]
        report.process = .now()
        report.version = "1"
        report.node = "n"
        report.now = FeedTime(milliseconds: 5_000)
        for format in MetricsFormat.allCases {
            let text = MetricsText.text(of: report.families, as: format)
            #expect(try Exposition(text, isOpenMetrics: format == .openMetrics).samples > 60)
        }
    }

    @Test func `no client makes the set of labels longer`() {
        var ledger = MetricsLedger()
        for code in 0..<5000 {
            ledger.take(event(.connectionClosed(.init(connection: "c", code: code, reason: nil, by: .client, lived: 0))))
            ledger.take(event(.connectionRejected(.init(remote: "r", status: code, reason: "x", tries: 0))))
            ledger.take(event(.lintRaised(.init(lint: "l\(code)", subject: "", detail: "", remedy: ""))))
        }
        #expect(ledger.closes.count <= 15)
        #expect(ledger.closes.values.reduce(0, +) == 5000)
        #expect(ledger.rejections.count <= 14)
        #expect(ledger.lints.count <= 65)
    }

    @Test func `what the feed lost is counted as unknown`() {
        var ledger = MetricsLedger()
        ledger.take(event(.probe(.init(remote: "r", userAgent: nil, admitted: true))))
        ledger.take(event(.feedGap(.init(missed: 9, kinds: ["probe": 5, "connection.closed": 3, "room.joined": 1]))))
        #expect(ledger.probes == ["answered": 1, "unanswered": 0, "unknown": 5])
        #expect(ledger.closes == [.init(code: "unknown", by: "unknown"): 3])
    }

    @Test func `returns are counted with their tries`() {
        var ledger = MetricsLedger()
        for tries in [0, 1, 1, 4, 1000] {
            ledger.take(event(.connectionOpened(.init(connection: "c", key: nil, remote: "r", userAgent: nil, tries: tries))))
        }
        #expect(ledger.returned == 4)
        #expect(ledger.triesCounts == [2, 0, 0, 1, 0, 0, 0, 0, 1])
        #expect(ledger.triesSum == 1006)
    }

    private func event(_ kind: FeedEvent.Kind) -> FeedEvent { FeedEvent(time: FeedTime(milliseconds: 0), kind: kind) }
}

/// One event of some kinds.
enum Kinds {
    static let all: [FeedEvent.Kind] = [
        .serverStarted(.init(url: "ws://h/", version: "1")), .probe(.init(remote: "r", userAgent: nil, admitted: true)),
        .connectionOpened(.init(connection: "a", key: nil, remote: "r", userAgent: nil, tries: 2)),
        .connectionClosed(.init(connection: "a", code: 1006, reason: nil, by: .network, lived: 1)),
        .connectionRejected(.init(remote: "r", status: 403, reason: "origin", tries: 0)),
        .protocolViolation(.init(connection: nil, kind: "k", detail: "d")),
        .incidentOpened(.init(incident: 1, cause: "restart", dropped: 3)),
        .lintRaised(.init(lint: "herd", subject: "", detail: "", remedy: "")),
        .operatorAction(.init(action: "kick", by: "me", target: "a", count: 1, result: "done")), .sample(.init(loopLag: 0.5)),
    ]
}
