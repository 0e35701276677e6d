import NeffosFeed
import NeffosObservatory
import Terminal

@testable import NeffosConsole

extension Scene {
    /// An incident that is over and well.
    static var calm: Scene {
        var scene = normal
        scene.incidents = Array(scene.incidents.dropFirst())
        scene.incidents[0].probed = 84
        scene.incidents[0].namespacesBack = 84
        scene.incidents[0].roomsBack = 84
        scene.incidents[0].p50 = 310
        scene.incidents[0].p95 = 640
        scene.incidents[0].p99 = 700
        scene.incidents[0].tries = [1: 84]
        scene.probeSources = []
        scene.alerts = []
        scene.vitals.delta10s = 0
        scene.vitals.probeRate = Rates()
        return scene
    }

    /// Figures as large as they come.
    static var extreme: Scene {
        var scene = normal
        scene.vitals.connections = 100_000
        scene.count = 100_000
        scene.vitals.connectionsPeak = 100_000
        scene.vitals.delta10s = -98_765
        scene.vitals.namespaces = 32_000
        scene.vitals.rooms = 25_600_000
        scene.vitals.returned = 123_456_789
        scene.vitals.maxTries = 10_000
        scene.vitals.missed = 1_234_567
        scene.vitals.violations = 4321
        scene.vitals.startedAt = noon + -40_000_000_000
        scene.vitals.probeRate = Rates(perSecond1: 81_234, perSecond10: 81_234, perSecond60: 81_234, peak: 181_234)
        scene.vitals.sample = FeedEvent.Sample(
            messagesInPerSecond: 12_345_678, messagesOutPerSecond: .infinity, cpuPercent: 12_800, memoryBytes: 987_654_321_000,
            loopLag: 61_000)
        scene.incidents[0].number = 123_456
        scene.incidents[0].dropped = 98_765
        scene.incidents[0].probed = 98_765
        scene.incidents[0].upgraded = 98_764
        scene.incidents[0].namespacesBack = 50_000
        scene.incidents[0].roomsBack = 1
        scene.incidents[0].missing = 1
        scene.incidents[0].away = 100_000_000
        scene.incidents[0].p99 = 7_200_000
        scene.incidents[0].tries = Dictionary(uniqueKeysWithValues: (1...60).map { ($0, $0 * 1000) })
        scene.incidents[0].peaks.closes = 98_765
        scene.namespaces = (0..<300).map { NamespaceRow(name: "namespace-\($0)", members: 100_000 - $0, rooms: 25_600_000) }
        return scene
    }

    /// Names that would like to run the terminal.
    static var hostile: Scene {
        var scene = normal
        let escape = "\u{1B}[2J\u{1B}]0;owned\u{7}"
        let override = "user\u{202E}gnp.exe\u{2066}"
        let long = String(repeating: "x", count: 300)
        let wide = "👩‍👩‍👧‍👦名前🚀 ｆｕｌｌ"
        scene.rows = [escape, override, long, wide, "line\nfeed\r\u{8}\u{9B}31m"].enumerated().map { index, name in
            ConnectionRow(
                id: "\(index)\(name)", key: name, previous: name, remote: "10.0.0.\(index):1", userAgent: name, openedAt: noon + -1000,
                tries: 1, namespaces: [NamespaceMembership(name: name, rooms: [name, long])], state: .acknowledged)
        }
        scene.namespaces = [escape, override, long, wide].map { NamespaceRow(name: $0, members: 1, rooms: 1) }
        scene.rooms = [escape, override, long, wide].map { RoomRow(namespace: $0, room: $0, members: 1) }
        scene.probeSources = [escape, override, long, wide].map {
            ProbeSource(
                address: $0, userAgent: $0, probes: 1, first: noon, last: noon, rejected: 1, lastRejection: $0, outcome: .rejected)
        }
        scene.incidents[0].missingClients = [escape, override, long, wide].map {
            Incident.MissingClient(key: $0, remote: $0, namespaces: [.init(name: $0, rooms: [$0])], ids: [$0], count: 1)
        }
        scene.recentEvents = events { [escape, override, long, wide, "line\nfeed\r\u{8}\u{9B}31m"][$0 % 5] }
        scene.alerts = [Alert(time: noon, kind: .violation, severity: .problem, title: override, detail: escape + long)]
        return scene
    }
}
