import NeffosFeed

/// Who has probed, and who of them knocks without ever coming in. Bounded: the one longest idle goes.
struct ProbeSources: Sendable {
    static let capacity = 256
    struct Name: Hashable, Sendable {
        var address: String
        var userAgent: String?
    }

    struct Entry: Sendable {
        var source: ProbeSource
        /// Since the last upgrade.
        var knocks = 0
        var knockingSince: FeedTime
        var lastAnswered: Bool
        var isOrphan = false
        var isPoller = false
    }

    var entries: [Entry] = []
    /// When each entry probed last, by itself so that the oldest is found fast.
    var last: [FeedTime] = []
    var indexes: [Name: Int] = [:]
    var indexesByAddress: [String: [Int]] = [:]
    /// Sources that were let go.
    var forgotten = 0
    /// What they came to, by network.
    var past: [String: ProbeSource] = [:]

    var count: Int { entries.count }

    /// Lints that rise or, with a source that is let go, fall.
    mutating func probe(_ probe: FeedEvent.Probe, _ settings: LintSettings, at time: FeedTime) -> [LintFinding] {
        let name = Name(
            address: BoundedText.address(of: BoundedText.cut(probe.remote, to: BoundedText.label)),
            userAgent: BoundedText.cut(probe.userAgent, to: BoundedText.label))
        var lints: [LintFinding] = []
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
                lints += forget(index)
                entries[index] = entry
            }
            indexes[name] = index
            indexesByAddress[name.address, default: []].append(index)
        }
        lints += knock(index, admitted: probe.admitted, settings, at: time)
        return lints
    }

    private mutating func knock(_ index: Int, admitted: Bool, _ settings: LintSettings, at time: FeedTime) -> [LintFinding] {
        last[index] = max(last[index], time)
        if entries[index].knocks == 0 { entries[index].knockingSince = time }
        entries[index].knocks += 1
        entries[index].lastAnswered = admitted
        entries[index].source.probes += 1
        entries[index].source.last = last[index]
        if !admitted { entries[index].source.deferred += 1 }
        // A refusal stays what became of it until it upgrades.
        if entries[index].source.outcome == .upgraded { entries[index].source.outcome = .knocking }
        let (orphan, poller) = (LintCatalogue.ID.orphanProbe, LintCatalogue.ID.headOnlyPoller)
        let lasted = time - entries[index].knockingSince
        var findings: [LintFinding] = []
        if entries[index].knocks >= settings[orphan, "probes"], lasted >= settings[orphan, "after"] {
            entries[index].isOrphan = true
            findings.append(orphanFinding(entries[index]))
        }
        if entries[index].source.upgrades == 0, entries[index].knocks >= settings[poller, "probes"], lasted >= settings[poller, "after"] {
            entries[index].isPoller = true
            let source = entries[index].source
            findings.append(
                .raise(
                    poller, subject: source.address,
                    detail: "\(source.address) has probed \(source.probes) times in \(lasted / 1000) s and never upgraded"))
        }
        return findings
    }

    /// An upgrade from this address: of this agent's source, else of the one there that knocked last (some clients probe with another agent
    /// than they upgrade with).
    mutating func upgraded(remote: String, userAgent: String?) -> [LintFinding] {
        if entries.isEmpty { return [] }
        let address = BoundedText.address(of: BoundedText.cut(remote, to: BoundedText.label))
        let exact = Name(address: address, userAgent: BoundedText.cut(userAgent, to: BoundedText.label))
        guard let index = indexes[exact] ?? lastKnocking(at: address) else { return [] }
        let cleared = cleared(index)
        entries[index].source.upgrades += 1
        entries[index].source.outcome = .upgraded
        entries[index].knocks = 0
        entries[index].isOrphan = false
        entries[index].isPoller = false
        return cleared
    }

    /// A refused upgrade tells no agent: it is put down to the source at that address that probed last.
    mutating func rejected(remote: String, reason: String) {
        if entries.isEmpty { return }
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

    private mutating func forget(_ index: Int) -> [LintFinding] {
        let entry = entries[index]
        let cleared = cleared(index)
        indexes[Name(address: entry.source.address, userAgent: entry.source.userAgent)] = nil
        indexesByAddress[entry.source.address]?.removeAll { $0 == index }
        if indexesByAddress[entry.source.address]?.isEmpty == true { indexesByAddress[entry.source.address] = nil }
        last[index] = FeedTime(milliseconds: 0)
        forgotten += 1
        remember(entry.source)
        return cleared
    }

    private func cleared(_ index: Int) -> [LintFinding] {
        var findings: [LintFinding] = []
        let address = entries[index].source.address
        if entries[index].isOrphan { findings.append(.clear(LintCatalogue.ID.orphanProbe, subject: address)) }
        if entries[index].isPoller { findings.append(.clear(LintCatalogue.ID.headOnlyPoller, subject: address)) }
        return findings
    }

    private func orphanFinding(_ entry: Entry) -> LintFinding {
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
        return .raise(
            LintCatalogue.ID.orphanProbe, subject: source.address,
            detail: "\(source.address) has knocked \(entry.knocks) times in \(seconds) s and not upgraded; \(last)", remedy: remedy)
    }
}
