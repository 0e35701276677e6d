/// The rows that the operator marked, by id.
struct RowMarks: Sendable {
    private(set) var ids: Set<String> = []

    var count: Int { ids.count }
    var isEmpty: Bool { ids.isEmpty }
    func contains(_ id: String) -> Bool { ids.contains(id) }

    mutating func toggle(_ id: String) {
        if ids.remove(id) == nil { ids.insert(id) }
    }
    mutating func add(_ more: [String]) { ids.formUnion(more) }
    mutating func clear() { ids = [] }

    /// Forgets those that are gone.
    mutating func prune(_ isHere: (String) -> Bool) {
        if !ids.isEmpty { ids = ids.filter(isHere) }
    }
}
