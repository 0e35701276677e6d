/// What one buffer holds until the next drain: events in order, bounded in number and bytes, what was dropped, and parts of snapshots.
///
/// A part is a barrier: it tells who is present at its place, so what stands behind it belongs behind the snapshot.
package struct FeedBacklog: Sendable {
    /// One loop's part of a snapshot.
    package struct Part: Sendable, Hashable {
        package var connections: [FeedEvent.FeedSnapshot.Present]
        package var counters: [String: Int]

        package init(connections: [FeedEvent.FeedSnapshot.Present], counters: [String: Int]) {
            self.connections = connections
            self.counters = counters
        }
    }

    /// How much of the backlog a drain takes.
    package enum Extent: Sendable, Hashable {
        /// All; parts in it answer no question of this time and are put aside.
        case all
        /// Up to the first part, all if there is none.
        case toPart
        /// Nothing: its part was taken, the others' are awaited.
        case nothing
    }

    /// What a drain took.
    package struct Take: Sendable, Hashable {
        package var events: [FeedEvent] = []
        package var losses = FeedLosses()
        package var part: Part?
        /// A part came that nobody waits for any more.
        package var hasLatePart = false

        package init() {}
    }

    private struct Barrier: Sendable {
        /// How many events stand before it.
        var position: Int
        var part: Part
        /// What was dropped since the last barrier.
        var losses: FeedLosses
    }

    /// A loop gives a part when asked, and is asked again only when the feed has it: more than one or two are a mistake.
    private static let mostBarriers = 8

    private let capacity: Int
    private let byteLimit: Int
    private var events: [FeedEvent] = []
    private var bytes = 0
    private var losses = FeedLosses()
    private var barriers: [Barrier] = []

    package init(capacity: Int, byteLimit: Int) {
        self.capacity = max(capacity, 1)
        self.byteLimit = byteLimit
    }

    package var isEmpty: Bool { events.isEmpty && losses.isEmpty && barriers.isEmpty }

    /// Whether a drain should come before its time.
    package var isHalfFull: Bool { events.count >= (capacity + 1) / 2 || bytes >= byteLimit / 2 }

    package mutating func append(_ event: FeedEvent) {
        let weight = event.kind.weight
        let share = event.kind.priority == .sample ? 3 : 4
        guard events.count < Self.part(share, of: capacity), bytes + weight <= Self.part(share, of: byteLimit) else {
            losses.count(event.kind)
            return
        }
        events.append(event)
        bytes += weight
    }

    package mutating func append(_ part: Part) {
        guard barriers.count < Self.mostBarriers else { return }
        barriers.append(Barrier(position: events.count, part: part, losses: losses))
        losses = FeedLosses()
    }

    package mutating func take(_ extent: Extent) -> Take {
        switch extent {
        case .nothing: return Take()
        case .all: return takeAll()
        case .toPart: return barriers.isEmpty ? takeAll() : takeToPart()
        }
    }

    private mutating func takeAll() -> Take {
        var take = Take()
        swap(&take.events, &events)
        // About as much will come by the next drain; much more is a burst, for which no room is kept.
        events.reserveCapacity(min(take.events.count, 1024))
        bytes = 0
        for barrier in barriers { take.losses.add(barrier.losses) }
        take.losses.add(losses)
        take.hasLatePart = !barriers.isEmpty
        losses = FeedLosses()
        barriers = []
        return take
    }

    private mutating func takeToPart() -> Take {
        let barrier = barriers.removeFirst()
        var take = Take()
        take.events = Array(events[..<barrier.position])
        take.losses = barrier.losses
        take.part = barrier.part
        events.removeSubrange(..<barrier.position)
        bytes = events.reduce(0) { $0 + $1.kind.weight }
        for index in barriers.indices { barriers[index].position -= barrier.position }
        return take
    }

    /// `quarters` quarters of `whole`, at least one where `whole` is, and without overflow.
    private static func part(_ quarters: Int, of whole: Int) -> Int {
        quarters == 4 ? whole : max(whole - whole / 4, 1)
    }
}
