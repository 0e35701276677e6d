import NeffosFeed
import TestSupport
import Testing

@testable import NeffosObservatory

@Suite struct QueryTests {
    private let time = FeedTime(milliseconds: 1_000_000)

    private func events() -> [FeedEvent.Kind] {
        [
            .probe(.init(remote: "10.0.9.3:1", userAgent: "kiosk", admitted: true)),
            .connectionOpened(.init(connection: "c1", key: "alice", remote: "10.0.0.1:1", userAgent: "node", tries: 4)),
            .connectionRejected(.init(remote: "10.0.9.3:2", status: 403, reason: "origin not allowed", tries: 2)),
            .roomJoined(.init(connection: "c1", namespace: "chat", room: "lobby")),
            .connectionClosed(
                .init(connection: "c1", code: 1006, reason: nil, by: .network, lived: 90_000, messagesIn: 200, bytesIn: 70_000)),
            .incidentClosed(
                .init(
                    incident: 7, cause: "restart", dropped: 12, missing: 1,
                    missingKeys: [.init(key: "bob", count: 1, connections: ["c9"])])),
            .lintRaised(.init(lint: "herd", subject: "10.0.9.0/24", detail: "all at once", remedy: "use jitter")),
            .operatorAction(.init(action: "kick", by: "console", target: "c1", count: 1, result: "done")),
        ]
    }

    @Test(
        arguments: [
            ("event:connection.*", [1, 2, 4]), ("event:connection.closed", [4]), ("event:*ed", [1, 2, 3, 4, 5, 6]), ("code=1006", [4]),
            ("code:1006", [4]), ("by:network", [4]), ("by:console", [7]), ("age>1m", [4]), ("in>100", [4]), ("bytesin>64KiB", [4]),
            ("status>=400", [2]), ("tries>1", [1, 2]), ("ip:10.0.9.", [0, 2]), ("agent:kio", [0]), ("ns:chat", [3]), ("room:lobby", [3]),
            ("key:alice", [1]), ("key:bob", [5]), ("id:c1", [1, 3, 4]), ("cause:restart missing>0", [5]), ("dropped>12", []),
            ("lint:herd", [6]), ("reason:jitter", []), ("reason:origin", [2]), ("reason:\"all at\"", [6]), ("kiosk", [0]),
            ("lobby | alice", [1, 3]), ("-event:*.*", [0]), ("/^10\\.0\\.9\\.3:\\d$/", [0, 2]),
        ] as [(String, [Int])])
    func `an event is asked by what it tells`(text: String, found: [Int]) throws {
        let query = try Query(parsing: text)
        let passed = events().enumerated().filter { query.matches(FeedEvent(time: time, kind: $0.element)) }.map(\.offset)
        #expect(passed == found)
    }

    @Test(
        arguments: [
            ("key:alice", true), ("ip:10.1.", true), ("room:lobby", true), ("ns:chat", true), ("agent:nod", true), ("age>=10s", true),
            ("tries=3", true), ("ali", true), ("key:bob", false),
        ] as [(String, Bool)])
    func `an event of a connection is asked by what is known of it too`(text: String, isSo: Bool) throws {
        let row = ConnectionRow(
            id: "c1", key: "alice", remote: "10.1.0.1:1", userAgent: "node", openedAt: time + -10_000, tries: 3,
            namespaces: [.init(name: "chat", rooms: ["lobby"])])
        let event = FeedEvent(time: time, kind: .connectionAcknowledged(connection: "c1", after: 1))
        let query = try Query(parsing: text)
        #expect(query.matches(event) { $0 == "c1" ? row : nil } == isSo)
        #expect(!query.matches(event))
    }

    @Test func `an event with a namespace of its own is not asked by the others of its connection`() throws {
        let row = ConnectionRow(id: "c1", remote: "r:1", openedAt: time, namespaces: [.init(name: "chat", rooms: ["lobby"])])
        let event = FeedEvent(time: time, kind: .roomJoined(.init(connection: "c1", namespace: "game", room: "one")))
        #expect(try !Query(parsing: "ns:chat").matches(event) { _ in row })
        #expect(try Query(parsing: "ns:game room:one").matches(event) { _ in row })
    }

    @Test func `rows of the table and rows one by one give the same, whatever is asked`() throws {
        var player = TapePlayer()
        player.start()
        var random = Seeded(3)
        for number in 0..<400 {
            player.skip(Int.random(in: 0...500, using: &random))
            let digits = String(number * 2_654_435, radix: 16)
            let uuid = "00ab\(number % 10)000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
            let id = number % 3 == 0 ? "c\(number)" : uuid
            let agent = number % 5 == 0 ? nil : "agent-\(number % 4)"
            let address = number % 4 == 0 ? "2001:db8::\(number)" : "10.0.\(number % 3).1"
            let made = agent.map { "\(address) \($0)" } ?? address
            let key = number % 2 == 0 ? made : Bool.random(using: &random) ? "k\(number % 17)" : nil
            player.open(
                id, key: key, tries: Int.random(in: 0...5, using: &random),
                remote: number % 4 == 0 ? "[\(address)]:\(number)" : "\(address):\(number)", agent: agent)
            if Bool.random(using: &random) { player.acknowledge(id) }
            for room in 0..<Int.random(in: 0...4, using: &random) { player.join(id, "n\(room % 2)", "r\(room)") }
            if number % 11 == 0 { player.close(id) }
        }
        let texts = [
            "", "k1", "ns:n1", "room:r2 | room:r3", "-ns:n0", "ns>1", "rooms>=2", "tries>3", "agent:agent-2", "-agent:agent",
            "state:active",
            "state:unack*", "key:k1*", "ip:10.0.2.", "age<30s", "/^c\\d+7$/", "/r3/", "(tries>2 room:r1) | key:k5", "id:c12", "by:network",
            "queue>1", "returns>0", "violations=0", "agent-2", "\"1 agent\"", "0.1", "00AB", "db8", "1*2", "-agent-1 -k3", "key:10*2",
            "k1 | k2 | r1",
            "(k1 | /agent/) -(ns:n1 | tries>2)", "-(k1 r1)",
        ]
        let all = player.observatory.connections(sortedBy: .id, descending: false)
        for text in texts {
            let query = try Query(parsing: text)
            let found = player.observatory.connections(sortedBy: .id, descending: false, matching: query)
            #expect(found == all.filter { query.matches($0, at: player.observatory.now) }, "\(text)")
            #expect(QueryTargets(query, in: player.observatory).ids == found.map(\.id))
        }
        #expect(try QueryTargets(matching: "ns:n1", in: player.observatory).ids.count > 10)
        #expect(throws: QueryError.self) { try QueryTargets(matching: "ns:", in: player.observatory) }
    }

    @Test(
        arguments: [
            ("", "ns:"), ("r", "room:"), ("-st", "-state:"), ("ns:", "ns:chat"), ("ns:d", "ns:default"), ("a (room:lo", "a (room:lobby"),
            ("room:\"my", "room:\"my room\""), ("event:connection.c", "event:connection.closed"), ("ns:chat st", "ns:chat state:"),
            ("key:al", "key:alice"), ("NS:ch", "NS:chat"), ("lint:h", "lint:herd"), ("cod", "code="), ("tri", "tries>"),
        ] as [(String, String)])
    func `a text is completed with fields, and with the names that there are`(text: String, first: String) {
        let names = QueryNames(namespaces: ["chat", "default"], rooms: ["lobby", "my room"], keys: ["alice"])
        #expect(Query.completions(for: text, names: names).first == first)
    }

    @Test(arguments: ["tries>", "/ab", "zzz", "ns:nowhere"])
    func `where nothing fits there is no completion`(text: String) {
        #expect(Query.completions(for: text, names: QueryNames(namespaces: ["chat"])) == [])
    }

    @Test func `each completion of a field and each example of the help is a query`() throws {
        for field in QueryField.allCases {
            for example in field.example.split(separator: " ") where !example.contains("\"") && !example.hasPrefix("big") {
                #expect(throws: Never.self) { try Query(parsing: String(example)) }
            }
        }
        #expect(Query.help.count == QueryField.allCases.count + 8)
    }
}
