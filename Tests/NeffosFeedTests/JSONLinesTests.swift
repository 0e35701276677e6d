import Foundation
import NeffosFeed
import Testing

@Suite struct JSONLinesTests {
    static let head = #"{"v":1,"seq":42,"time":"2026-01-31T12:00:00.123Z","node":"web-1","type":"#

    /// What follows the type, in the order of `allKinds(text: "x", optional: "y")`.
    static let golden = [
        #""server.started","url":"x","version":"x","reason":"y"}"#,
        #""server.draining","url":"x","version":"x","reason":"y"}"#,
        #""server.stopped","url":"x","version":"x","reason":"y"}"#,
        #""probe","remote":"x","userAgent":"y","admitted":true,"held":12}"#,
        #""connection.opened","connection":"x","key":"y","previous":"y","remote":"x","userAgent":"y","tries":3,"tls":true}"#,
        #""connection.rejected","remote":"x","status":403,"reason":"x","tries":1}"#,
        #""connection.acknowledged","connection":"x","after":5}"#,
        #""connection.closed","connection":"x","code":1006,"reason":"y","by":"network","lived":1234,"messagesIn":1,"messagesOut":2,"#
            + #""bytesIn":3,"bytesOut":4}"#,
        #""namespace.connected","connection":"x","namespace":"x","error":"y","forced":true}"#,
        #""namespace.denied","connection":"x","namespace":"x","error":"y","forced":true}"#,
        #""namespace.disconnected","connection":"x","namespace":"x","error":"y","forced":true}"#,
        #""room.joined","connection":"x","namespace":"x","room":"x","error":"y","forced":false}"#,
        #""room.denied","connection":"x","namespace":"x","room":"x","error":"y","forced":false}"#,
        #""room.left","connection":"x","namespace":"x","room":"x","error":"y","forced":false}"#,
        #""message","connection":"x","direction":"in","namespace":"x","room":"x","event":"x","bytes":8,"body":"x","skipped":3}"#,
        #""protocol.violation","connection":"y","kind":"x","detail":"x"}"#,
        #""incident.opened""# + incident + "null}",
        #""incident.updated""# + incident + "null}",
        #""incident.closed""# + incident + #"[{"key":"y","count":7,"connections":["x","x"]}]}"#,
        #""lint.raised","lint":"x","subject":"x","detail":"x","remedy":"x"}"#,
        #""lint.cleared","lint":"x","subject":"x","detail":"x","remedy":"x"}"#,
        #""operator.action","action":"x","by":"x","target":"x","count":2,"result":"x","away":7}"#,
        #""sample","connections":1,"namespaces":2,"rooms":3,"messagesInPerSecond":0.5,"messagesOutPerSecond":1.25,"bytesInPerSecond":100,"#
            + #""bytesOutPerSecond":0,"probesPerSecond":0.125,"openedPerSecond":3,"closedPerSecond":4,"cpuPercent":99.9,"#
            + #""memoryBytes":8589934592,"loopLag":0.001,"slowestHandler":2.5}"#,
        #""feed.gap","missed":3,"kinds":{"probe":1,"sample":2}}"#,
        #""snapshot","connections":[{"connection":"x","key":"y","remote":"x","userAgent":"y","tries":1,"opened":"1970-01-01T00:00:00.007Z","#
            + #""acknowledged":false,"tls":true,"previous":"y","namespaces":{"a x":[],"x":["x","b"]}}],"counters":{"a":1,"x":4}}"#,
    ]

    static let incident =
        #","incident":3,"cause":"x","dropped":7,"probes":9,"probed":2,"upgraded":4,"namespacesBack":5,"roomsBack":6,"missing":7,"#
        + #""p50":7,"p95":7,"p99":7,"missingKeys":"#

    @Test func `every type has its line, field by field`() {
        let kinds = allKinds(text: "x", optional: "y")
        #expect(kinds.count == Self.golden.count)
        for (kind, golden) in zip(kinds, Self.golden) { #expect(line(entry(kind)) == Self.head + golden + "\n") }
    }

    @Test func `every type is in the list of kinds, once`() {
        #expect(Set(allKinds(text: "x", optional: nil).map(\.type)) == Set(FeedEventType.allCases))
    }

    @Test func `what does not apply is null`() {
        let lines = allKinds(text: "x", optional: nil, number: nil).map { line(entry($0)) }
        #expect(lines[0].hasSuffix(#""reason":null}"# + "\n"))
        #expect(lines[4].contains(#""key":null,"previous":null,"remote":"x","userAgent":null"#))
        #expect(lines[15].contains(#""connection":null"#))
        #expect(lines[18].contains(#""dropped":null"#))
        #expect(lines[21].hasSuffix(#""result":"x","away":null}"# + "\n"))
        #expect(lines[18].hasSuffix(#""missing":null,"p50":null,"p95":null,"p99":null,"missingKeys":null}"# + "\n"))
    }

    @Test func `missing keys stand only in a closed incident, at most a thousand`() throws {
        let keys = (0..<1001).map { FeedEvent.MissingKey(key: "\($0)", count: 1, connections: []) }
        let figures = FeedEvent.IncidentFigures(incident: 1, cause: "restart", dropped: 1, missingKeys: keys)
        #expect(line(entry(.incidentUpdated(figures))).hasSuffix(#""missingKeys":null}"# + "\n"))
        guard case .incidentClosed(let read) = try JSONLines.decode(line(entry(.incidentClosed(figures)))).event.kind else {
            Issue.record("another type")
            return
        }
        #expect(read.missingKeys?.count == 1000)
    }

    static let hostile = [
        "", "\"\\/", "\u{0}\u{1}\u{8}\t\n\u{b}\u{c}\r\u{1b}[2J\u{7f}", "\u{80}\u{9b}31m\u{9f}\u{a0}", "a\u{2028}b\u{2029}c",
        "\u{202e}evil\u{2066}\u{200f}\u{61c}",
        "žluťoučký 🐎 👩‍👩‍👧 e\u{301} \u{fffd}\u{ffff}\u{10ffff}", "%s%n %@ ../../etc", String(repeating: "long \u{1b}", count: 3000),
        "{\"v\":1}\n{\"v\":1}",
    ]

    @Test(arguments: hostile)
    func `whatever a peer names comes back as it was, on one line of printable text`(text: String) throws {
        for kind in allKinds(text: text, optional: text) + allKinds(text: text, optional: nil, number: nil) {
            let written = entry(kind)
            let line = line(written)
            #expect(line.utf8.filter { $0 == UInt8(ascii: "\n") }.count == 1)
            for scalar in line.unicodeScalars.dropLast() {
                let value = scalar.value
                if value < 0x20 || (0x7F...0x9F).contains(value) || (0x2028...0x202E).contains(value) || (0x2066...0x2069).contains(value) {
                    Issue.record("U+\(String(value, radix: 16)) in a line")
                }
            }
            let read = try JSONLines.decode(line)
            #expect(read == written)
            // Strings are equal where their characters are; the bytes have to be, too.
            #expect(Array(NeffosFeedTests.line(read).utf8) == Array(line.utf8))
        }
    }

    @Test func `Foundation reads every line as an object`() throws {
        for kind in allKinds(text: Self.hostile.joined(), optional: nil) {
            let object = try JSONSerialization.jsonObject(with: Data(line(entry(kind)).utf8)) as? [String: Any]
            #expect(object?["type"] as? String == kind.typeName)
        }
    }

    @Test(
        arguments: [
            (0, "0"), (-0.0, "0"), (1, "1"), (-1.5, "-1.5"), (0.1 + 0.2, "0.3"), (1.0004, "1"), (1.0016, "1.002"), (2.9999, "3"),
            (-2.9999, "-3"),
            (0.0004, "0"), (-0.0004, "0"), (12_345.678_9, "12345.679"), (1e15, "1000000000000000"), (1e300, "9007199254740992"),
            (-1e300, "-9007199254740992"), (.nan, "0"), (.infinity, "0"), (0.01, "0.01"), (0.5e-300, "0"),
        ] as [(Double, String)])
    func `numbers have at most three decimals and no exponent`(value: Double, text: String) {
        #expect(line(entry(.sample(.init(slowestHandler: value)))).hasSuffix("\"slowestHandler\":\(text)}\n"))
    }

    @Test func `the ends of integers are written and read`() throws {
        for count in [Int.max, Int.min, 0, -1, 10, 99, 100] {
            let written = entry(.operatorAction(.init(action: "", by: "", target: "", count: count, result: "")))
            #expect(line(written).contains("\"count\":\(count),"))
            #expect(try JSONLines.decode(line(written)) == written)
        }
    }

    @Test func `lines are appended behind what is there`() {
        var bytes = Array("first\n".utf8)
        JSONLines.append(entry(.connectionAcknowledged(connection: "a", after: 1)), to: &bytes)
        JSONLines.append(entry(.connectionAcknowledged(connection: "b", after: 1)), to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self).split(separator: "\n").count == 3)
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("first\n{"))
    }
}
