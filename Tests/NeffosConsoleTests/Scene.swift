import NeffosFeed
import NeffosObservatory
import Terminal

@testable import NeffosConsole

/// A picture of a server, made up, so that what no test could bring about with events can be looked at too.
struct Scene: ObservatoryReading {
    var recentEvents = EventLog()
    /// 2026-01-31 12:01:40 UTC.
    static let noon = FeedTime(milliseconds: 1_769_860_900_000)

    var now = Scene.noon
    var revision: UInt64 = 1
    var vitals = Vitals()
    var rows: [ConnectionRow] = []
    var namespaces: [NamespaceRow] = []
    var rooms: [RoomRow] = []
    var incidents: [Incident] = []
    var probeSources: [ProbeSource] = []
    var forgottenProbeSources = 0
    var alerts: [Alert] = []
    var lints: [LintRow] = []
    var histories: [Series: [Double]] = [:]
    /// Where there are more than ``rows`` tell.
    var count: Int?

    var connectionCount: Int { count ?? rows.count }

    func connection(_ id: String) -> ConnectionRow? { rows.first { $0.id == id } }

    func connections(sortedBy column: ConnectionColumn, descending: Bool, matching: Query?, limit: Int?) -> [ConnectionRow] {
        let found = rows.filter { row in
            matching?.matches(row, at: now) ?? true
        }
        let sorted = found.sorted { left, right in
            switch column {
            case .age: (left.openedAt, left.id) < (right.openedAt, right.id)
            case .tries: (left.tries, left.id) < (right.tries, right.id)
            case .id: left.id < right.id
            default: (left.key ?? "", left.id) < (right.key ?? "", right.id)
            }
        }
        return Array((descending ? sorted.reversed() : sorted).prefix(limit ?? .max))
    }

    func busiestRooms(limit: Int) -> [RoomRow] { Array(rooms.prefix(limit)) }

    func namespaces(sortedBy column: RoomColumn, descending: Bool, limit: Int?) -> [NamespaceRow] {
        let sorted = namespaces.sorted { column == .name ? $0.name < $1.name : ($0.members, $1.name) < ($1.members, $0.name) }
        return Array((descending ? sorted.reversed() : sorted).prefix(limit ?? .max))
    }

    func rooms(in namespace: String?, sortedBy column: RoomColumn, descending: Bool, matching part: String?, limit: Int?) -> [RoomRow] {
        let found = rooms.filter { (namespace == nil || $0.namespace == namespace) && (part.map($0.room.contains) ?? true) }
        let sorted = found.sorted { column == .name ? $0.room < $1.room : ($0.members, $1.room) < ($1.members, $0.room) }
        return Array((descending ? sorted.reversed() : sorted).prefix(limit ?? .max))
    }

    func members(of namespace: String, room: String?, limit: Int) -> [String] {
        let found = rows.filter { row in
            row.namespaces.contains { $0.name == namespace && (room.map($0.rooms.contains) ?? true) }
        }
        return Array(found.map(\.id).sorted().prefix(limit))
    }

    func history(_ series: Series, buckets: Int) -> [Double] { Array((histories[series] ?? []).suffix(buckets)) }
}

extension Scene {
    /// A server that has just begun to listen.
    static var empty: Scene {
        var scene = Scene()
        scene.vitals.state = .running
        scene.vitals.url = "ws://127.0.0.1:8080/echo"
        scene.vitals.version = "0.1"
        scene.vitals.node = "web-1"
        scene.vitals.startedAt = noon + -5000
        scene.vitals.sample = FeedEvent.Sample(cpuPercent: 0.3, memoryBytes: 21_000_000, loopLag: 0.1)
        scene.histories = Dictionary(uniqueKeysWithValues: Series.allCases.map { ($0, [0, 0, 0, 0, 0]) })
        return scene
    }

    /// Half a minute after a restart: most are back, eleven are not.
    static var normal: Scene {
        var scene = empty
        scene.vitals.startedAt = noon + -8_024_000
        scene.vitals.connections = 1204
        scene.count = 1204
        scene.vitals.connectionsPeak = 1377
        scene.vitals.delta10s = 12
        scene.vitals.namespaces = 3
        scene.vitals.rooms = 87
        scene.vitals.returned = 342
        scene.vitals.maxTries = 9
        scene.vitals.opened = 2394
        scene.vitals.closed = 1190
        scene.vitals.probes = 3311
        scene.vitals.probeRate = Rates(perSecond1: 14, perSecond10: 14.2, perSecond60: 60, peak: 812)
        scene.vitals.openedRate = Rates(perSecond1: 3, perSecond10: 2.4, perSecond60: 19, peak: 402)
        scene.vitals.sample = FeedEvent.Sample(
            connections: 1204, namespaces: 3, rooms: 87, messagesInPerSecond: 8100, messagesOutPerSecond: 92_000, cpuPercent: 31,
            memoryBytes: 88_000_000, loopLag: 0.4)
        scene.histories = outage()
        scene.rows = (0..<40).map(client)
        scene.namespaces = [
            NamespaceRow(name: "default", members: 1190, rooms: 80), NamespaceRow(name: "chat", members: 214, rooms: 6),
            NamespaceRow(name: "admin", members: 2, rooms: 1),
        ]
        scene.rooms = (0..<12).map { (index: Int) -> RoomRow in
            let share = index + 1
            return RoomRow(
                namespace: index == 0 ? "default" : "chat", room: index == 0 ? "lobby" : "desk-\(index)", members: 900 / share,
                joins: 1802 / share, leaves: 902 / share, joinsPerSecond: 12 / Double(share), leavesPerSecond: index == 2 ? 1.4 : 0)
        }
        scene.incidents = [restart, network, listener]
        scene.probeSources = [
            ProbeSource(
                address: "10.0.9.3", userAgent: "kiosk/1.2", probes: 19, first: noon + -31_000, last: noon + -1000, rejected: 2,
                lastRejection: "401 no token", outcome: .rejected),
            ProbeSource(
                address: "10.0.9.8", userAgent: "node", probes: 4, first: noon + -9000, last: noon + -2000, deferred: 1),
            ProbeSource(
                address: "10.0.4.17", userAgent: "node", probes: 1102, first: noon + -29_000, last: noon + -26_000, upgrades: 1100,
                outcome: .upgraded),
        ]
        scene.recentEvents = events { ["alice", "bob", "kiosk", "desk", "till"][$0 % 5] + "-\($0)" }
        scene.alerts = [
            Alert(
                time: noon + -2000, kind: .orphanProbe, severity: .warning, title: "orphan probe",
                detail: "10.0.9.3 has knocked 19 times in 31 s and not upgraded: refused, its last answer was 401", count: 19),
            Alert(
                time: noon + -31_000, kind: .incident, severity: .problem, title: "incident 7", detail: "server restart: 1 190 clients lost"
            ),
            Alert(
                time: noon + -1_600_000, kind: .violation, severity: .warning, title: "violation",
                detail: "kiosk-12 sent a frame without a mask"),
        ]
        return scene
    }

    /// The end of what the feed told of those who came back.
    static func events(_ name: (Int) -> String) -> EventLog {
        var observatory = Observatory()
        observatory.recentEvents = EventLog(capacity: 1_000)
        var seq = 0
        func add(_ after: Int, _ kind: FeedEvent.Kind) {
            seq += 1
            _ = observatory.apply(FeedEntry(seq: seq, node: "web-1", event: FeedEvent(time: noon + -30_000 + after, kind: kind)))
        }
        add(0, .serverStarted(.init(url: "ws://127.0.0.1:8080/echo", version: "0.1")))
        for index in 0..<12 {
            let id = "8c5f3a\(10 + index)-77aa-4c1b-9d2e-0123456789\(10 + index)"
            let at = 2_000 + index * 137
            add(at, .probe(.init(remote: "10.0.4.\(index):5000", userAgent: name(index), admitted: index != 3, held: index % 4 * 20)))
            add(
                at + 4,
                .connectionOpened(
                    .init(
                        connection: id, key: name(index), remote: "10.0.4.\(index):5001", userAgent: "node", tries: 1 + index % 3, tls: true
                    )
                ))
            add(at + 6, .connectionAcknowledged(connection: id, after: 2))
            add(at + 9, .namespaceConnected(.init(connection: id, namespace: "default")))
            add(at + 12, .roomJoined(.init(connection: id, namespace: "default", room: name(index + 1))))
        }
        add(5_000, .connectionRejected(.init(remote: "10.0.9.3:4000", status: 401, reason: "no token", tries: 9)))
        add(6_000, .sample(.init(connections: 12, messagesInPerSecond: 8100, cpuPercent: 31)))
        add(7_000, .feedGap(.init(missed: 12, kinds: ["sample": 10, "probe": 2])))
        add(8_000, .protocolViolation(.init(connection: "8c5f3a10-77aa-4c1b-9d2e-012345678910", kind: "mask", detail: name(3))))
        add(9_000, .operatorAction(.init(action: "kick", by: "console", target: name(2), count: 1, result: "done")))
        add(
            9_002,
            .connectionClosed(
                .init(
                    connection: "8c5f3a12-77aa-4c1b-9d2e-012345678912", code: 1008, reason: name(5), by: .operator, lived: 6_700,
                    messagesIn: 14, messagesOut: 120)))
        add(
            12_000,
            .connectionClosed(
                .init(connection: "8c5f3a15-77aa-4c1b-9d2e-012345678915", code: 1006, reason: nil, by: .network, lived: 9_000)))
        return observatory.recentEvents
    }

    static func client(_ index: Int) -> ConnectionRow {
        let names = ["alice", "bob", "kiosk", "desk", "till"]
        return ConnectionRow(
            id: "8c5f3a\(10 + index)-77aa-4c1b-9d2e-0123456789\(10 + index)", key: "\(names[index % 5])-\(index)",
            previous: index % 3 == 0 ? "11111111-77aa-4c1b-9d2e-012345678910" : nil, remote: "10.0.4.\(index + 1):5\(1000 + index)",
            userAgent: index % 2 == 0 ? "node" : "Go-http-client/1.1", openedAt: noon + -(index * 7000 + 900),
            acknowledgedAfter: index == 6 ? nil : 3, tries: index % 3, returns: index % 4, tls: false,
            namespaces: index == 6
                ? [] : [NamespaceMembership(name: "chat"), NamespaceMembership(name: "default", rooms: ["desk-\(index)", "lobby"])],
            state: index == 6 ? .unacknowledged : .active, violations: index == 9 ? 2 : 0)
    }

    /// A calm, a drop, nobody, knocking, a return, and calm again.
    private static func outage() -> [Series: [Double]] {
        var histories: [Series: [Double]] = [:]
        func shape(_ value: (Int) -> Double) -> [Double] { (0..<200).map { value($0 - 168) } }
        histories[.connections] = shape { $0 < 0 ? 1350 : $0 < 4 ? 0 : min(1204, Double($0 - 4) * 180) }
        histories[.closed] = shape { $0 == 0 ? 1190 : 0 }
        histories[.opened] = shape { $0 < 4 ? 0 : $0 < 11 ? 180 : 1 }
        histories[.returned] = shape { $0 < 4 || $0 > 10 ? 0 : [120, 402, 300, 190, 90, 40, 20][$0 - 4] }
        histories[.probes] = shape { $0 < 3 ? 0 : $0 < 8 ? [310, 812, 640, 420, 130][$0 - 3] : 14 }
        histories[.rejected] = shape { $0 == 9 ? 2 : 0 }
        histories[.messagesIn] = shape { $0 >= 0 && $0 < 6 ? 0 : 7000 + Double(($0 + 200) * 37 % 1100) }
        histories[.messagesOut] = shape { $0 >= 0 && $0 < 6 ? 0 : 90_000 + Double(($0 + 200) * 377 % 9000) }
        return histories
    }

    private static var restart: Incident {
        var incident = Incident(number: 7, cause: .restart, openedAt: noon + -31_000, dropped: 1190)
        incident.probes = 3311
        incident.probed = 1190
        incident.upgraded = 1181
        incident.namespacesBack = 1181
        incident.roomsBack = 1179
        incident.missing = 11
        incident.p50 = 2100
        incident.p95 = 4800
        incident.p99 = 9020
        incident.tries = [1: 612, 2: 455, 3: 112, 9: 2]
        incident.away = 4200
        incident.clientsSaw = 4000...6000
        incident.peaks.closes = 1190
        incident.peaks.probes = 812
        incident.peaks.upgrades = 402
        incident.peaks.rejected = 2
        incident.series.closes = [1190] + Array(repeating: 0, count: 30)
        incident.series.probes = [0, 0, 0, 310, 812, 640, 420, 130] + Array(repeating: 14, count: 23)
        incident.series.upgrades = [0, 0, 0, 0, 120, 402, 300, 190, 90, 40, 20] + Array(repeating: 0, count: 20)
        incident.series.rejected = Array(repeating: 0, count: 9) + [2] + Array(repeating: 0, count: 21)
        incident.missingClients =
            [
                Incident.MissingClient(
                    key: "alice", remote: "10.0.4.17:51234", namespaces: [.init(name: "default", rooms: ["desk-4", "lobby"])],
                    ids: ["8c5f3a01-77aa-4c1b-9d2e-012345678901"], count: 1),
                Incident.MissingClient(
                    key: "kiosk-12", remote: "10.0.9.3:40000", namespaces: [.init(name: "default", rooms: ["hall"])],
                    ids: ["8c5f3a02-77aa-4c1b-9d2e-012345678902"], count: 1),
                Incident.MissingClient(
                    key: nil, remote: "[2001:db8::17]:443", namespaces: [], ids: ["8c5f3a03-77aa-4c1b-9d2e-012345678903", "8c5f3a04"],
                    count: 2),
            ]
            + (1...7).map {
                Incident.MissingClient(
                    key: "till-\($0)", remote: "10.0.7.\($0):50000", namespaces: [.init(name: "chat")], ids: ["8c5f3b0\($0)"], count: 1)
            }
        return incident
    }

    private static var network: Incident {
        var incident = Incident(number: 6, cause: .network, openedAt: noon + -1_260_000, dropped: 84)
        incident.closedAt = incident.openedAt + 12_000
        incident.upgraded = 84
        incident.missing = 0
        return incident
    }

    private static var listener: Incident {
        var incident = Incident(number: 5, cause: .listenerAway, openedAt: noon + -7_417_000, dropped: 1204)
        incident.closedAt = incident.openedAt + 95_000
        incident.upgraded = 1201
        incident.missing = 3
        return incident
    }
}
