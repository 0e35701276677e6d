import NeffosFeed
import NeffosObservatory

@testable import NeffosCommand

/// A tape in memory, made of events at times in milliseconds from its beginning.
struct MadeTape {
    static let start = FeedTime(milliseconds: 1_769_860_800_000)
    private(set) var bytes: [UInt8] = []
    private var seq = 0
    private var times: [FeedTime] = []

    mutating func add(_ milliseconds: Int, _ kind: FeedEvent.Kind) {
        if case .serverStarted = kind { seq = 0 }
        seq += 1
        let time = Self.start + milliseconds
        times.append(time)
        JSONLines.append(FeedEntry(seq: seq, node: "web-1", event: FeedEvent(time: time, kind: kind)), to: &bytes)
    }

    mutating func addText(_ text: String) { bytes += Array(text.utf8) }

    mutating func start(_ milliseconds: Int) {
        add(milliseconds, .serverStarted(.init(url: "ws://127.0.0.1:8080/echo", version: "0.1.0")))
    }

    mutating func sample(_ milliseconds: Int, _ connections: Int) { add(milliseconds, .sample(.init(connections: connections))) }

    mutating func come(_ milliseconds: Int, _ id: String, key: String, tries: Int = 0) {
        add(
            milliseconds,
            .connectionOpened(.init(connection: id, key: key, remote: "10.0.0.1:5000", userAgent: "node", tries: tries)))
        add(milliseconds + 1, .connectionAcknowledged(connection: id, after: 1))
        add(milliseconds + 2, .namespaceConnected(.init(connection: id, namespace: "default")))
        add(milliseconds + 3, .roomJoined(.init(connection: id, namespace: "default", room: "lobby")))
    }

    mutating func drop(_ milliseconds: Int, _ id: String) {
        add(milliseconds, .connectionClosed(.init(connection: id, code: 1006, reason: nil, by: .network, lived: 1000)))
    }

    /// Two outages: at 20 s all ten drop and come back, at 60 s all ten drop and eight come back; it ends at 120 s.
    static var twoOutages: MadeTape {
        var tape = MadeTape()
        tape.start(0)
        for client in 0..<10 { tape.come(1_000 + client * 10, "a\(client)", key: "client-\(client)") }
        for second in 2..<20 { tape.sample(second * 1000 + 500, 10) }
        for client in 0..<10 { tape.drop(20_000 + client, "a\(client)") }
        for client in 0..<10 { tape.come(22_000 + client * 100, "b\(client)", key: "client-\(client)", tries: 1) }
        for second in 24..<60 { tape.sample(second * 1000 + 500, 10) }
        for client in 0..<10 { tape.drop(60_000 + client, "b\(client)") }
        for client in 0..<8 { tape.come(62_000 + client * 100, "c\(client)", key: "client-\(client)", tries: 1) }
        for second in 63..<120 { tape.sample(second * 1000 + 500, 8) }
        return tape
    }

    func machine(speed: Double = 1, isPaused: Bool = false, checkpointEvery interval: Int = 20) -> ReplayMachine {
        var observatory = Observatory()
        observatory.recentEvents = EventLog(capacity: 1000)
        return ReplayMachine(
            cursor: TapeCursor(bytes), first: times.first ?? Self.start, last: times.max() ?? Self.start, observatory: observatory,
            speed: speed, isPaused: isPaused, checkpointEvery: interval)
    }
}
