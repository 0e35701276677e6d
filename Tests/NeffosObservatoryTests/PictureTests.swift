import Foundation
import NeffosFeed
import NeffosObservatory
import Testing
import TestSupport

@Suite struct PictureTests {
    private func copy(_ model: Observatory) throws -> Observatory {
        try JSONDecoder().decode(Observatory.self, from: try JSONEncoder().encode(model))
    }

    /// All that a screen could read.
    private func expectSame(_ one: Observatory, _ other: Observatory) {
        #expect(one.now == other.now)
        #expect(one.node == other.node)
        #expect(one.vitals == other.vitals)
        for column in ConnectionColumn.allCases where !column.isFigure {
            #expect(one.connections(sortedBy: column, descending: true) == other.connections(sortedBy: column, descending: true))
        }
        for row in one.connections(sortedBy: .id, descending: false) { #expect(one.lineage(of: row.id) == other.lineage(of: row.id)) }
        #expect(one.namespaces == other.namespaces)
        #expect(one.busiestRooms(limit: 99) == other.busiestRooms(limit: 99))
        #expect(one.incidents == other.incidents)
        #expect(one.probeSources == other.probeSources)
        #expect(one.probeNetworks == other.probeNetworks)
        #expect(one.alerts == other.alerts)
        #expect(one.lints == other.lints)
        #expect(one.lintSettings == other.lintSettings)
        #expect(one.summary == other.summary)
        for series in Series.allCases {
            for resolution in Resolution.allCases {
                for peaks in [false, true] {
                    let wanted = one.history(series, resolution: resolution, buckets: .max, peaks: peaks)
                    #expect(other.history(series, resolution: resolution, buckets: .max, peaks: peaks) == wanted)
                }
            }
        }
        #expect(one.roster == other.roster)
    }

    /// Any event that could come, with names that meet often.
    private func event(_ random: inout Seeded, _ step: Int) -> FeedEvent.Kind {
        func any(_ prefix: String, _ count: Int) -> String { "\(prefix)\(Int.random(in: 0..<count, using: &random))" }
        let uuid = "0a77b04b-0743-40ee-91c4-5e3f6a7b8c\(Int.random(in: 10..<30, using: &random))"
        let id = Bool.random(using: &random) ? any("c", 20) : uuid
        let key: String? = Bool.random(using: &random) ? any("k", 8) : nil
        let remote = "10.0.\(Int.random(in: 0..<3, using: &random)).\(Int.random(in: 1..<6, using: &random)):5000"
        let forced = Bool.random(using: &random)
        switch Int.random(in: 0..<34, using: &random) {
        case 0...6:
            return .connectionOpened(
                .init(
                    connection: id, key: key, previous: Int.random(in: 0..<3, using: &random) == 0 ? any("c", 20) : nil, remote: remote,
                    userAgent: any("agent", 3), tries: Int.random(in: 0...4, using: &random)))
        case 7...10: return .connectionAcknowledged(connection: id, after: 3)
        case 11...13: return .namespaceConnected(.init(connection: id, namespace: any("n", 3)))
        case 14...17: return .roomJoined(.init(connection: id, namespace: any("n", 3), room: any("r", 4)))
        case 18: return .roomLeft(.init(connection: id, namespace: any("n", 3), room: any("r", 4), forced: forced))
        case 19: return .namespaceDisconnected(.init(connection: id, namespace: any("n", 3), forced: forced))
        case 20...25:
            let by = FeedEvent.ClosedBy.allCases.randomElement(using: &random) ?? .network
            let code = [1000, 1001, 1006, 1008, 1013].randomElement(using: &random) ?? 1006
            return .connectionClosed(.init(connection: id, code: code, reason: nil, by: by, lived: 1, messagesIn: 2))
        case 26, 27: return .probe(.init(remote: remote, userAgent: any("agent", 3), admitted: forced))
        case 28: return .connectionRejected(.init(remote: remote, status: 403, reason: any("why", 3), tries: 1))
        case 29:
            return .protocolViolation(
                .init(connection: id, kind: ["tries", "no-ack", "frame"].randomElement(using: &random) ?? "", detail: "d"))
        case 30:
            return .sample(.init(messagesInPerSecond: 1.5, loopLag: Double(Int.random(in: 0...200, using: &random)), slowestHandler: 2_000))
        case 31:
            let action = ["drill", "listener back", "pause admission", "resume admission"].randomElement(using: &random) ?? ""
            let away = forced ? Int.random(in: 0...10_000, using: &random) : nil
            return .operatorAction(.init(action: action, by: "x", target: "y", count: 1, result: "done", away: away))
        case 32: return step % 3 == 0 ? .serverStarted(.init(url: "u", version: "1")) : .feedGap(.init(missed: 2, kinds: [:]))
        default:
            guard step % 4 == 0 else { return .connectionAcknowledged(connection: id, after: 1) }
            return .serverDraining(.init(url: "u", version: "1"))
        }
    }

    @Test(arguments: 0..<6)
    func `a copy goes on with the same events to the same ends`(seed: Int) throws {
        var random = Seeded(UInt64(seed))
        var settings = LintSettings(warn: ["head-only-poller"], allow: seed % 2 == 0 ? ["lossy-feed"] : [])
        settings["flapping", "returns"] = 2
        settings["herd", "returns"] = 4
        settings["never-acknowledged", "after"] = 1_500
        settings["room-not-rejoined", "after"] = 2_000
        let roster = Roster(
            savedAt: FeedTime(milliseconds: 999_999_000),
            entries: (0..<6).map { .init(connection: "c\($0)", key: "k\($0)", remote: "10.0.0.\($0):1", namespaces: ["n0": ["r1"]]) })
        var model = Observatory(
            configuration: ObservatoryConfiguration(closesPerSecond: 4, settle: 6_000, lints: settings),
            roster: seed % 3 == 0 ? roster : nil)
        model.node = "web-1"
        var time = FeedTime(milliseconds: 1_000_000_000)
        _ = model.apply(FeedEvent(time: time, kind: .serverStarted(.init(url: "u", version: "1"))))
        var twin = model
        var incidents = 0
        for step in 0..<900 {
            if step % 150 == 75 {
                twin = try copy(model)
                expectSame(model, twin)
            }
            time = time + Int.random(in: 0...400, using: &random)
            if Int.random(in: 0..<300, using: &random) == 0 { time = time + 30_000 }
            let event = FeedEvent(time: time, kind: event(&random, step))
            let (mine, other) = (model.apply(event), twin.apply(event))
            #expect(mine == other)
            incidents += mine.count
            if step % 40 == 0 { #expect(model.advance(to: time) == twin.advance(to: time)) }
        }
        expectSame(model, twin)
        #expect(incidents > 10)
    }

    @Test func `what is cut off, changed or of another version is an error and nothing else`() throws {
        var random = Seeded(5)
        var player = TapePlayer()
        player.start()
        for step in 0..<400 {
            player.play(event(&random, 4 * step + 1))
            player.skip(50)
        }
        struct Picture: Codable {
            var version: Int
            var model: Data
            var absences: Data?
        }
        let whole = try JSONDecoder().decode(Picture.self, from: try JSONEncoder().encode(player.observatory))
        func read(_ picture: Picture) throws -> Observatory {
            try JSONDecoder().decode(Observatory.self, from: try JSONEncoder().encode(picture))
        }
        #expect(throws: PictureError.version(2)) { try read(Picture(version: 2, model: whole.model)) }
        for length in stride(from: 0, to: whole.model.count, by: 211) {
            #expect(throws: PictureError.damaged) { try read(Picture(version: 1, model: whole.model.prefix(length))) }
        }
        let absences = try #require(whole.absences)
        for length in 0..<absences.count {
            #expect(throws: PictureError.damaged) {
                try read(Picture(version: 1, model: whole.model, absences: absences.prefix(length)))
            }
        }
        for _ in 0..<400 {
            var changed = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                changed.model[Int.random(in: 0..<changed.model.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            changed.absences = Data(absences.map { _ in UInt8.random(in: 0...255, using: &random) })
            // Whatever it says, it does no harm.
            guard var model = try? read(changed) else { continue }
            for step in 0..<30 { _ = model.apply(FeedEvent(time: player.time + step * 100, kind: event(&random, step))) }
            _ = model.advance(to: player.time + 100_000)
            _ = (model.vitals, model.incidents, model.summary, model.connections(sortedBy: .returns, descending: true).count)
        }
    }

    @Test func `a picture of ten thousand connections is small`() throws {
        var player = TapePlayer()
        player.start()
        var random = Seeded(9)
        for number in 0..<10_000 {
            let id = (0..<32).map { index in
                let digit = String("0123456789abcdef".randomElement(using: &random) ?? "0")
                return [8, 12, 16, 20].contains(index) ? "-" + digit : digit
            }.joined()
            let address = "10.\(number / 60_000).\(number / 250).\(number % 250)"
            player.open(id, key: "\(address) node", remote: "\(address):51234", agent: "node")
            player.acknowledge(id)
            player.join(id, "default", "desk-\(number)")
        }
        let size = try JSONEncoder().encode(player.observatory).count
        #expect(size < 10_000 * 150)
        let twin = try copy(player.observatory)
        #expect(twin.vitals == player.observatory.vitals)
        #expect(twin.roster == player.observatory.roster)
    }
}
