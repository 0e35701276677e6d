import NeffosFeed
import Testing

@Suite struct TapeLineTests {
    private static let head = #""seq":1,"time":"2026-01-31T12:00:00.123Z","node":"n""#

    private func failure(_ line: String) -> TapeError? {
        do throws(TapeError) {
            _ = try JSONLines.decode(line)
            return nil
        } catch {
            return error
        }
    }

    @Test func `an unknown type is named`() {
        let error = failure(#"{"v":1,"type":"cat.fed",\#(Self.head)}"#)
        #expect(error == .unknownType("cat.fed"))
        #expect(error?.description.contains("\"cat.fed\"") == true)
    }

    @Test func `a newer version is named, whatever else the line holds`() {
        let error = failure(#"{"v":2,"type":{"new":"shape"}}"#)
        #expect(error == .newerVersion(2))
        #expect(error?.description.contains("version 2") == true)
    }

    @Test func `fields that it does not know are passed over`() throws {
        let line = #"{"v":1,"extra":{"a":[1]},"type":"connection.acknowledged",\#(Self.head),"connection":"c","after":3,"more":null}"#
        #expect(try JSONLines.decode(line).event.kind == .connectionAcknowledged(connection: "c", after: 3))
    }

    @Test func `a tape from before a field was there is read with its default`() throws {
        let snapshot =
            #"{"v":1,"type":"snapshot",\#(Self.head),"connections":[{"connection":"c","key":null,"remote":"r","tries":2,"#
            + #""namespaces":{"n":["r"]}}],"counters":{}}"#
        #expect(
            try JSONLines.decode(snapshot).event.kind
                == .snapshot(.init(connections: [.init(connection: "c", key: nil, remote: "r", tries: 2, namespaces: ["n": ["r"]])])))
        let message =
            #"{"v":1,"type":"message",\#(Self.head),"connection":"c","direction":"in","namespace":"n","room":"","event":"e","bytes":1,"body":"b"}"#
        guard case .message(let tapped) = try JSONLines.decode(message).event.kind else {
            Issue.record("no message")
            return
        }
        #expect(tapped.skipped == 0)
    }

    @Test(arguments: [
        (#"{"type":"probe"}"#, TapeError.badField("v", type: nil)),
        (#"{"v":0,"type":"probe",\#(head)}"#, .badField("v", type: nil)),
        (#"{"v":"1","type":"probe",\#(head)}"#, .badField("v", type: nil)),
        (#"{"v":1,\#(head)}"#, .badField("type", type: nil)),
        (#"{"v":1,"type":"sample","seq":1,"time":"yesterday","node":"n"}"#, .badField("time", type: "sample")),
        (#"{"v":1,"type":"connection.acknowledged",\#(head),"after":3}"#, .badField("connection", type: "connection.acknowledged")),
        (
            #"{"v":1,"type":"connection.acknowledged",\#(head),"connection":null,"after":3}"#,
            .badField("connection", type: "connection.acknowledged")
        ),
        (
            #"{"v":1,"type":"connection.acknowledged",\#(head),"connection":"c","after":1.5}"#,
            .badField("after", type: "connection.acknowledged")
        ),
        (
            #"{"v":1,"type":"connection.acknowledged",\#(head),"connection":"c","after":1e99}"#,
            .badField("after", type: "connection.acknowledged")
        ),
        (#"{"v":1,"type":"snapshot",\#(head),"connections":null,"counters":{}}"#, .badField("connections", type: "snapshot")),
        (
            #"{"v":1,"type":"snapshot",\#(head),"connections":[{"connection":"c","remote":"r","tries":1,"opened":"noon","namespaces":{}}],"counters":{}}"#,
            .badField("connections.0.opened", type: "snapshot")
        ),
        (#"{"v":1,"type":"feed.gap",\#(head),"missed":1,"kinds":{"probe":"x"}}"#, .badField("kinds.probe", type: "feed.gap")),
    ])
    func `a bad field is named`(line: String, error: TapeError) {
        #expect(failure(line) == error)
    }

    @Test func `a name that a field cannot have is a bad field`() {
        let line = line(entry(.connectionClosed(.init(connection: "c", code: 1, reason: nil, by: .client, lived: 1))))
        #expect(failure(line.replacing("client", with: "fate")) == .badField("by", type: "connection.closed"))
    }

    @Test(arguments: ["", "\n", "{", "[]", "null", "42", "\"x\"", "{\"v\":1", "{}x", "{\"v\":1}{\"v\":1}"])
    func `what is no object is no line`(line: String) {
        guard let error = failure(line) else {
            Issue.record("read")
            return
        }
        #expect(!error.description.isEmpty)
    }

    @Test func `bytes that are no UTF-8, and deep nests, are errors`() {
        #expect(throws: TapeError.self) { try JSONLines.decode([0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0x31, 0x7D]) }
        #expect(throws: TapeError.self) { try JSONLines.decode(String(repeating: "[", count: 100_000)) }
        #expect(throws: TapeError.self) { try JSONLines.decode("{\"v\":" + String(repeating: "{\"a\":", count: 100_000)) }
    }

    @Test func `every line that is cut short is an error, never a trap`() {
        for kind in allKinds(text: "\u{1b}", optional: "y") {
            let whole = Array(line(entry(kind)).utf8.dropLast())
            for length in 0..<whole.count where length % 3 == 0 || length > whole.count - 4 {
                #expect(throws: TapeError.self) { try JSONLines.decode(whole[..<length]) }
            }
        }
    }

    @Test func `an error shows nothing of the tape unescaped, and not much`() {
        let type = "\u{1b}[2J" + String(repeating: "x", count: 10_000)
        #expect(TapeError.unknownType(type).description.utf8.count < 300)
        #expect(!TapeError.unknownType(type).description.unicodeScalars.contains("\u{1b}"))
        #expect(!TapeError.badField("\u{9b}", type: "\u{9b}").description.unicodeScalars.contains("\u{9b}"))
    }

    @Test func `an action of before drills told their time away is read`() throws {
        let line =
            #"{"v":1,"seq":1,"time":"2026-01-31T12:00:00.123Z","node":"n","type":"operator.action","action":"drill","by":"ann","#
            + #""target":"50 % of 6","count":3,"result":"started, away 3.00 s"}"#
        let action = FeedEvent.OperatorAction(action: "drill", by: "ann", target: "50 % of 6", count: 3, result: "started, away 3.00 s")
        #expect(try JSONLines.decode(line).event.kind == .operatorAction(action))
    }

    @Test func `a sample of before handlers were measured is read`() throws {
        let line =
            #"{"v":1,"seq":1,"time":"2026-01-31T12:00:00.123Z","node":"n","type":"sample","connections":1,"namespaces":0,"rooms":0,"#
            + #""messagesInPerSecond":0,"messagesOutPerSecond":0,"bytesInPerSecond":0,"bytesOutPerSecond":0,"probesPerSecond":0,"#
            + #""openedPerSecond":0,"closedPerSecond":0,"cpuPercent":0,"memoryBytes":0,"loopLag":4}"#
        let entry = try JSONLines.decode(line)
        #expect(entry.event.kind == .sample(.init(connections: 1, loopLag: 4, slowestHandler: 0)))
    }
}
