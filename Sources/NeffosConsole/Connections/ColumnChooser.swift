/// Which columns there are, and in which order, while the operator chooses.
struct ColumnChooser: Sendable {
    /// All columns: those that are shown in the order in which they stand, then the others.
    private(set) var fields: [ConnectionField]
    private(set) var shown: Set<ConnectionField>
    private(set) var selected = 0

    init(shown: [ConnectionField]) {
        self.shown = Set(shown)
        fields = shown + ConnectionField.allCases.filter { !shown.contains($0) }
    }

    var field: ConnectionField { fields[selected] }
    /// The choice: never nothing.
    var columns: [ConnectionField] { fields.filter(shown.contains) }

    mutating func move(by rows: Int) { selected = min(max(0, selected + rows), fields.count - 1) }

    /// The last one stays: a table without columns says nothing.
    mutating func toggle() {
        if !shown.contains(field) {
            shown.insert(field)
        } else if shown.count > 1 {
            shown.remove(field)
        }
    }

    /// Moves the selected column among the others.
    mutating func shift(by step: Int) {
        let target = selected + step
        guard fields.indices.contains(target) else { return }
        fields.swapAt(selected, target)
        selected = target
    }

    mutating func reset() {
        let field = field
        self = ColumnChooser(shown: ConnectionField.standard)
        selected = fields.firstIndex(of: field) ?? 0
    }
}
