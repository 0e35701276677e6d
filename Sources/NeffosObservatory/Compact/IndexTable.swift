/// Finds things that are kept elsewhere, by their hashes: a table of their numbers alone, four bytes a slot.
///
/// Open addressing with the next slot tried; who removes closes the gap. The hashes are to be the seeded ones of the standard library, so that
/// no peer can choose names that fall into one place.
struct IndexTable: Sendable {
    private static let free = UInt32.max

    private var slots: [UInt32] = []
    private(set) var count = 0

    private var mask: Int { slots.count - 1 }

    /// The number for which `matches` is true, among those put in with this hash.
    func find(_ hash: Int, where matches: (Int) -> Bool) -> Int? {
        guard !slots.isEmpty else { return nil }
        var slot = hash & mask
        while slots[slot] != IndexTable.free {
            if matches(Int(slots[slot])) { return Int(slots[slot]) }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// - Parameters:
    ///   - index: not in the table yet.
    ///   - rehash: the hash of one that is in it, for when it grows.
    mutating func insert(_ index: Int, hash: Int, rehash: (Int) -> Int) {
        if count * 8 >= slots.count * 7 { resize(to: max(16, slots.count * 2), rehash) }
        place(UInt32(index), hash)
        count += 1
    }

    private mutating func place(_ index: UInt32, _ hash: Int) {
        var slot = hash & mask
        while slots[slot] != IndexTable.free { slot = (slot + 1) & mask }
        slots[slot] = index
    }

    private mutating func resize(to size: Int, _ rehash: (Int) -> Int) {
        let before = slots
        slots = [UInt32](repeating: IndexTable.free, count: size)
        for index in before where index != IndexTable.free { place(index, rehash(Int(index))) }
    }

    private func slot(of index: Int, _ hash: Int) -> Int? {
        guard !slots.isEmpty else { return nil }
        var slot = hash & mask
        while slots[slot] != IndexTable.free {
            if Int(slots[slot]) == index { return slot }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// - Parameter rehash: the hash of one that is in it, `index` too.
    mutating func remove(_ index: Int, rehash: (Int) -> Int) {
        guard var gap = slot(of: index, rehash(index)) else { return }
        count -= 1
        var next = (gap + 1) & mask
        while slots[next] != IndexTable.free {
            let home = rehash(Int(slots[next])) & mask
            // It may move into the gap unless its home lies after the gap.
            if (next - home) & mask >= (next - gap) & mask {
                slots[gap] = slots[next]
                gap = next
            }
            next = (next + 1) & mask
        }
        slots[gap] = IndexTable.free
        // After a great leave the memory is given back.
        if slots.count > 1024, count * 8 < slots.count { resize(to: slots.count / 4, rehash) }
    }

    /// What had the number `old` has the number `new` from now on.
    mutating func renumber(_ old: Int, to new: Int, hash: Int) {
        if let slot = slot(of: old, hash) { slots[slot] = UInt32(new) }
    }
}
