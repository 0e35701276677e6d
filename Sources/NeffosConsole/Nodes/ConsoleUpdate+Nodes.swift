import Terminal

extension ConsoleModel {
    /// What the Nodes screen does with a command; nil where it does nothing of its own with it.
    mutating func updateNodes(_ command: ConsoleCommand) -> [ConsoleEffect]? {
        switch command {
        case .up, .down, .pageUp, .pageDown, .first, .last:
            nodes.move(by: Self.rows(command, page: nodeRows))
            nodes.refresh(visible: nodeRows)
        case .open:
            guard nodes.areSeveral else { return [] }
            let effects = choose(nodes.all[nodes.selectedIndex])
            screen = .overview
            return effects
        default: return nil
        }
        return []
    }

    /// Rows under title and header.
    var nodeRows: Int { max(1, ConsoleLayout(size: size).body.rows - 2) }

    /// Shows another server. Rows, marks and a pause were the other one's; columns, orders and filters stay.
    mutating func choose(_ node: NodeSummary?) -> [ConsoleEffect] {
        guard let node, !node.isChosen else { return [] }
        resume()
        nodes.choose(node.id)
        connections = connections.onAnotherNode
        rooms = RoomsState()
        events = events.onAnotherNode
        let mode = returns.mode
        returns = ReturnsState()
        if mode == .probes { returns.mode = .probes }
        details = nil
        return [.choose(node: node.id)]
    }
}

extension ConnectionsState {
    fileprivate var onAnotherNode: ConnectionsState {
        var fresh = ConnectionsState()
        fresh.columns = columns
        fresh.filters = filters
        if sort != fresh.sort, let field = ConnectionField.allCases.first(where: { $0.sort == sort }) { fresh.sort(by: field) }
        if descending != fresh.descending { fresh.reverse() }
        fresh.setFilter(filter)
        return fresh
    }
}

extension EventsState {
    fileprivate var onAnotherNode: EventsState {
        var fresh = EventsState()
        if showsSamples { fresh.toggleSamples() }
        fresh.setFilter(filter)
        return fresh
    }
}
