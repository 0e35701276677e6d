/// The servers there are to look at, and which row of them is selected.
struct NodesState: Sendable {
    /// In the order of their addresses; empty where there is only one.
    private(set) var all: [NodeSummary] = []
    /// The id of the selected row; nil: the chosen one's.
    private(set) var selected: Int?
    /// The first row in view.
    private(set) var offset = 0

    var areSeveral: Bool { all.count > 1 }
    var chosen: NodeSummary? { all.first { $0.isChosen } }
    /// Whether one that is not in view should be looked at.
    var hasTroubleElsewhere: Bool { all.contains { !$0.isChosen && $0.isInTrouble } }

    mutating func take(_ nodes: [NodeSummary]) { all = nodes }

    /// Where the selected row is.
    var selectedIndex: Int {
        if let selected, let index = all.firstIndex(where: { $0.id == selected }) { return index }
        return all.firstIndex { $0.isChosen } ?? 0
    }

    mutating func move(by rows: Int) {
        guard !all.isEmpty else { return }
        selected = all[min(max(0, selectedIndex + rows), all.count - 1)].id
    }

    mutating func refresh(visible: Int) {
        let visible = max(1, visible)
        offset = min(offset, max(0, all.count - visible))
        if selectedIndex < offset { offset = selectedIndex }
        if selectedIndex >= offset + visible { offset = selectedIndex - visible + 1 }
    }

    /// The node so many places behind the chosen one, round to the first; nil where that is the chosen one.
    func neighbour(_ step: Int) -> NodeSummary? {
        guard areSeveral, let index = all.firstIndex(where: { $0.isChosen }) else { return nil }
        return all[(index + step + all.count) % all.count]
    }

    /// Shows the chosen one as the server will, before it is asked.
    mutating func choose(_ id: Int) {
        for index in all.indices { all[index].isChosen = all[index].id == id }
        selected = nil
    }
}
