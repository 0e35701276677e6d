import NeffosFeed

/// Whom an operator closed lately: who comes back all the same is shown for what it is. Bounded: the oldest are forgotten.
struct RecentKicks: Sendable {
    static let remembered: Milliseconds = 600_000
    static let capacity = 65_536

    var byName: [CompactName: Int64] = [:]
    /// How many of each key, and when the last of them was.
    var byKey: [NameDigest: KeyEntry] = [:]

    struct KeyEntry: Sendable {
        var count: Int32
        var at: Int64
    }

    mutating func add(_ name: CompactName, key: String?, at time: FeedTime) {
        if byName.count >= RecentKicks.capacity || byKey.count >= RecentKicks.capacity {
            forget(before: time + -RecentKicks.remembered)
            // All of them lately: then none is told apart any more, rather than some by chance.
            if byName.count >= RecentKicks.capacity || byKey.count >= RecentKicks.capacity {
                byName = [:]
                byKey = [:]
            }
        }
        byName[name] = time.milliseconds
        guard let key else { return }
        var entry = byKey[NameDigest(key)] ?? KeyEntry(count: 0, at: 0)
        entry.count = entry.count == .max ? .max : entry.count + 1
        entry.at = time.milliseconds
        byKey[NameDigest(key)] = entry
    }

    /// Whether who comes back now was kicked; it is taken off the list.
    mutating func take(_ opened: FeedEvent.ConnectionOpened, key: String?, at time: FeedTime) -> Bool {
        if byName.isEmpty { return false }
        let oldest = time.milliseconds - Int64(RecentKicks.remembered)
        let told = opened.previous.map { CompactName($0) }
        let byID = told.flatMap { byName.removeValue(forKey: $0) }.map { $0 >= oldest } ?? false
        guard byID || told == nil, let key else { return byID }
        let digest = NameDigest(key)
        guard var entry = byKey[digest], entry.at >= oldest else { return byID }
        entry.count -= 1
        byKey[digest] = entry.count > 0 ? entry : nil
        return true
    }

    mutating func forget(before time: FeedTime) {
        if byName.isEmpty { return }
        byName = byName.filter { $0.value >= time.milliseconds }
        byKey = byKey.filter { $0.value.at >= time.milliseconds }
    }
}
