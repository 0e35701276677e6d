import NeffosFeed
import TestSupport
import Testing

@testable import NeffosObservatory

@Suite struct ExpectationTests {
    private func tenDropped() -> TapePlayer {
        var player = TapePlayer()
        player.start()
        for number in 0..<10 { player.come("a\(number)", key: "user-\(number)") }
        player.after(5_000)
        for number in 0..<10 { player.drop("a\(number)") }
        player.probe()
        return player
    }

    /// Ten came, all were dropped, eight are back: after 2 s, but one after 4 s and with 5 tries.
    private func outage(_ book: inout ExpectationBook) -> Observatory {
        var player = tenDropped()
        player.after(2_000)
        for number in 0..<7 { player.come("b\(number)", key: "user-\(number)", tries: 1) }
        player.after(2_000)
        player.come("b7", key: "user-7", tries: 5)
        player.play(.protocolViolation(.init(connection: "b7", kind: "frame", detail: "a frame without a mask")))
        player.play(.sample(.init(messagesInPerSecond: 7, cpuPercent: 140, memoryBytes: 2_000_000, loopLag: 12)))
        player.after(1_000)
        for event in player.tape { book.take(event) }
        return player.observatory
    }

    @Test(
        arguments: [
            ("returned>=8", "8", true), ("returned >= 9", "8", false), ("missing==0", "2", false), ("missing=2", "2", true),
            ("dropped==10", "10", true), ("upgraded==8", "8", true), ("connections==8", "8", true), ("connections.peak==10", "10", true),
            ("tries.max<=4", "5", false), ("p95(restore)<5s", "4s", true), ("p95(restore)<3500ms", "4s", false),
            ("p50(restore)<=2s", "2s", true), ("probes.rate.peak<2", "1/s", true), ("lints(herd)==0", "0", true),
            ("violations==0", "1", false),
            ("feed.missed==0", "0", true), ("opened==18", "18", true), ("closed!=10", "10", false), ("incidents==1", "1", true),
            ("incidents.open==1", "1", true), ("count(event:connection.closed code:1006)<=3", "10", false),
            ("count(event:connection.closed key:user-1)==1", "1", true), ("count(event:connection.closed room:lobby)==10", "10", true),
            ("count(event:connection.opened (tries>1 | /^b0$/))==2", "2", true), ("connections(key:user-*)==8", "8", true),
            ("connections(ns:nowhere)>0", "0", false), ("cpu.peak<150", "140", true), ("memory.peak<1MiB", "2000000 B", false),
            ("lag.peak<20ms", "12ms", true), ("messages.in>=1", "10", true), ("lints==0", "0", true), ("rooms==1", "1", true),
        ] as [(String, String, Bool)])
    func `an expectation is judged, and says what was`(text: String, actual: String, passed: Bool) throws {
        var book = ExpectationBook([try Expectation(parsing: text)])
        let observatory = outage(&book)
        let result = try #require(book.results(with: observatory).first)
        #expect(result.text == text)
        #expect(result.actual == actual)
        #expect(result.passed == passed)
        #expect(book.isMet(with: observatory) == passed)
    }

    @Test func `an incident is judged by its own figures, and what counts up since it was asked for`() throws {
        let texts = [
            "missing==0", "dropped==8", "p95(restore)<2s", "tries.max==1", "returned==8", "violations==0", "closed==8", "probes==0",
            "connections==8", "lints(herd)==0",
        ]
        var book = ExpectationBook(try texts.map { text in try Expectation(parsing: text) })
        // After this two are missing, the others came after 4 s with 5 tries, and one violated the protocol.
        var player = tenDropped()
        player.after(4_000)
        for number in 0..<8 { player.come("b\(number)", key: "user-\(number)", tries: 5) }
        player.play(.protocolViolation(.init(connection: "b7", kind: "frame", detail: "a frame without a mask")))
        player.after(120_000)
        #expect(player.observatory.incidents.map(\.isOpen) == [false])
        book.begin(with: player.observatory)
        for number in 0..<8 { player.drop("b\(number)") }
        player.after(1_000)
        for number in 0..<8 { player.come("c\(number)", key: "user-\(number)", tries: 1) }
        player.after(1_000)
        let incident = try #require(player.observatory.incidents.first)
        #expect(incident.number == 2)
        for result in book.results(with: player.observatory, of: incident) {
            #expect(result.passed, "\(result.text) was \(result.actual)")
        }
        #expect(book.results(with: player.observatory)[0].passed == false)
    }

    @Test func `who is missing is told where that is why it failed`() throws {
        var book = ExpectationBook(try ["missing==0", "violations==0", "returned>=1"].map { text in try Expectation(parsing: text) })
        let observatory = outage(&book)
        let results = book.results(with: observatory)
        #expect(Set(results[0].missing.compactMap(\.key)) == ["user-8", "user-9"])
        #expect(results[0].expected == "==0")
        #expect(results[1].missing.isEmpty)
        #expect(results[2].missing.isEmpty)
    }

    @Test func `several beside each other have all to be so`() throws {
        var book = ExpectationBook([try Expectation(parsing: " returned>=8  missing<=1 ")])
        let observatory = outage(&book)
        let result = try #require(book.results(with: observatory).first)
        #expect(!result.passed)
        #expect(result.text == "returned>=8  missing<=1")
        #expect(result.expected == "returned>=8 missing<=1")
        #expect(result.actual == "returned 8, missing 2")
    }

    @Test func `what nothing tells meets no expectation`() throws {
        var player = TapePlayer()
        player.start()
        player.come("b", key: "b", tries: 2)
        let book = ExpectationBook(try ["missing==0", "dropped>=0"].map { text in try Expectation(parsing: text) })
        #expect(book.results(with: player.observatory).map(\.passed) == [false, false])
        #expect(book.results(with: player.observatory)[0].actual == "unknown, no roster told who was here before")
        let calm = ExpectationBook(try ["missing==0", "p95(restore)<5s"].map { text in try Expectation(parsing: text) })
        #expect(calm.results(with: Observatory()).map(\.passed) == [true, false])
        #expect(calm.results(with: Observatory())[1].actual == "none, nobody came back in an incident")
    }

    @Test func `the stop of the server is no failure, but makes its message counts exact`() throws {
        var player = TapePlayer()
        player.start()
        for number in 0..<5 { player.come("c\(number)") }
        var book = ExpectationBook(
            try ["closed==0", "connections==5", "count(event:connection.closed)==0", "messages.in==5"].map { text in
                try Expectation(parsing: text)
            })
        for event in player.tape { book.take(event) }
        book.freeze(with: player.observatory)
        let before = player.tape.count
        player.drain()
        for number in 0..<5 { player.close("c\(number)", code: 1001, by: .server) }
        player.stop()
        for event in player.tape[before...] { book.take(event) }
        #expect(book.results(with: player.observatory).map(\.actual) == ["0", "5", "0", "5"])
        #expect(book.isMet(with: player.observatory))
    }

    @Test func `incidents that are no longer kept still count`() throws {
        var player = TapePlayer()
        player.start()
        for round in 0..<60 {
            player.come("c\(round)", key: "k\(round)")
            player.after(2_000)
            player.drop("c\(round)")
            player.after(40_000)
        }
        let book = ExpectationBook(try ["missing==60", "incidents==60"].map { text in try Expectation(parsing: text) })
        #expect(book.results(with: player.observatory).map(\.actual) == ["60", "60"])
    }

    @Test(
        arguments: [
            ("p95(restor)<5s", "unknown figure \"restor\" at character 5; did you mean \"restore\"?"),
            ("retuned>=10", "unknown figure \"retuned\" at character 1; did you mean \"returned\"?"),
            ("returned", "there is no comparison at character 9; write one, like returned>=10"),
            ("returned=>10", "\"=>\" is no comparison at character 9; write one, like returned>=10"),
            ("p95(restore)<5", "\"5\" has no unit at character 15; write a duration, like 250ms, 5s, 2m or 1h"),
            ("p95<5s", "\"p95\" of what at character 1; write p95(restore)"),
            ("missing==x", "\"x\" is no number at character 10; write a number, like 3"),
            ("missing==0s", "the unit \"s\" does not fit number at character 11; write a number, like 3"),
            ("lints(hered)==0", "there is no lint \"hered\" at character 7; did you mean \"herd\"?"),
            ("count(nss:x)==0", "unknown field \"nss\" at character 7; did you mean \"ns\"?"),
            ("count(event:probe==0", "\"(\" is not closed at character 6; write \")\" behind what it holds"),
            ("", "there is no expectation at character 1; write one, like missing==0"),
            ("missing==0 bytes.im>1KiB", "unknown figure \"bytes.im\" at character 12; did you mean \"bytes.in\"?"),
        ] as [(String, String)])
    func `one that is none points at the place`(text: String, description: String) {
        let error = #expect(throws: QueryError.self) { try Expectation(parsing: text) }
        #expect(error?.description == description)
    }

    @Test func `each figure of the help can be asked for`() throws {
        for (term, _) in Expectation.help {
            let text = term.replacing("FILTER", with: "ns:chat").replacing("ID", with: "herd")
            #expect(throws: Never.self) {
                try Expectation(parsing: text + (term.hasPrefix("p95") ? "<5s" : term == "lag.peak" ? "<1s" : ">=1"))
            }
        }
    }
}

@Suite struct FeedFilterTests {
    @Test func `events are filtered by what earlier ones told of their connection, up to the close`() throws {
        var player = TapePlayer()
        player.start()
        player.come("c1", key: "alice")
        player.come("c2", key: "bob")
        player.close("c1", code: 1006, by: .network)
        player.probe()
        player.close("c2")
        var filter = FeedFilter(try Query(parsing: "key:alice room:lobby | event:probe"))
        let passed = player.tape.filter { filter.passes($0) }.map(\.kind.typeName)
        #expect(passed == ["room.joined", "room.left", "connection.closed", "probe"])
    }

    @Test func `a gap and the snapshot behind it always pass`() throws {
        let time = FeedTime(milliseconds: 0)
        let present = FeedEvent.FeedSnapshot.Present(connection: "c", key: "x", remote: "r:1", tries: 0, namespaces: ["chat": ["a"]])
        let events: [FeedEvent.Kind] = [
            .feedGap(.init(missed: 1, kinds: [:])), .snapshot(.init(connections: [present])),
            .connectionAcknowledged(connection: "c", after: 1), .connectionAcknowledged(connection: "other", after: 1),
        ]
        var filter = FeedFilter(try Query(parsing: "room:a"))
        let passed = events.map { filter.passes(FeedEvent(time: time, kind: $0)) }
        #expect(passed == [true, true, true, false])
    }
}
