/// The connections of a loop, spread over as many slots as the heartbeat has seconds: each tick looks at one slot, so that no connection needs
/// a timer of its own and each is looked at once an interval.
struct HeartbeatWheel {
    private var slots: [Set<MemberIndex.Member>] = [[]]
    private var next = 0
    private var cursor = 0

    /// More slots than this are of no use: who is looked at more often than it is pinged costs little.
    private static let mostSlots = 3600

    /// - Parameter seconds: the heartbeat's interval.
    mutating func configure(seconds: Int) { slots = Array(repeating: [], count: max(1, min(seconds, Self.mostSlots))) }

    /// Puts a connection into a slot, which it must remember to be removed.
    mutating func insert(_ connection: Connection) -> Int {
        next = (next + 1) % slots.count
        slots[next].insert(.init(connection: connection))
        return next
    }

    mutating func remove(_ connection: Connection, slot: Int) {
        guard slots.indices.contains(slot) else { return }
        slots[slot].remove(.init(connection: connection))
    }

    /// The connections whose turn it is.
    mutating func turn() -> Set<MemberIndex.Member> {
        cursor = (cursor + 1) % slots.count
        return slots[cursor]
    }

    var all: some Sequence<Connection> { slots.lazy.joined().map(\.connection) }
    var count: Int { slots.reduce(0) { $0 + $1.count } }
}
