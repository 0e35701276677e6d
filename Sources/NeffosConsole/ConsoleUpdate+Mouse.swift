import Terminal

extension ConsoleModel {
    /// Rows that one step of the wheel goes.
    private static let wheelRows = 3

    /// Takes what was done with the mouse: a click selects a screen or a row, a second one opens it, the wheel goes through rows.
    mutating func update(_ mouse: MouseEvent, isDouble: Bool, live: any ObservatoryReading, now: Duration) -> [ConsoleEffect] {
        guard !isTooSmall else { return [] }
        switch mouse.kind {
        case .wheelUp, .wheelDown:
            var effects: [ConsoleEffect] = []
            for _ in 0..<Self.wheelRows { effects += update(mouse.kind == .wheelUp ? .up : .down, live: live, now: now) }
            return effects
        case .press: return press(mouse.position, isDouble: isDouble, live: live, now: now)
        }
    }

    private mutating func press(
        _ position: Position, isDouble: Bool, live: any ObservatoryReading, now: Duration
    ) -> [ConsoleEffect] {
        // What lies over the screen is answered with keys.
        guard dialog == nil, !isHelpShown, !isConfirmingQuit else { return [] }
        if position.row == ConsoleLayout(size: size).header.row {
            let input = ScreenInput(shown(live), self, theme: Theme(depth: .mono, ascii: isASCII))
            guard let tab = HeaderTabs(input).tabs.first(where: { $0.columns.contains(position.column) }) else { return [] }
            return update(.character(Character(String(tab.screen.rawValue))), live: live, now: now)
        }
        if screen == .nodes, !isLogShown {
            let row = position.row - ConsoleLayout(size: size).body.row - 2
            guard row >= 0, row < nodeRows, nodes.offset + row < nodes.all.count else { return [] }
            nodes.move(by: nodes.offset + row - nodes.selectedIndex)
            return isDouble ? update(.enter, live: live, now: now) : []
        }
        guard screen == .connections, !isLogShown else { return [] }
        let layout = connectionsLayout
        let row = position.row - layout.table.row - 1
        guard layout.table.contains(position), row >= 0, connections.offset + row < connections.order.count else { return [] }
        connections.select(connections.offset + row, now: now, visible: layout.visibleRows)
        return isDouble ? update(.enter, live: live, now: now) : []
    }
}
