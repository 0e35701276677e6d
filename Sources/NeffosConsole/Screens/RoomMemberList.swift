import NeffosObservatory
import Terminal

/// Those who are in a namespace or a room.
enum RoomMemberList {
    /// Beside the tree, so many of the selected place's are shown before they are opened.
    private static let preview = 100

    static func draw(_ input: ScreenInput, into frame: inout Frame, in rect: Rect, rows: Int) {
        let theme = input.theme
        let state = input.model.rooms
        guard let place = state.members?.place ?? state.selected else {
            return frame.rule("Members", in: rect.line(0), theme: theme)
        }
        let ids: [String]
        if let members = state.members {
            ids = Array(members.ids.dropFirst(members.offset).prefix(rows))
        } else {
            ids = input.observatory.members(of: place.namespace, room: place.room, limit: min(rows, preview))
        }
        frame.rule(title(place, ascii: frame.ascii), trailing: trailing(input), in: rect.line(0), theme: theme)
        let table = Rect(row: rect.row + 1, column: rect.column, rows: rect.rows - 1, columns: rect.columns)
        guard !ids.isEmpty else {
            frame.put("nobody is in it any more", at: Position(row: table.row + 1, column: table.column + 2), style: theme[.accent])
            return
        }
        ScreenTable.draw(
            columns, ids.map { row($0, input) }, offset: state.members?.offset ?? 0, selected: state.members?.selectedIndex,
            into: &frame, in: table, theme: theme)
    }

    private static func title(_ place: RoomsState.Place, ascii: Bool) -> String {
        let namespace = SafeText.escaped(place.namespace.isEmpty ? "\"\"" : place.namespace, maximum: 24, ascii: ascii)
        guard let room = place.room else { return "In \(namespace)" }
        return "In \(namespace): \(SafeText.escaped(room.isEmpty ? "\"\"" : room, maximum: 24, ascii: ascii))"
    }

    private static func trailing(_ input: ScreenInput) -> [Span] {
        let theme = input.theme
        guard let members = input.model.rooms.members else { return [Span("Enter lists them", theme[.accent])] }
        guard !members.ids.isEmpty else { return [] }
        let count = ConsoleFormat.count(members.ids.count)
        return [
            Span(
                "\(ConsoleFormat.count(members.selectedIndex + 1)) of \(members.isPartial ? "\(count) or more" : count)", theme[.dim])
        ]
    }

    private static let columns: [Table.Column] = [
        .init("key", minimum: 14, maximum: 28, priority: 9), .init("id", minimum: 10, maximum: 36, priority: 8),
        .init("address", minimum: 15, maximum: 21, priority: 9), .init("age", minimum: 6, align: .right, priority: 9),
        .init("back", minimum: 5, align: .right, priority: 5),
    ]

    private static func row(_ id: String, _ input: ScreenInput) -> Table.Row {
        let theme = input.theme
        guard let row = input.observatory.connection(id) else { return Table.Row(["gone", id], style: theme[.dim]) }
        return Table.Row([
            (row.key ?? "", theme[.strong]), (row.id, theme[.dim]), (row.remote, nil),
            (ConsoleFormat.age(input.age(since: row.openedAt)), nil),
            row.returns == 0 ? (theme.glyphs.middleDot, theme[.dim]) : (ConsoleFormat.compact(Double(row.returns)), nil),
        ])
    }
}
