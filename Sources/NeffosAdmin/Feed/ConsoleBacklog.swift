import DequeModule
import NeffosFeed

/// What of the feed has still to go to one console, bounded. Pure.
///
/// Its reader sees a feed of its own: from a picture on, without the messages that only others tapped. Where it is slow, samples go first: they
/// are counted, and the next one that there is room for is a `feed.gap` that tells. Where that is not enough it loses its place: all is counted
/// until half of the backlog is done, and then a gap and, if state was lost, a snapshot stand there. Each entry keeps the `seq` that it has for
/// everybody, and what is put in has that of one that was dropped, so that no number comes twice.
struct ConsoleBacklog: Sendable {
    private let bound: Int
    private let byteBound: Int
    private var entries: Deque<(entry: FeedEntry, weight: Int)> = []
    private var bytes = 0
    /// What the reader has already.
    private var mark: Int
    /// Samples that were dropped, and have not been told of.
    private var thinned = FeedLosses()
    private var lost: (losses: FeedLosses, last: FeedEntry, count: Int)?
    /// All that was dropped so far.
    private(set) var missed = 0

    /// - Parameters:
    ///   - bound: the most entries.
    ///   - byteBound: about the most bytes of memory; a single entry may be larger, and snapshots do not count.
    ///   - mark: the `seq` of the last entry that the reader has.
    init(bound: Int, byteBound: Int, mark: Int = 0) {
        self.bound = max(bound, 1)
        self.byteBound = byteBound
        self.mark = mark
    }

    var count: Int { entries.count }
    var isEmpty: Bool { entries.isEmpty && lost == nil }

    /// The reader has all up to here in another way.
    mutating func skip(to seq: Int) {
        mark = max(mark, seq)
        while let first = entries.first, first.entry.seq <= mark { removeFirst() }
        if let lost, lost.last.seq <= mark { self.lost = nil }
    }

    mutating func append(_ entry: FeedEntry) {
        guard entry.seq > mark else { return }
        if lost != nil { return lose(entry) }
        if entry.event.kind.priority == .sample {
            if isPressed {
                thinned.count(entry.event.kind)
                missed += 1
                return
            }
            if !thinned.isEmpty {
                // The sample gives its place to the word that others are missing.
                thinned.count(entry.event.kind)
                missed += 1
                push(gap(thinned, at: entry.seq, like: entry))
                thinned = FeedLosses()
                return
            }
        }
        let weight = entry.event.kind.weight
        guard entries.isEmpty || (entries.count < bound && bytes + weight <= byteBound) else { return lose(entry) }
        push(entry, weight: weight)
    }

    /// The next entries, until they are `most` or hold about so many bytes.
    mutating func take(atMost most: Int, bytes limit: Int) -> [FeedEntry] {
        var taken: [FeedEntry] = []
        var weight = 0
        while taken.count < most, let first = entries.first, taken.isEmpty || weight + first.entry.event.kind.weight <= limit {
            weight += first.entry.event.kind.weight
            taken.append(first.entry)
            removeFirst()
        }
        return taken
    }

    // MARK: Losing and finding the place

    /// Where the place was lost and there is room again: the `seq` that a snapshot has to stand at, 0 where none is needed. Nil: go on.
    var wantsRecovery: Int? {
        guard let lost, entries.count <= bound / 2, bytes <= byteBound / 2 else { return nil }
        guard lost.losses.lostState else { return 0 }
        // The gap and the snapshot take the places of two.
        return lost.count >= 2 ? lost.last.seq : nil
    }

    /// - Parameter snapshot: who was here at the `seq` that ``wantsRecovery`` told.
    mutating func recover(with snapshot: FeedEvent.FeedSnapshot?) {
        guard let lost else { return }
        self.lost = nil
        let last = lost.last
        guard let snapshot else { return push(gap(lost.losses, at: last.seq, like: last)) }
        push(gap(lost.losses, at: last.seq - 1, like: last))
        push(FeedEntry(seq: last.seq, node: last.node, event: FeedEvent(time: last.event.time, kind: .snapshot(snapshot))))
    }

    private var isPressed: Bool { entries.count >= (bound + 3) / 4 || bytes > byteBound / 4 }

    private mutating func lose(_ entry: FeedEntry) {
        var losses = lost?.losses ?? thinned
        thinned = FeedLosses()
        losses.count(entry.event.kind)
        missed += 1
        lost = (losses, entry, (lost?.count ?? 0) + 1)
    }

    private func gap(_ losses: FeedLosses, at seq: Int, like entry: FeedEntry) -> FeedEntry {
        FeedEntry(seq: seq, node: entry.node, event: FeedEvent(time: entry.event.time, kind: .feedGap(losses.gap)))
    }

    private mutating func push(_ entry: FeedEntry, weight: Int = 0) {
        entries.append((entry, weight))
        bytes += weight
    }

    private mutating func removeFirst() {
        if let first = entries.popFirst() { bytes -= first.weight }
    }
}
