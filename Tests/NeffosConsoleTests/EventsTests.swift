import NeffosFeed
import NeffosObservatory
import Terminal
import Testing

@testable import NeffosConsole

@Suite struct EventsTests {
    private static func log(_ events: [(Int, FeedEvent.Kind)], capacity: Int = 1_000, from seq: Int = 1) -> Observatory {
        var observatory = Observatory()
        observatory.recentEvents = EventLog(capacity: capacity)
        for (index, event) in events.enumerated() {
            _ = observatory.apply(
                FeedEntry(seq: seq + index, node: "web-1", event: FeedEvent(time: Scene.noon + event.0, kind: event.1)))
        }
        return observatory
    }

    private static func opened(_ number: Int) -> FeedEvent.Kind {
        .connectionOpened(
            .init(
                connection: "id-\(number)", key: "client-\(number)", remote: "10.0.0.\(number % 250):4000", userAgent: "node",
                tries: number % 2))
    }

    private static var some: [(Int, FeedEvent.Kind)] {
        [
            (0, .serverStarted(.init(url: "ws://127.0.0.1:8080/echo", version: "0.1"))), (10, opened(1)),
            (12, .connectionAcknowledged(connection: "id-1", after: 2)),
            (20, .namespaceConnected(.init(connection: "id-1", namespace: "chat"))),
            (30, .roomJoined(.init(connection: "id-1", namespace: "chat", room: "lobby"))), (1_000, .sample(.init(connections: 1))),
            (1_500, .feedGap(.init(missed: 3, kinds: ["sample": 3]))),
            (
                2_000,
                .connectionClosed(.init(connection: "id-1", code: 1006, reason: nil, by: .network, lived: 1_990, messagesIn: 4))
            ),
        ]
    }

    private struct Held {
        var observatory: Observatory
        var model: ConsoleModel

        init(_ observatory: Observatory, columns: Int = 120, rows: Int = 35) {
            self.observatory = observatory
            model = ConsoleModel(size: Size(columns: columns, rows: rows), clock: observatory.now)
            press(.character("5"))
        }

        mutating func press(_ keys: Key...) {
            for key in keys {
                _ = model.update(key, live: observatory, now: .seconds(1))
                model.refresh(from: observatory, now: .seconds(1))
            }
        }

        mutating func type(_ text: String) { for character in text { press(.character(character)) } }

        mutating func add(_ kind: FeedEvent.Kind, after: Int = 3_000) {
            let seq = observatory.recentEvents.taken + 1
            _ = observatory.apply(FeedEntry(seq: seq, node: "web-1", event: FeedEvent(time: Scene.noon + after, kind: kind)))
            model.refresh(from: observatory, now: .seconds(1))
        }

        var text: String { ConsoleRenderer.frame(observatory, model, theme: Theme(depth: .indexed256, ascii: false)).text }
    }

    @Test func `Each event is a line with time, sign, type, who and what, the newest at the bottom`() {
        let held = Held(Self.log(Self.some))
        for words in [
            "●  server.started", "listens on ws://127.0.0.1:8080/echo", "+  connection.opened", "from 10.0.0.1:4000, back after 1 try",
            "in chat: lobby", "✗  connection.closed", "1006 by network, after 2.0 s; in 4, out 0", "!  feed.gap",
            "3 events lost here: sample 3",
        ] { #expect(held.text.contains(words), "\(words)") }
        // Events tell only the id; who it is was told when it opened.
        #expect(held.text.split(separator: "\n").contains { $0.contains("connection.closed") && $0.contains("client-1") })
        #expect(held.text.contains("follows"))
        #expect(held.text.contains("! 3 lost"))
    }

    @Test func `Samples are hidden until they are asked for`() {
        var held = Held(Self.log(Self.some))
        #expect(!held.text.contains("1 connection, in"))
        #expect(held.text.contains("samples hidden"))
        held.type("s")
        #expect(held.text.contains("1 connection, in"))
        held.type("s")
        #expect(!held.text.contains("1 connection, in"))
    }

    @Test func `It follows the newest until another is selected, and again from the end on`() {
        var held = Held(Self.log((0..<100).map { ($0, Self.opened($0)) }))
        #expect(held.text.contains("client-99"))
        held.press(.up, .up)
        #expect(held.model.events.selected == 97)
        held.add(Self.opened(100))
        #expect(held.model.events.selected == 97)
        #expect(held.text.contains("98 of 101"))
        held.press(.end)
        #expect(held.model.events.selected == 100)
        held.add(Self.opened(101))
        #expect(held.model.events.selected == 101)
        #expect(held.text.contains("client-101"))
    }

    @Test func `Held still it shows what it showed, and loses nothing`() {
        var held = Held(Self.log((0..<10).map { ($0, Self.opened($0)) }))
        held.type(" ")
        held.add(Self.opened(10))
        #expect(!held.text.contains("client-10"))
        held.type(" ")
        #expect(held.text.contains("client-10"))
    }

    @Test func `Old events go, and the selection goes to the oldest that is kept`() {
        var held = Held(Self.log((0..<50).map { ($0, Self.opened($0)) }, capacity: 50))
        held.press(.home)
        #expect(held.model.events.selected == 0)
        for number in 50..<60 { held.add(Self.opened(number)) }
        #expect(held.model.events.shown.count == 50)
        #expect(held.model.events.selected == 10)
    }

    @Test func `The log is bounded by bytes too`() {
        var observatory = Observatory()
        observatory.recentEvents = EventLog(capacity: 1_000, byteCapacity: 100_000)
        for number in 0..<500 {
            let message = FeedEvent.TappedMessage(
                connection: "c", direction: .in, namespace: "n", room: "", event: "e", bytes: 10_000,
                body: String(repeating: "x", count: 10_000))
            _ = observatory.apply(FeedEntry(seq: number, node: "n", event: FeedEvent(time: Scene.noon, kind: .message(message))))
        }
        #expect(observatory.recentEvents.count < 10)
        #expect(observatory.recentEvents.taken == 500)
        #expect(observatory.recentEvents.firstNumber == 500 - observatory.recentEvents.count)
        #expect(observatory.recentEvents.entry(number: 499)?.seq == 499)
        #expect(observatory.recentEvents.entry(number: 0) == nil)
        #expect(observatory.recentEvents.entry(number: 500) == nil)
    }

    @Test func `A filter takes effect while it is typed, and what is no filter yet changes nothing`() {
        var held = Held(Self.log(Self.some))
        held.type("/")
        #expect(held.model.context == .typing)
        held.type("event:connection.closed")
        held.press(.enter)
        #expect(held.model.events.filter == "event:connection.closed")
        // A loss of events concerns everybody.
        #expect(held.model.events.shown.count == 2)
        #expect(!held.text.contains("connection.opened"))
        held.type("/")
        held.type(" tries>")
        #expect(held.model.events.prompt?.error != nil)
        #expect(held.model.events.filter == "event:connection.closed tries")
        #expect(held.text.contains("^"))
        held.press(.escape)
        #expect(held.model.events.filter == "")
        #expect(held.model.events.shown.count == 7)
    }

    @Test func `A text is looked for in all that the events say, round the end`() {
        var held = Held(Self.log(Self.some))
        held.type("f")
        held.type("LOBBY")
        held.press(.enter)
        held.type(">")
        #expect(held.model.events.selected == 4)
        #expect(held.text.contains("looking for \"LOBBY\""))
        held.type(">")
        #expect(held.model.events.selected == 4)
        // The key of a connection is found in events that tell only its id.
        held.press(.escape)
        held.type("f")
        held.type("client-1")
        held.press(.enter)
        var found: [Int?] = []
        for _ in 0..<5 {
            held.type("<")
            found.append(held.model.events.selected)
        }
        #expect(found == [3, 2, 1, 7, 4])
        held.press(.escape)
        held.type("f")
        held.type("nowhere")
        held.press(.enter)
        held.type(">")
        #expect(held.text.contains("none of these events has the text"))
    }

    @Test func `Enter opens all fields of an event, Esc closes them`() {
        for (columns, rows) in [(80, 24), (200, 60)] {
            var held = Held(Self.log(Self.some), columns: columns, rows: rows)
            held.press(.enter)
            // At 80 columns it has half of the rows, and is scrolled.
            for words in ["┌ Event", "connection.closed", "code", "1006", "reason", "null"] {
                #expect(held.text.contains(words), "\(words) at \(columns)")
            }
            held.press(.pageDown)
            for words in ["network", "messagesIn"] { #expect(held.text.contains(words), "\(words) at \(columns)") }
            held.press(.escape)
            #expect(!held.text.contains("┌ Event"))
        }
    }

    @Test func `Every kind of event has words and fields`() {
        let incident = FeedEvent.IncidentFigures(
            incident: 7, cause: "restart", dropped: 3, missing: 1, missingKeys: [.init(key: "alice", count: 1, connections: ["a", "b"])])
        let lint = FeedEvent.Lint(lint: "herd", subject: "all", detail: "at once", remedy: "jitter")
        let message = FeedEvent.TappedMessage(
            connection: "c", direction: .out, namespace: "chat", room: "lobby", event: "say", bytes: 5, body: "hello")
        let state = FeedEvent.ServerState(url: "u", version: "1", reason: "SIGTERM")
        let kinds: [FeedEvent.Kind] = [
            .serverStarted(state), .serverDraining(state), .serverStopped(state),
            .probe(.init(remote: "10.0.0.1:1", userAgent: nil, admitted: false, held: 20)), Self.opened(1),
            .connectionRejected(.init(remote: "10.0.0.1:1", status: 401, reason: "no token", tries: 3)),
            .connectionAcknowledged(connection: "c", after: 3),
            .connectionClosed(.init(connection: "c", code: 1000, reason: "bye", by: .client, lived: 5)),
            .namespaceConnected(.init(connection: "c", namespace: "")),
            .namespaceDenied(.init(connection: "c", namespace: "n", error: "no")),
            .namespaceDisconnected(.init(connection: "c", namespace: "n", forced: true)),
            .roomJoined(.init(connection: "c", namespace: "n", room: "r")), .roomDenied(.init(connection: "c", namespace: "n", room: "r")),
            .roomLeft(.init(connection: "c", namespace: "n", room: "r")), .message(message),
            .protocolViolation(.init(connection: nil, kind: "mask", detail: "none")), .incidentOpened(incident), .incidentUpdated(incident),
            .incidentClosed(incident), .lintRaised(lint), .lintCleared(lint),
            .operatorAction(.init(action: "kick", by: "console", target: "alice", count: 1, result: "done")), .sample(.init()),
            .feedGap(.init(missed: 1, kinds: [:])),
            .snapshot(.init(connections: [.init(connection: "c", key: nil, remote: "r", tries: 0, namespaces: ["n": ["r"]])])),
        ]
        #expect(Set(kinds.map(\.typeName)).count == FeedEventType.allCases.count)
        for kind in kinds {
            let event = FeedEvent(time: Scene.noon, kind: kind)
            let text = EventText.line(event)
            #expect(!text.what.isEmpty, "\(kind.typeName)")
            var bytes: [UInt8] = []
            JSONLines.append(FeedEntry(seq: 1, node: "n", event: event), to: &bytes)
            let json = String(decoding: bytes, as: UTF8.self)
            let fields = EventFields.of(FeedEntry(seq: 1, node: "n", event: event))
            for field in fields { #expect(json.contains("\"\(field.name)\":"), "\(field.name) of \(kind.typeName)") }
            #expect(fields.count >= 5)
        }
    }

    @Test func `Where nothing is kept, that is said`() {
        #expect(Held(Observatory()).text.contains("no events are kept here"))
        #expect(Held(Self.log([])).text.contains("nothing has happened yet"))
    }

    @Test func `A tape that is turned back shows what was then`() {
        var held = Held(Self.log((0..<10).map { ($0, Self.opened($0)) }))
        held.observatory = Self.log((0..<4).map { ($0, Self.opened($0)) })
        held.model.refresh(from: held.observatory, now: .seconds(1))
        #expect(held.model.events.shown == [0, 1, 2, 3])
        #expect(held.model.events.selected == 3)
    }
}
