/// What `neffos load storm` found out.
struct StormReport: LoadReport {
    struct Client: Sendable {
        var name: String
        var member: StormTally.Member

        init(name: String, _ member: StormTally.Member) {
            self.name = name
            self.member = member
        }
    }

    /// One that did not come back.
    struct Missing: Encodable, Sendable, Equatable {
        var client: String
        var state: String
        var problem: String?
    }

    var header: LoadHeader
    var opening: LoadOpening
    var rooms: Int
    var every: DurationText
    var jitter: Int
    var outage: StormOutage
    var server: ProcessUsage?
    var cost: LoadCost
    private let state: StormTally.State
    private let restoreTimes: [UInt64]
    private let heads: [UInt64]
    /// How many came back after so many tries.
    let tries: [(tries: Int, clients: Int)]
    let missing: [Missing]

    /// Those that are told by name; the others are counted.
    private static let mostMissing = 1000
    private static let mostShown = 20

    init(
        header: LoadHeader, opening: LoadOpening, rooms: Int, every: DurationText, jitter: Int, outage: StormOutage, members: [Client],
        state: StormTally.State, server: ProcessUsage?, cost: LoadCost
    ) {
        self.header = header
        self.opening = opening
        self.rooms = rooms
        self.every = every
        self.jitter = jitter
        self.outage = outage
        self.server = server
        self.cost = cost
        self.state = state
        restoreTimes = members.compactMap(\.member.restoredAt).sorted()
        heads = state.heads.sorted()
        let restored = members.filter { $0.member.restoredAt != nil }
        tries = Dictionary(grouping: restored, by: \.member.tries).map { ($0.key, $0.value.count) }.sorted { $0.tries < $1.tries }
        missing = members.filter { $0.member.lostAt != nil && $0.member.restoredAt == nil }
            .map { Missing(client: $0.name, state: $0.member.state, problem: $0.member.problem) }
    }

    enum CodingKeys: String, CodingKey {
        case rooms, restored, missing, outage, listened, dropped, tries
        case every = "every_ms"
        case jitter = "jitter_percent"
        case down = "down_ms"
        case restored50 = "restored_50_s"
        case restored95 = "restored_95_s"
        case restored99 = "restored_99_s"
        case restored100 = "restored_100_s"
        case fromHead50 = "from_first_head_50_s"
        case fromHead95 = "from_first_head_95_s"
        case fromHead99 = "from_first_head_99_s"
        case fromHead100 = "from_first_head_100_s"
        case headsAnswered = "heads_answered"
        case headRate = "heads_per_s"
        case headsRefused = "heads_refused"
        case headsFailed = "heads_failed"
        case headsBad = "heads_not_302"
        case failures = "session_failures"
        case failureSample = "failure_sample"
        case maxTries = "max_tries"
        case droppedLater = "dropped_after_restore"
        case missingClients = "missing_clients"
        case serverCPU = "server_cpu_s"
        case serverMemory = "server_rss_max"
    }

    func encode(to encoder: any Encoder) throws {
        try header.encode(to: encoder)
        try opening.encode(to: encoder)
        try cost.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(rooms, forKey: .rooms)
        try container.encode(every.milliseconds, forKey: .every)
        try container.encode(jitter, forKey: .jitter)
        try container.encode(outage.kind, forKey: .outage)
        try container.encode(downSeconds * 1000, forKey: .down)
        try container.encode(outage.hasListened, forKey: .listened)
        try container.encode(state.lost, forKey: .dropped)
        try container.encode(state.restored, forKey: .restored)
        try container.encode(missing.count, forKey: .missing)
        let shares: [(Double, CodingKeys, CodingKeys)] = [
            (0.5, .restored50, .fromHead50), (0.95, .restored95, .fromHead95), (0.99, .restored99, .fromHead99),
            (1, .restored100, .fromHead100),
        ]
        for (share, up, head) in shares {
            // 0 where so many did not come back.
            try container.encode(restoredSeconds(share, since: outage.listening) ?? 0, forKey: up)
            try container.encode(heads.first.flatMap { restoredSeconds(share, since: $0) } ?? 0, forKey: head)
        }
        try container.encode(heads.count, forKey: .headsAnswered)
        try container.encode(headRate, forKey: .headRate)
        try container.encode(state.headsRefused, forKey: .headsRefused)
        try container.encode(state.headsFailed, forKey: .headsFailed)
        try container.encode(state.headsBad, forKey: .headsBad)
        try container.encode(state.failures, forKey: .failures)
        try container.encodeIfPresent(state.failureSample, forKey: .failureSample)
        try container.encode(tries.last?.tries ?? 0, forKey: .maxTries)
        try container.encode(Dictionary(uniqueKeysWithValues: tries.map { ("\($0.tries)", $0.clients) }), forKey: .tries)
        try container.encode(state.droppedLater, forKey: .droppedLater)
        try container.encode(Array(missing.prefix(Self.mostMissing)), forKey: .missingClients)
        try container.encodeIfPresent(server.map { rounded($0.cpu) }, forKey: .serverCPU)
        try container.encodeIfPresent(server?.maximumMemory, forKey: .serverMemory)
    }

    /// From when that could be until this share of those that are to come back was back with all its rooms.
    private func restoredSeconds(_ share: Double, since start: UInt64) -> Double? {
        let count = Int((share * Double(outage.expected)).rounded(.up))
        guard count > 0, count <= restoreTimes.count else { return nil }
        let time = restoreTimes[count - 1]
        return rounded(time >= start ? Double(time - start) / 1e9 : -Double(start - time) / 1e9)
    }

    private var downSeconds: Double { rounded(Double(outage.listening - outage.began) / 1e9) }

    private var headRate: Double {
        guard let first = heads.first, let last = heads.last, last > first else { return 0 }
        return rounded(Double(heads.count) / (Double(last - first) / 1e9))
    }

    // MARK: For people

    var lines: [String] {
        let wait = "each attempt after \(every.text)" + (jitter > 0 ? " ± \(jitter) %" : "")
        var lines = [header.line("\(LoadText.count(rooms)) rooms, \(wait)"), LoadText.line("opened", opening.text)]
        switch outage.kind {
        case .cut: lines.append(LoadText.line("outage", "\(LoadText.count(outage.expected)) cut their connections"))
        case .restart:
            let again = outage.hasListened ? "listened again after" : "did not listen again within"
            lines.append(LoadText.line("outage", "the server was killed, and \(again) \(LoadText.seconds(downSeconds))"))
        case .awaited where state.lost == 0: lines.append(LoadText.line("outage", "none came"))
        case .awaited:
            let time = LoadText.seconds(downSeconds)
            lines.append(
                LoadText.line(
                    "outage", outage.hasListened ? "after \(time) there was somebody who listens" : "nobody listened within \(time)"))
        }
        lines.append(
            LoadText.line(
                "dropped", "\(LoadText.count(state.lost))   restored \(LoadText.count(state.restored))   missing \(missing.count)"))
        lines.append(
            LoadText.line(
                "restored", shares(since: outage.listening) + (outage.hasListened ? "   from when it could be" : "   from then on")))
        if let first = heads.first { lines.append(LoadText.line("", shares(since: first) + "   from the first answered HEAD")) }
        lines.append(
            LoadText.line(
                "HEAD",
                "\(LoadText.count(heads.count)) answered, \(LoadText.decimal(headRate, 0))/s   \(LoadText.count(state.headsRefused)) refused while "
                    + "away   \(LoadText.count(state.headsFailed)) failed later   \(LoadText.count(state.headsBad)) not 302"))
        lines += triesLines
        if state.failures > 0 {
            lines.append(LoadText.line("failed", "\(LoadText.count(state.failures)) dials or entries: \(state.failureSample ?? "")"))
        }
        if state.droppedLater > 0 {
            lines.append(LoadText.line("dropped", "\(LoadText.count(state.droppedLater)) again after they were back"))
        }
        for client in missing.prefix(Self.mostShown) {
            lines.append(LoadText.line("missing", "\(client.client)   \(client.state)" + (client.problem.map { "   \($0)" } ?? "")))
        }
        if missing.count > Self.mostShown { lines.append(LoadText.line("", "and \(LoadText.count(missing.count - Self.mostShown)) more")) }
        if let server {
            lines.append(
                LoadText.line(
                    "server", "\(LoadText.seconds(server.cpu)) of processor; memory at most \(LoadText.bytes(Double(server.maximumMemory)))"
                ))
        }
        lines.append(LoadText.line("client", cost.text))
        return lines
    }

    private func shares(since start: UInt64) -> String {
        [("50%", 0.5), ("95%", 0.95), ("99%", 0.99), ("all", 1)].map { name, share in
            "\(name) \(restoredSeconds(share, since: start).map(LoadText.seconds) ?? "never")"
        }.joined(separator: "   ")
    }

    private var triesLines: [String] {
        let most = tries.map(\.clients).max() ?? 1
        return tries.enumerated().map { index, entry in
            let bar = String(repeating: "█", count: max(1, entry.clients * 40 / max(1, most)))
            return LoadText.line(index == 0 ? "tries" : "", "\(entry.tries) \(bar) \(LoadText.count(entry.clients))")
        }
    }

    var failure: String? {
        if let failure = opening.failure(of: header) { return failure }
        if outage.expected == 0 { return "no outage came, so nobody returned" }
        let short = outage.expected - state.restored
        let lost = [(short, "not restored"), (state.droppedLater, "dropped again")]
        guard let text = LoadFailure.text(lost) else { return nil }
        let names = missing.prefix(5).map(\.client).joined(separator: ", ")
        let whom = text + (names.isEmpty ? "" : " (\(names)\(missing.count > 5 ? ", …" : ""))")
        if outage.hasListened || header.isInterrupted || state.restored > 0 { return whom }
        return "\(whom): nobody listened within \(LoadText.seconds(downSeconds)); start the server again, or give it more with --limit"
    }
}
