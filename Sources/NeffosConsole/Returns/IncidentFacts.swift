import NeffosFeed
import NeffosObservatory

/// What became of those who are missing in an incident, as far as their addresses tell: who of them knocks, is refused, has given up, or is silent.
struct IncidentFacts: Sendable {
    /// How long after its last probe a source still counts as knocking.
    static let recent: Milliseconds = 15_000

    /// What a missing client has done since the incident opened. Several may share an address: then it is what the address has done.
    enum Trace: Sendable, Hashable {
        case refused(reason: String, last: FeedTime?)
        case knocking(probes: Int, last: FeedTime?)
        /// Its probes were never answered: admission put them off.
        case putOff(probes: Int, last: FeedTime?)
        /// It knocked, was answered, did not come in, and knocks no more.
        case gaveUp(probes: Int, last: FeedTime?)
        case silent
    }

    private(set) var refused = 0
    private(set) var knocking = 0
    private(set) var putOff = 0
    private(set) var gaveUp = 0
    private(set) var silent = 0
    /// Why clients are refused, the most frequent first.
    private(set) var reasons: [String] = []
    private let incident: Incident
    private let now: FeedTime
    private let sources: [String: [ProbeSource]]

    init(_ incident: Incident, sources: [ProbeSource], now: FeedTime) {
        self.incident = incident
        self.now = now
        // Who knocked at the listener's very end is where all others are.
        let since = incident.answersSince
        self.sources = Dictionary(grouping: sources.filter { source in since.map { source.last >= $0 } ?? false }, by: \.address)
        var counts: [String: Int] = [:]
        for client in incident.missingClients {
            switch trace(of: client) {
            case .refused(let reason, _):
                refused += client.count
                counts[reason, default: 0] += client.count
            case .knocking: knocking += client.count
            case .putOff: putOff += client.count
            case .gaveUp: gaveUp += client.count
            case .silent: silent += client.count
            }
        }
        let listed = refused + knocking + putOff + gaveUp + silent
        if since != nil, let whereabouts = incident.whereabouts, listed < incident.missing ?? 0 {
            // The list has a thousand at most. These are counted, once a second.
            refused = whereabouts.refused
            gaveUp += max(0, whereabouts.knocked - knocking - putOff - gaveUp)
            silent = max(0, (incident.missing ?? 0) - refused - knocking - putOff - gaveUp)
        } else {
            silent += max(0, (incident.missing ?? 0) - refused - knocking - putOff - gaveUp - silent)
        }
        reasons = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    }

    func trace(of client: Incident.MissingClient) -> Trace {
        // While the listener is closed nobody can have done anything.
        guard incident.answersSince != nil else { return .silent }
        let sources = sources[AddressText.withoutPort(client.remote)] ?? []
        let refusing = sources.first { $0.outcome == .rejected }
        if let reason = client.refusal ?? refusing.map({ $0.lastRejection ?? "no reason given" }) {
            return .refused(reason: reason, last: refusing?.last)
        }
        let source = sources.first { $0.outcome == .knocking || $0.outcome == .gone }
        guard let source else {
            // Where others of the address are back, its probes are told for by them.
            return client.knocks > 0 && sources.isEmpty ? .gaveUp(probes: client.knocks, last: nil) : .silent
        }
        if source.deferred >= source.probes { return .putOff(probes: source.probes, last: source.last) }
        return now - source.last > Self.recent
            ? .gaveUp(probes: source.probes, last: source.last) : .knocking(probes: source.probes, last: source.last)
    }

    /// Those with whom something can be done first, else as they stood.
    var clients: [Incident.MissingClient] {
        let ranked = incident.missingClients.enumerated().map { (rank: rank(trace(of: $0.element)), place: $0.offset, client: $0.element) }
        return ranked.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.map(\.client)
    }

    private func rank(_ trace: Trace) -> Int {
        switch trace {
        case .refused: 0
        case .knocking: 1
        case .putOff: 2
        case .gaveUp: 3
        case .silent: 4
        }
    }
}
