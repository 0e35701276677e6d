public import NeffosFeed

/// How often each client has come back, how often lately, and under which ids it was here before: by key, or by the chain of its ids where it
/// has none. Bounded: the names longest unseen are forgotten, and so are the oldest returns.
struct Lineage: Sendable {
    /// The most ids that are told of one client.
    static let mostEarlier = 32
    /// Returns of one key that are looked at for an id's chain; where many share a key, its own may be among them.
    private static let mostSteps = 1024

    struct Entry: Sendable {
        var returns: Int32 = 0
        var recent = RecentTimes()
        /// The number of its newest return; -1: none.
        var newest = -1
        /// The connection of it that closed last.
        var last: CompactName?
        var lastClosedAt: Int64 = 0
    }

    let capacity: Int
    // Two generations: what is asked for moves to the young one; when that is full, the old one goes.
    var young: [NameDigest: Entry] = [:]
    var old: [NameDigest: Entry] = [:]
    var steps: ReturnRing

    init(capacity: Int = 262_144, steps: Int = 131_072) {
        self.capacity = capacity
        self.steps = ReturnRing(capacity: steps)
    }

    var count: Int { young.count + old.count }

    func entry(key: String?, id: String) -> Entry? {
        if young.isEmpty, old.isEmpty { return nil }
        let name = NameDigest(key ?? id)
        return young[name] ?? old[name]
    }

    func returns(key: String?, id: String) -> Int { Int(entry(key: key, id: id)?.returns ?? 0) }

    /// A connection came back.
    /// - Parameter isByItself: whether neither a restart nor an operator is the reason.
    mutating func returned(key: String?, id: String, previous: String?, isByItself: Bool = true, at time: FeedTime) {
        let known = key ?? previous
        var entry = known.flatMap { self.entry(key: $0, id: $0) } ?? Entry()
        // An id's chain is carried by its newest id alone.
        if key == nil, let previous {
            young[NameDigest(previous)] = nil
            old[NameDigest(previous)] = nil
        }
        entry.returns = entry.returns == .max ? .max : entry.returns + 1
        if isByItself { entry.recent.add(time) }
        let before = previous.map { CompactName($0) } ?? entry.last
        if let before {
            entry.newest = steps.append(
                .init(
                    name: CompactName(id), previous: before, lostAt: entry.last == before ? entry.lastClosedAt : 0,
                    returnedAt: time.milliseconds, isCertain: previous != nil, isByItself: isByItself, before: entry.newest))
        }
        store(entry, NameDigest(key ?? id))
    }

    /// A connection has gone; it may come back under another id.
    mutating func closed(key: String?, name: CompactName, at time: FeedTime) {
        let digest = NameDigest(key ?? name.string)
        var entry = young[digest] ?? old[digest] ?? Entry()
        entry.last = name
        entry.lastClosedAt = time.milliseconds
        store(entry, digest)
    }

    private mutating func store(_ entry: Entry, _ digest: NameDigest) {
        if young.count >= capacity / 2, young[digest] == nil {
            old = young
            young = [:]
        }
        young[digest] = entry
    }

    /// The ids that a connection's client had before, the newest first.
    func earlier(key: String?, id: String) -> [EarlierConnection] {
        chain(key: key, id: id).map { step in
            EarlierConnection(
                id: step.previous.string, lostAt: step.lostAt > 0 ? FeedTime(milliseconds: step.lostAt) : nil,
                returnedAt: FeedTime(milliseconds: step.returnedAt), isCertain: step.isCertain)
        }
    }

    /// How often a client came back by itself that tells who it was, among others of its key.
    func returns(ofChain id: String, key: String?, within: Milliseconds, before now: FeedTime) -> Int {
        chain(key: key, id: id).count { $0.isCertain && $0.isByItself && now.milliseconds - $0.returnedAt <= Int64(within) }
    }

    private func chain(key: String?, id: String) -> [ReturnRing.Step] {
        guard var number = entry(key: key, id: id)?.newest else { return [] }
        var result: [ReturnRing.Step] = []
        var current = CompactName(id)
        for _ in 0..<Lineage.mostSteps {
            guard result.count < Lineage.mostEarlier, let step = steps[number] else { break }
            if step.name == current {
                result.append(step)
                current = step.previous
            }
            number = step.before
        }
        return result
    }
}

/// A connection that a client had before the one it has now.
public struct EarlierConnection: Sendable, Hashable {
    public var id: String
    /// When it closed, where that was seen.
    public var lostAt: FeedTime?
    /// When the client came back from there.
    public var returnedAt: FeedTime
    /// Whether the client told the id; else it is the last one of the same key, which several clients may share.
    public var isCertain: Bool

    public init(id: String, lostAt: FeedTime?, returnedAt: FeedTime, isCertain: Bool) {
        self.id = id
        self.lostAt = lostAt
        self.returnedAt = returnedAt
        self.isCertain = isCertain
    }
}
