import NeffosFeed

/// Makes a tape as a server would have recorded it: events of the shapes that it publishes, in order, with numbers.
struct TapeMaker {
    struct Client {
        var key: String
        var address: String
        var room: String
        var agent = "node"
    }

    private(set) var time: FeedTime
    private var seq = 0
    private var entries: [(time: FeedTime, order: Int, kind: FeedEvent.Kind)] = []
    private var random: UInt64
    private let node: String
    private let url = "wss://shop.example:443/echo"

    init(node: String, start: FeedTime, seed: UInt64) {
        self.node = node
        time = start
        random = seed
    }

    /// The same for each seed: xorshift.
    mutating func number(below limit: Int) -> Int {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return Int(random % UInt64(limit))
    }

    mutating func pass(_ milliseconds: Int) { time = time + milliseconds }

    /// - Parameter after: from now, in milliseconds.
    mutating func add(_ kind: FeedEvent.Kind, after: Int = 0) { entries.append((time + after, entries.count, kind)) }

    mutating func start() { add(.serverStarted(.init(url: url, version: "0.1.0", reason: nil))) }
    mutating func drain() { add(.serverDraining(.init(url: url, version: "0.1.0", reason: "SIGTERM"))) }
    mutating func stop(after: Int) { add(.serverStopped(.init(url: url, version: "0.1.0", reason: "SIGTERM")), after: after) }

    /// A server that has run for an hour. How its clients came is left out: a snapshot, as any reader may have asked for, tells who is here.
    mutating func begin(_ clients: [Client]) {
        add(.serverStarted(.init(url: url, version: "0.1.0", reason: nil)), after: -3_600_000)
        snapshot(clients)
    }

    static func id(_ number: Int, _ life: Int) -> String {
        let digits = String(100_000 + number)
        return "\(life)f3a\(digits.suffix(4))-77aa-4c1b-9d2e-0000000\(digits.suffix(5))"
    }

    /// Who is here, as the first event of a tape that was begun while the server ran.
    mutating func snapshot(_ clients: [Client]) {
        add(
            .snapshot(
                .init(
                    connections: clients.enumerated().map { index, client in
                        .init(
                            connection: Self.id(index, 1), key: client.key, remote: "\(client.address):\(40_000 + index)", tries: 0,
                            namespaces: ["default": [client.room, "lobby"]])
                    }, counters: ["opened": clients.count])))
    }

    mutating func samples(_ seconds: Int, connections: Int, rate: Double, lag: Double = 0.4) {
        for second in 0..<seconds {
            add(
                .sample(
                    .init(
                        connections: connections, namespaces: 1, rooms: 21, messagesInPerSecond: rate, messagesOutPerSecond: rate * 3,
                        cpuPercent: 4, memoryBytes: 31_000_000, loopLag: lag)), after: second * 1000)
        }
    }

    mutating func close(_ index: Int, code: Int, by: FeedEvent.ClosedBy, after: Int) {
        add(
            .connectionClosed(
                .init(
                    connection: Self.id(index, 1), code: code, reason: by == .server ? "draining" : nil, by: by,
                    lived: 3_600_000 + index * 1000, messagesIn: 40 + index, messagesOut: 120 + index, bytesIn: 4000, bytesOut: 12_000)),
            after: after)
    }

    mutating func probe(_ client: Client, _ index: Int, admitted: Bool = true, after: Int) {
        add(.probe(.init(remote: "\(client.address):\(50_000 + index)", userAgent: client.agent, admitted: admitted)), after: after)
    }

    mutating func reject(_ client: Client, _ index: Int, status: Int, reason: String, tries: Int, after: Int) {
        add(
            .connectionRejected(.init(remote: "\(client.address):\(50_000 + index)", status: status, reason: reason, tries: tries)),
            after: after)
    }

    /// The upgrade, the ack, the namespace and both rooms.
    mutating func comeBack(_ client: Client, _ index: Int, tries: Int, after: Int) {
        let id = Self.id(index, 2)
        add(
            .connectionOpened(
                .init(
                    connection: id, key: client.key, previous: nil, remote: "\(client.address):\(51_000 + index)", userAgent: client.agent,
                    tries: tries, tls: true)), after: after)
        add(.connectionAcknowledged(connection: id, after: 2), after: after + 2)
        add(.namespaceConnected(.init(connection: id, namespace: "default")), after: after + 5)
        add(.roomJoined(.init(connection: id, namespace: "default", room: "lobby")), after: after + 8)
        add(.roomJoined(.init(connection: id, namespace: "default", room: client.room)), after: after + 11)
    }

    /// The lines. A start begins the numbers anew.
    func lines() -> [UInt8] {
        var bytes: [UInt8] = []
        var seq = 0
        for entry in entries.sorted(by: { ($0.time, $0.order) < ($1.time, $1.order) }) {
            if case .serverStarted = entry.kind { seq = 0 }
            seq += 1
            JSONLines.append(FeedEntry(seq: seq, node: node, event: FeedEvent(time: entry.time, kind: entry.kind)), to: &bytes)
        }
        return bytes
    }
}
