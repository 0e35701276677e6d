/// Events that were dropped, counted exactly.
package struct FeedLosses: Sendable, Hashable {
    package private(set) var total = 0
    package private(set) var byType: [String: Int] = [:]
    /// Whether a picture built from the feed is wrong without what was dropped.
    package private(set) var lostState = false

    package init() {}

    package var isEmpty: Bool { total == 0 }

    package mutating func count(_ kind: FeedEvent.Kind) {
        if case .feedGap(let gap) = kind {
            // Whoever misses the gap misses what it told of; the gap itself is no news beside that.
            total += gap.missed
            byType.merge(gap.kinds, uniquingKeysWith: +)
        } else {
            total += 1
            byType[kind.typeName, default: 0] += 1
        }
        if kind.priority == .state { lostState = true }
    }

    package mutating func add(_ other: FeedLosses) {
        guard !other.isEmpty else { return }
        total += other.total
        byType.merge(other.byType, uniquingKeysWith: +)
        lostState = lostState || other.lostState
    }

    package var gap: FeedEvent.FeedGap { FeedEvent.FeedGap(missed: total, kinds: byType) }
}
