import NeffosFeed

/// Who has probed, and who of them knocks without ever coming in. Bounded: the one longest idle goes.
struct ProbeSources: Sendable {
    static let capacity = 256
    /// A source that has probed so often, for so long, without an upgrade, is an orphan.
    static let orphanProbes = 5
    static let orphanAfter: Milliseconds = 10_000
    static let orphanLint = "orphan-probe"

    private struct Name: Hashable {
        var address: String
        var userAgent: String?
    }

    private struct Entry {
        var source: ProbeSource
        /// Since the last upgrade.
        var knocks = 0
        var knockingSince: FeedTime
        var lastAnswered: Bool
        var isOrphan = false
    }

    private var entries: [Entry] = []
    /// When each entry probed last, by itself so that the oldest is found fast.
    private var last: [FeedTime] = []
    private var indexes: [Name: Int] = [:]
    private var indexesByAddress: [String: [Int]] = [:]
    /// Sources that were let go.
    private(set) var forgotten = 0
    private(set) var orphansRaised = 0

    var orphans: Int { entries.reduce(0) { $0 + ($1.isOrphan ? 1 : 0) } }
    var count: Int { entries.count }

    /// The last prober first.
    var rows: [ProbeSource] {
        entries.map(\.source).sorted {
            if $0.last != $1.last { return $0.last > $1.last }
            return ($0.address, $0.userAgent ?? "") < ($1.address, $1.userAgent ?? "")
        }
    }

    /// Lints that rise or, with a source that is let go, fall.
    mutating func probe(_ probe: FeedEvent.Probe, at time: FeedTime) -> [FeedEvent.Kind] {
        let name = Name(
            address: BoundedText.address(of: BoundedText.cut(probe.remote, to: BoundedText.label)),
            userAgent: BoundedText.cut(probe.userAgent, to: BoundedText.label))
        var lints: [FeedEvent.Kind] = []
        let index: Int
        if let known = indexes[name] {
            index = known
        } else {
            let entry = Entry(
                source: ProbeSource(address: name.address, userAgent: name.userAgent, probes: 0, first: time, last: time),
                knockingSince: time, lastAnswered: false)
            if entries.count < ProbeSources.capacity {
                index = entries.count
                entries.append(entry)
                last.append(time)
            } else {
                index = oldest
                if let gone = forget(index) { lints.append(gone) }
                entries[index] = entry
            }
            indexes[name] = index
            indexesByAddress[name.address, default: []].append(index)
        }
        if let raised = knock(index, admitted: probe.admitted, at: time) { lints.append(raised) }
        return lints
    }

    private mutating func knock(_ index: Int, admitted: Bool, at time: FeedTime) -> FeedEvent.Kind? {
        last[index] = max(last[index], time)
        if entries[index].knocks == 0 { entries[index].knockingSince = time }
        entries[index].knocks += 1
        entries[index].lastAnswered = admitted
        entries[index].source.probes += 1
        entries[index].source.last = last[index]
        if !admitted { entries[index].source.deferred += 1 }
        // A refusal stays what became of it until it upgrades.
        if entries[index].source.outcome == .upgraded { entries[index].source.outcome = .knocking }
        guard !entries[index].isOrphan, entries[index].knocks >= ProbeSources.orphanProbes,
            time - entries[index].knockingSince >= ProbeSources.orphanAfter
        else { return nil }
        entries[index].isOrphan = true
        orphansRaised += 1
        return .lintRaised(lint(of: entries[index]))
    }

    /// An upgrade from this address: of this agent's source, else of the one there that knocked last (some clients probe with another agent
    /// than they upgrade with).
    mutating func upgraded(remote: String, userAgent: String?) -> [FeedEvent.Kind] {
        let address = BoundedText.address(of: BoundedText.cut(remote, to: BoundedText.label))
        let exact = Name(address: address, userAgent: BoundedText.cut(userAgent, to: BoundedText.label))
        guard let index = indexes[exact] ?? lastKnocking(at: address) else { return [] }
        let cleared = entries[index].isOrphan ? [FeedEvent.Kind.lintCleared(lint(of: entries[index]))] : []
        entries[index].source.upgrades += 1
        entries[index].source.outcome = .upgraded
        entries[index].knocks = 0
        entries[index].isOrphan = false
        return cleared
    }

    /// A refused upgrade tells no agent: it is put down to the source at that address that probed last.
    mutating func rejected(remote: String, reason: String) {
        let address = BoundedText.address(of: BoundedText.cut(remote, to: BoundedText.label))
        guard let index = lastKnocking(at: address) else { return }
        let text: String = BoundedText.cut(reason, to: BoundedText.label)
        entries[index].source.rejected += 1
        entries[index].source.lastRejection = text
        entries[index].source.outcome = .rejected
    }

    private func lastKnocking(at address: String) -> Int? {
        indexesByAddress[address]?.max { left, right in
            ((entries[left].knocks > 0 ? 1 : 0), last[left]) < ((entries[right].knocks > 0 ? 1 : 0), last[right])
        }
    }

    private var oldest: Int {
        var oldest = 0
        for index in last.indices where last[index] < last[oldest] { oldest = index }
        return oldest
    }

    private mutating func forget(_ index: Int) -> FeedEvent.Kind? {
        let entry = entries[index]
        indexes[Name(address: entry.source.address, userAgent: entry.source.userAgent)] = nil
        indexesByAddress[entry.source.address]?.removeAll { $0 == index }
        if indexesByAddress[entry.source.address]?.isEmpty == true { indexesByAddress[entry.source.address] = nil }
        last[index] = FeedTime(milliseconds: 0)
        forgotten += 1
        return entry.isOrphan ? .lintCleared(lint(of: entry)) : nil
    }

    private func lint(of entry: Entry) -> FeedEvent.Lint {
        let source = entry.source
        let seconds = (source.last - entry.knockingSince) / 1000
        let last =
            source.outcome == .rejected
            ? "its upgrade was refused: \(source.lastRejection ?? "")"
            : entry.lastAnswered ? "its last probe was answered" : "its last probe was put off"
        let remedy =
            source.outcome == .rejected
            ? "see why its upgrades are refused: origin, authorization or limits"
            : entry.lastAnswered
                ? "see whether it is a reconnecting client at all, and whether a proxy on its way lets upgrades pass"
                : "see whether the server is full or draining, or raise admitPerSecond"
        return FeedEvent.Lint(
            lint: ProbeSources.orphanLint, subject: source.address,
            detail: "\(source.address) has knocked \(entry.knocks) times in \(seconds) s and not upgraded; \(last)", remedy: remedy)
    }
}
