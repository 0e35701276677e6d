/// What a sink with slow work has still to do, bounded. Pure; for sinks of any kind that lead to one reader each.
///
/// When it is full, the sink loses its place: all that comes is dropped and counted until half of the backlog is done, and then a
/// `feed.gap` of the sink's own is put behind what was kept. With several sinks such a gap must not go into the feed itself, where the
/// others would be told that they missed what they have. So it takes the `seq` of the last entry that was dropped: for the reader of this
/// one sink the numbers jump to a `feed.gap` and nowhere else, and go on by one behind it, while each `seq` still means the same event to
/// every reader. A gap that is itself dropped is added to the one that tells of it, so `missed` is at least the width of the jump, and no
/// loss is ever untold. Where state was lost the sink asks for a snapshot, which everybody gets: more of the truth harms nobody.
package struct SinkBacklog: Sendable {
    package enum Recovery: Sendable, Hashable {
        /// Nothing was lost, or there is no room yet.
        case none
        /// The gap is in the backlog.
        case gap
        /// The gap is in the backlog, and what comes behind it makes sense only with a snapshot.
        case gapBeforeSnapshot
    }

    private let bound: Int
    private let byteBound: Int
    private var entries: [FeedEntry] = []
    private var head = 0
    private var bytes = 0
    private var lost: (losses: FeedLosses, last: FeedEntry)?

    /// - Parameters:
    ///   - bound: the most entries.
    ///   - byteBound: about the most bytes of memory; a single entry may be larger.
    package init(bound: Int, byteBound: Int) {
        self.bound = max(bound, 1)
        self.byteBound = byteBound
    }

    package var count: Int { entries.count - head }
    package var isEmpty: Bool { count == 0 }
    package var hasLostPlace: Bool { lost != nil }

    /// Takes what there is room for, in order, and drops the rest.
    package mutating func append(_ batch: [FeedEntry]) {
        for entry in batch {
            if lost == nil {
                let weight = entry.event.kind.weight
                if isEmpty || (count < bound && bytes + weight <= byteBound) {
                    entries.append(entry)
                    bytes += weight
                    continue
                }
            }
            var losses = lost?.losses ?? FeedLosses()
            losses.count(entry.event.kind)
            lost = (losses, entry)
        }
    }

    /// The next entries, at most `most`.
    package mutating func take(atMost most: Int) -> [FeedEntry] {
        let taken = Array(entries[head..<min(head + most, entries.count)])
        head += taken.count
        for entry in taken { bytes -= entry.event.kind.weight }
        if isEmpty {
            entries = []
            head = 0
        } else if head > entries.count / 2 {
            entries.removeSubrange(..<head)
            head = 0
        }
        return taken
    }

    /// Finds the place again if there is room, and adds what was lost to `losses`.
    package mutating func recover(countingInto losses: inout FeedLosses) -> Recovery {
        guard let lost, count <= bound / 2, bytes <= byteBound / 2 else { return .none }
        self.lost = nil
        losses.add(lost.losses)
        let event = FeedEvent(time: lost.last.event.time, kind: .feedGap(lost.losses.gap))
        entries.append(FeedEntry(seq: lost.last.seq, node: lost.last.node, event: event))
        bytes += event.kind.weight
        return lost.losses.lostState ? .gapBeforeSnapshot : .gap
    }

    /// Gives everything up.
    package mutating func abandon(countingInto losses: inout FeedLosses) {
        for entry in entries[head...] { losses.count(entry.event.kind) }
        if let lost { losses.add(lost.losses) }
        entries = []
        head = 0
        bytes = 0
        lost = nil
    }
}
