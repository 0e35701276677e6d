/// Makes the feed out of what buffers hold: merges by time, gives `seq`, tells of losses, and puts snapshots where they are right. Pure.
///
/// A snapshot is asked for where state was lost. Every buffer then brings a part, its loop's connections at one place in that buffer.
/// Until all parts are there, a buffer that brought one is left alone behind it (where its bound still holds); the snapshot comes behind
/// all that stood before the parts and before all that stands behind them, so it fits what is read around it exactly.
package struct FeedAssembler: Sendable {
    /// How many whole ticks a snapshot waits for its parts, five seconds in all.
    package static let patience = 100
    /// How many whole ticks lie between a snapshot and the next question, half a second: loops that drown in events need no more work.
    package static let rest = 10

    private struct Round: Sendable {
        var awaited: Set<Int>
        var parts: [Int: FeedBacklog.Part] = [:]
        var ticks = 0
    }

    private let node: String
    private var seq = 0
    private var round: Round?
    private var restingTicks = 0
    private var isSnapshotOwed = false
    /// Buffers that were passed over; their part, when it comes at last, says that they can be asked again.
    private var silent: Set<Int> = []
    private var counts: [FeedEventType: Int] = [:]
    private var losses = FeedLosses()
    private var unanswered = 0

    package init(node: String) { self.node = node }

    package var statistics: FeedStatistics {
        var statistics = FeedStatistics()
        statistics.eventsByType = Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) })
        statistics.events = counts.values.reduce(0, +)
        statistics.missed = losses.total
        statistics.missedByType = losses.byType
        statistics.unansweredParts = unanswered
        return statistics
    }

    /// Whether ticks have to go on though nothing is published.
    package var isWaiting: Bool { round != nil || isSnapshotOwed }

    /// Whether events wait behind their buffer's part.
    package var isHolding: Bool { round.map { !$0.parts.isEmpty } ?? false }

    package mutating func tick() {
        round?.ticks += 1
        restingTicks = max(restingTicks - 1, 0)
    }

    package func extent(ofBuffer id: Int) -> FeedBacklog.Extent {
        guard let round else { return .all }
        return round.parts[id] == nil ? .toPart : .nothing
    }

    package mutating func oweSnapshot() {
        // The snapshot of an open round comes after this call, so it serves.
        if round == nil { isSnapshotOwed = true }
    }

    /// Whether the loops shall be asked now; if so, they are `buffers`.
    package mutating func openRound(_ buffers: some Sequence<Int>) -> Bool {
        guard isSnapshotOwed, round == nil, restingTicks == 0 else { return false }
        let awaited = Set(buffers)
        isSnapshotOwed = false
        guard !awaited.isEmpty else { return false }
        round = Round(awaited: awaited)
        return true
    }

    /// Nobody can be asked.
    package mutating func forgetSnapshot() { isSnapshotOwed = false }

    package mutating func forgetBuffer(_ id: Int) {
        round?.awaited.remove(id)
        silent.remove(id)
    }

    /// Takes one cut through all buffers, and through what others publish (`shared`), which counts as the first of them where times are
    /// equal.
    package mutating func absorb(
        shared: FeedBacklog.Take, takes: [(id: Int, take: FeedBacklog.Take)], now: FeedTime, into batch: inout [FeedEntry]
    ) {
        var lost = shared.losses
        for (id, take) in takes {
            lost.add(take.losses)
            if let part = take.part {
                round?.parts[id] = part
                silent.remove(id)
            } else if take.hasLatePart, silent.remove(id) != nil {
                oweSnapshot()
            }
        }
        FeedMerge.merge([shared.events] + takes.map(\.take.events)) { append($0, to: &batch) }
        guard !lost.isEmpty else { return }
        losses.add(lost)
        append(FeedEvent(time: now, kind: .feedGap(lost.gap)), to: &batch)
        if lost.lostState { oweSnapshot() }
    }

    /// Ends the open round if all parts are there, or the patience is, or it has to end (`force`), and says whether what is held back can
    /// go on.
    package mutating func closeRound(present: some Sequence<Int>, force: Bool, now: FeedTime, into batch: inout [FeedEntry]) -> Bool {
        guard let round else { return false }
        let missing = round.awaited.subtracting(round.parts.keys)
        let isPatienceOver = round.ticks >= Self.patience
        guard missing.isEmpty || isPatienceOver || force else { return false }
        self.round = nil
        restingTicks = Self.rest
        if isPatienceOver {
            unanswered += missing.count
            silent.formUnion(missing)
        }
        // A loop that is stuck is worth a snapshot without it; the end of the feed is not.
        if !round.parts.isEmpty, missing.isEmpty || isPatienceOver {
            let parts = round.parts.sorted { $0.key < $1.key }.map(\.value)
            var snapshot = FeedEvent.FeedSnapshot(connections: parts.flatMap(\.connections))
            for part in parts { snapshot.counters.merge(part.counters) { $0.addingReportingOverflow($1).partialValue } }
            append(FeedEvent(time: now, kind: .snapshot(snapshot)), to: &batch)
        }
        // A buffer that came while the round was open was not asked, so its connections are not in it.
        if present.contains(where: { !round.awaited.contains($0) && round.parts[$0] == nil }) { isSnapshotOwed = true }
        return true
    }

    private mutating func append(_ event: FeedEvent, to batch: inout [FeedEntry]) {
        if case .serverStarted = event.kind { seq = 0 }
        seq += 1
        counts[event.kind.type, default: 0] += 1
        batch.append(FeedEntry(seq: seq, node: node, event: event))
    }
}
