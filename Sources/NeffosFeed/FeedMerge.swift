/// Merges runs of events by their time. Within a run its own order stands, even where the clock was set back.
package enum FeedMerge {
    /// Gives `emit` all events of `runs`. At equal times the earlier run goes first, but before all a `probe`, since the upgrade that it
    /// led to may be on another loop and in the same millisecond, and last `server.stopped`.
    package static func merge(_ runs: [[FeedEvent]], emit: (FeedEvent) -> Void) {
        var heads: [(run: [FeedEvent], index: Int, rank: Int)] = []
        for (rank, run) in runs.enumerated() where !run.isEmpty { heads.append((run, 0, rank)) }
        while heads.count > 1 {
            var first = 0
            var second = 1
            if key(heads[1]) < key(heads[0]) { swap(&first, &second) }
            for candidate in 2..<max(heads.count, 2) {
                if key(heads[candidate]) < key(heads[first]) {
                    second = first
                    first = candidate
                } else if key(heads[candidate]) < key(heads[second]) {
                    second = candidate
                }
            }
            // Events of one loop often come in stretches: go on with the first until the second is due.
            let limit = key(heads[second])
            repeat {
                emit(heads[first].run[heads[first].index])
                heads[first].index += 1
            } while heads[first].index < heads[first].run.count && key(heads[first]) < limit
            if heads[first].index == heads[first].run.count { heads.remove(at: first) }
        }
        if let last = heads.first {
            for event in last.run[last.index...] { emit(event) }
        }
    }

    private static func key(_ head: (run: [FeedEvent], index: Int, rank: Int)) -> (FeedTime, Int) {
        let event = head.run[head.index]
        switch event.kind {
        case .probe: return (event.time, Int.min + head.rank)
        case .serverStopped: return (event.time, Int.max)
        default: return (event.time, head.rank)
        }
    }
}
