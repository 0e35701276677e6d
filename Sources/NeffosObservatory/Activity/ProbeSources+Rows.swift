import NeffosFeed

/// Probe sources as a screen shows them: one by one, or by network where many knock.
extension ProbeSources {
    /// Networks of which more addresses than this are known are shown as one.
    static let fewestOfNetwork = 4
    static let mostNetworks = 256

    /// The last prober first.
    func rows(at now: FeedTime) -> [ProbeSource] {
        entries.map { ProbeSources.settled($0.source, at: now) }.sorted(by: ProbeSources.precedes)
    }

    /// The same, but many addresses of one network, those that were let go too, as one row.
    func groupedRows(at now: FeedTime) -> [ProbeSource] {
        var members: [String: [ProbeSource]] = [:]
        for entry in entries {
            members[ProbeSources.network(of: entry.source.address), default: []].append(ProbeSources.settled(entry.source, at: now))
        }
        var rows: [ProbeSource] = []
        for (network, sources) in members {
            let before = past[network]
            if before == nil, Set(sources.map(\.address)).count < ProbeSources.fewestOfNetwork {
                rows += sources
                continue
            }
            var row = before ?? sources[0]
            row.address = network
            row.addresses = (before?.addresses ?? 0) + Set(sources.map(\.address)).count
            for source in before == nil ? sources[1...] : sources[...] { ProbeSources.add(source, to: &row) }
            // What most need to be told of is what became of any of them.
            row.outcome = sources.map(\.outcome).max { ProbeSources.rank($0) < ProbeSources.rank($1) } ?? row.outcome
            rows.append(row)
        }
        for (network, source) in past where members[network] == nil { rows.append(ProbeSources.settled(source, at: now)) }
        return rows.sorted(by: ProbeSources.precedes)
    }

    /// Keeps what a source that is let go came to.
    mutating func remember(_ source: ProbeSource) {
        let network = ProbeSources.network(of: source.address)
        if past[network] != nil {
            ProbeSources.add(source, to: &past[network, default: source])
            past[network]?.addresses += 1
        } else if past.count < ProbeSources.mostNetworks {
            past[network] = source
            past[network]?.address = network
        }
    }

    private static func add(_ source: ProbeSource, to row: inout ProbeSource) {
        row.probes += source.probes
        row.first = min(row.first, source.first)
        row.last = max(row.last, source.last)
        row.deferred += source.deferred
        row.upgrades += source.upgrades
        row.rejected += source.rejected
        if let reason = source.lastRejection { row.lastRejection = reason }
        if row.userAgent != source.userAgent { row.userAgent = nil }
    }

    private static func settled(_ source: ProbeSource, at now: FeedTime) -> ProbeSource {
        guard source.outcome == .knocking, now - source.last >= ProbeSource.goneAfter else { return source }
        var source = source
        source.outcome = .gone
        return source
    }

    private static func rank(_ outcome: ProbeSource.Outcome) -> Int {
        switch outcome {
        case .upgraded: 0
        case .gone: 1
        case .knocking: 2
        case .rejected: 3
        }
    }

    private static func precedes(_ left: ProbeSource, _ right: ProbeSource) -> Bool {
        if left.last != right.last { return left.last > right.last }
        return (left.address, left.userAgent ?? "") < (right.address, right.userAgent ?? "")
    }

    /// `10.0.4.0/24`; of IPv6 the first four groups, as `/64`.
    static func network(of address: String) -> String {
        if case .ipv4(let number, _) = CompactRemote(address + ":0") {
            return CompactRemote.ipv4(number & 0xffff_ff00, port: 0).address + "/24"
        }
        let groups = address.split(separator: ":", maxSplits: 4, omittingEmptySubsequences: false)
        // A shortened address has no four groups before its gap, and is a network of its own.
        guard groups.count == 5, groups.prefix(4).allSatisfy({ !$0.isEmpty }) else { return address }
        return groups.prefix(4).joined(separator: ":") + "::/64"
    }
}
