import NeffosFeed
import NeffosObservatory
import Testing
import TestSupport

@Suite struct PropertyTests {
    /// What a simple mind would keep.
    private struct Naive {
        var open: [String: [String: Set<String>]] = [:]
        var opened = 0
        var closed = 0
        var returned = 0
    }

    @Test(arguments: 0..<12)
    func `random events keep the counts that a simple model has`(seed: Int) throws {
        var random = Seeded(UInt64(seed))
        var player = TapePlayer()
        var naive = Naive()
        player.start()
        let ids = (0..<20).map { "c\($0)" }
        for step in 0..<800 {
            let id = ids.randomElement(using: &random) ?? ""
            let namespace = "n\(Int.random(in: 0..<4, using: &random))"
            let room = "r\(Int.random(in: 0..<5, using: &random))"
            switch Int.random(in: 0..<12, using: &random) {
            case 0, 1:
                let tries = Int.random(in: 0...1, using: &random)
                naive.opened += 1
                naive.returned += tries
                naive.open[id] = [:]
                player.open(id, key: Bool.random(using: &random) ? "k\(Int.random(in: 0..<6, using: &random))" : nil, tries: tries)
            case 2:
                naive.closed += 1
                naive.open[id] = nil
                let by = FeedEvent.ClosedBy.allCases.randomElement(using: &random) ?? .network
                player.close(id, code: [1000, 1001, 1006, 1008, 1013].randomElement(using: &random) ?? 0, by: by)
            case 3, 4:
                if naive.open[id] != nil, naive.open[id]?[namespace] == nil { naive.open[id]?[namespace] = [] }
                player.enter(id, namespace)
            case 5, 6, 7:
                if naive.open[id] != nil { naive.open[id]?[namespace, default: []].insert(room) }
                player.join(id, namespace, room)
            case 8:
                naive.open[id]?[namespace]?.remove(room)
                player.part(id, namespace, room)
            case 9:
                naive.open[id]?[namespace] = nil
                player.play(.namespaceDisconnected(.init(connection: id, namespace: namespace)))
            case 10: player.acknowledge(id)
            default: player.after(Int.random(in: 1...700, using: &random))
            }
            if step % 5 == 0 { try check(player.observatory, naive) }
        }
        try check(player.observatory, naive)
    }

    private func check(_ model: Observatory, _ naive: Naive) throws {
        let vitals = model.vitals
        try #require(vitals.connections == naive.open.count)
        try #require(vitals.opened == naive.opened)
        try #require(vitals.closed == naive.closed)
        try #require(vitals.returned == naive.returned)
        var members: [String: Int] = [:]
        var rooms: [[String]: Int] = [:]
        for (id, places) in naive.open {
            let row = try #require(model.connection(id))
            try #require(Dictionary(uniqueKeysWithValues: row.namespaces.map { ($0.name, Set($0.rooms)) }) == places)
            for (namespace, joined) in places {
                members[namespace, default: 0] += 1
                for room in joined { rooms[[namespace, room], default: 0] += 1 }
            }
        }
        try #require(Dictionary(uniqueKeysWithValues: model.namespaces.map { ($0.name, $0.members) }) == members)
        try #require(
            Dictionary(uniqueKeysWithValues: model.busiestRooms(limit: 99).map { ([$0.namespace, $0.room], $0.members) }) == rooms)
        try #require(vitals.namespaces == members.count)
        try #require(vitals.rooms == rooms.count)
        checkIncidents(model)
    }

    /// The funnel only narrows, and its ends add up.
    private func checkIncidents(_ model: Observatory) {
        for incident in model.incidents {
            #expect(incident.roomsBack <= incident.namespacesBack)
            #expect(incident.namespacesBack <= incident.upgraded)
            #expect(incident.tries.values.reduce(0, +) == incident.upgraded)
            if let dropped = incident.dropped, let missing = incident.missing {
                #expect(incident.upgraded + missing == dropped)
                #expect(incident.missingClients.reduce(0) { $0 + $1.count } == missing)
            }
        }
    }
}
