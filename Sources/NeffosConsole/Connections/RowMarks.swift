/// The rows that the operator marked, by id.
struct RowMarks: Sendable {
    private(set) var ids: Set<String> = []

    /// The one marked last by itself: a range begins there.
    private(set) var last: String?

    var count: Int { ids.count }
    var isEmpty: Bool { ids.isEmpty }
    func contains(_ id: String) -> Bool { ids.contains(id) }

    mutating func toggle(_ id: String) {
        if ids.remove(id) == nil {
            ids.insert(id)
            last = id
        }
    }
    mutating func add(_ more: [String]) { ids.formUnion(more) }
    /// Of these, those that were not are marked, and the others not.
    mutating func invert(_ all: [String]) { ids.formSymmetricDifference(all) }
    mutating func clear() {
        ids = []
        last = nil
    }

    /// Forgets those that are gone.
    mutating func prune(_ isHere: (String) -> Bool) {
        if !ids.isEmpty { ids = ids.filter(isHere) }
    }
}
