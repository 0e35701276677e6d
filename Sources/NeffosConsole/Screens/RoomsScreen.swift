import NeffosObservatory
import Terminal

/// Namespaces and their rooms as a tree, and who is in them.
enum RoomsScreen {
    static func draw(_ input: ScreenInput, into frame: inout Frame) {
        let state = input.model.rooms
        let layout = RoomsLayout(size: input.model.size, isMembersOpen: state.members != nil)
        if let rect = layout.tree { drawTree(input, into: &frame, in: rect, rows: layout.treeRows) }
        if let rect = layout.members { RoomMemberList.draw(input, into: &frame, in: rect, rows: layout.memberRows) }
    }

    private static func drawTree(_ input: ScreenInput, into frame: inout Frame, in rect: Rect, rows: Int) {
        let theme = input.theme
        let state = input.model.rooms
        frame.rule(title(input, ascii: frame.ascii), trailing: trailing(input), in: rect.line(0), theme: theme)
        let table = Rect(row: rect.row + 1, column: rect.column, rows: rect.rows - 1, columns: rect.columns)
        guard !state.lines.isEmpty else {
            let text = state.filter.isEmpty ? "nobody is in a namespace yet" : "no namespace or room has this in its name: Esc clears it"
            frame.put(text, at: Position(row: table.row + 1, column: table.column + 2), columns: table.columns - 4, style: theme[.accent])
            return
        }
        let isRoomy = rect.columns >= 100
        let shown = state.lines.dropFirst(state.offset).prefix(rows)
        let most = max(1, state.lines.first.map(members) ?? 1, shown.map(members).max() ?? 1)
        ScreenTable.draw(
            columns(isRoomy: isRoomy), shown.map { row($0, most: most, input) }, offset: state.offset,
            selected: state.members == nil ? state.selectedIndex : nil, sorted: sorted(state), into: &frame, in: table, theme: theme)
    }

    private static func title(_ input: ScreenInput, ascii: Bool) -> String {
        let state = input.model.rooms
        let names = ConsoleFormat.plural(input.vitals.namespaces, "namespace") + ", " + ConsoleFormat.plural(input.vitals.rooms, "room")
        guard !state.filter.isEmpty else { return names }
        return "\(names), those with \"\(SafeText.escaped(state.filter, maximum: 24, ascii: ascii))\""
    }

    private static func trailing(_ input: ScreenInput) -> [Span] {
        let theme = input.theme
        let state = input.model.rooms
        guard !state.lines.isEmpty else { return [] }
        let total = state.total.map { ConsoleFormat.count($0) } ?? "many"
        return [
            Span("by \(name(state.sort)) \(state.descending ? theme.glyphs.sortDown : theme.glyphs.sortUp)", theme[.accent]),
            Span("  \(ConsoleFormat.count(state.selectedIndex + 1)) of \(total)", theme[.dim]),
        ]
    }

    private static func name(_ column: RoomColumn) -> String {
        switch column {
        case .name: "name"
        case .members: "members"
        case .rate: "joins and leaves"
        }
    }

    private static func sorted(_ state: RoomsState) -> (column: Int, descending: Bool)? {
        switch state.sort {
        case .name: (0, state.descending)
        case .members: (1, state.descending)
        // It is the sum of two columns; the first of them has the sign.
        case .rate: (3, state.descending)
        }
    }

    /// Where there is little room, it is for the names.
    private static func columns(isRoomy: Bool) -> [Table.Column] {
        var columns: [Table.Column] = [
            .init("namespaces and rooms", minimum: 24, grows: true, priority: 9),
            .init("members", minimum: 9, align: .right, priority: 9),
            .init("rooms", minimum: 7, align: .right, priority: 8),
            .init("joins/s", minimum: 8, align: .right, priority: 7),
            .init("leaves/s", minimum: 9, align: .right, priority: 6),
        ]
        if isRoomy {
            columns += [
                .init("joins", minimum: 7, align: .right, priority: 5), .init("leaves", minimum: 7, align: .right, priority: 4),
                .init("", minimum: 12, maximum: 20, priority: 3),
            ]
        }
        return columns
    }

    private static func members(_ line: RoomsState.Line) -> Int {
        switch line {
        case .namespace(let row, _): row.members
        case .room(let row, _): row.members
        }
    }

    private static func row(_ line: RoomsState.Line, most: Int, _ input: ScreenInput) -> Table.Row {
        let theme = input.theme
        let glyphs = theme.glyphs
        func rate(_ value: Double, _ role: Theme.Role) -> (String, Style?) {
            value < 0.05 ? (glyphs.middleDot, theme[.dim]) : (ConsoleFormat.compact(value), theme[role])
        }
        let bar = Gauge(members(line), of: most).text(columns: 12, glyphs: glyphs)
        switch line {
        case .namespace(let row, let isExpanded):
            let sign = row.rooms == 0 ? " " : isExpanded ? glyphs.expanded : glyphs.collapsed
            return Table.Row([
                (" \(sign) \(row.name.isEmpty ? "\"\"" : row.name)", theme[.strong]), (ConsoleFormat.short(row.members), theme[.strong]),
                (ConsoleFormat.short(row.rooms), nil), rate(row.joinsPerSecond, .good), rate(row.leavesPerSecond, .warn), ("", nil),
                ("", nil), (bar, theme[.accent]),
            ])
        case .room(let row, let isLast):
            return Table.Row([
                ("   \(isLast ? glyphs.lastBranch : glyphs.branch) \(row.room.isEmpty ? "\"\"" : row.room)", nil),
                (ConsoleFormat.short(row.members), nil), ("", nil), rate(row.joinsPerSecond, .good), rate(row.leavesPerSecond, .warn),
                (ConsoleFormat.short(row.joins), theme[.dim]), (ConsoleFormat.short(row.leaves), theme[.dim]), (bar, theme[.accent]),
            ])
        }
    }
}
