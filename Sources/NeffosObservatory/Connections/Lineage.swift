import NeffosFeed

/// How often each client has come back, by key, or by the chain of its ids where it has none. Bounded: the names longest unseen are forgotten.
struct Lineage: Sendable {
    private let capacity: Int
    // Two generations: what is asked for moves to the young one; when that is full, the old one goes.
    private var young: [String: Int32] = [:]
    private var old: [String: Int32] = [:]

    init(capacity: Int = 65_536) { self.capacity = capacity }

    var count: Int { young.count + old.count }

    func returns(key: String?, id: String) -> Int {
        let name = key ?? id
        return Int(young[name] ?? old[name] ?? 0)
    }

    mutating func returned(key: String?, id: String, previous: String?) {
        let before = key ?? previous
        let count = before.map { returns(key: $0, id: $0) } ?? 0
        // An id's chain is carried by its newest id alone.
        if key == nil, let previous {
            young[previous] = nil
            old[previous] = nil
        }
        if young.count >= capacity / 2 {
            old = young
            young = [:]
        }
        young[key ?? id] = Int32(clamping: count + 1)
    }
}
