import NeffosObservatory
import Terminal

/// Every connection, one row each, in rows that keep still.
enum ConnectionsScreen {
    static func draw(_ input: ScreenInput, into frame: inout Frame) {
        let theme = input.theme
        let state = input.model.connections
        let layout = ConnectionsLayout(size: input.model.size, isDetailOpen: state.isDetailOpen)
        drawTitle(input, into: &frame, in: layout.title)
        if state.order.isEmpty {
            drawEmpty(input, into: &frame, in: layout.table)
        } else {
            let ids = state.order.dropFirst(state.offset).prefix(layout.visibleRows)
            let sorted = columns.firstIndex { $0.sort == state.sort }.map { (column: $0, descending: state.descending) }
            ScreenTable.draw(
                columns.map(\.column), ids.map { row($0, input) }, offset: state.offset, selected: state.selectedIndex, sorted: sorted,
                into: &frame, in: layout.table, theme: theme)
        }
        if let rect = layout.detail { ConnectionDetail.draw(input, into: &frame, in: rect) }
    }

    private static func drawTitle(_ input: ScreenInput, into frame: inout Frame, in rect: Rect) {
        let theme = input.theme
        let state = input.model.connections
        let all = input.observatory.connectionCount
        let known = ConsoleFormat.count(state.order.count)
        var title = ConsoleFormat.plural(all, "connection")
        var total = state.isPartial ? ConsoleFormat.count(all) : known
        if !state.filter.isEmpty {
            let filter = SafeText.escaped(state.filter, maximum: 24, ascii: frame.ascii)
            title = "\(known)\(state.isPartial ? " or more" : "") of \(title) with \"\(filter)\""
            total = known
        }
        var trailing = [Span("by \(name(state.sort)) \(state.descending ? theme.glyphs.sortDown : theme.glyphs.sortUp)", theme[.accent])]
        if !state.order.isEmpty {
            trailing.append(Span("  \(ConsoleFormat.count(state.selectedIndex + 1)) of \(total)", theme[.dim]))
        }
        frame.rule(title, trailing: trailing, in: rect, theme: theme)
    }

    private static func drawEmpty(_ input: ScreenInput, into frame: inout Frame, in rect: Rect) {
        let theme = input.theme
        let text: String
        if !input.model.connections.filter.isEmpty {
            text = "no id, key, address, namespace or room has this: Esc clears the filter"
        } else if input.vitals.url.isEmpty {
            text = "no clients yet: not listening yet"
        } else {
            text = "no clients yet: listening on \(input.vitals.url)"
        }
        frame.put(
            text, at: Position(row: rect.row + 1, column: rect.column + 2), columns: rect.columns - 4, style: theme[.accent])
    }

    private static let columns: [(sort: ConnectionColumn?, column: Table.Column)] = [
        column(.state, minimum: 7, maximum: 9),
        column(.key, minimum: 12, maximum: 24),
        column(.id, minimum: 8, maximum: 36),
        column(.remote, minimum: 15, maximum: 21),
        column(.age, minimum: 6, align: .right),
        column(.namespaces, minimum: 4, align: .right),
        column(.rooms, minimum: 6, align: .right),
        column(.tries, minimum: 6, align: .right),
        column(.returns, minimum: 6, align: .right),
        (nil, Table.Column("in", minimum: 20, maximum: 44, priority: 2)),
        (nil, Table.Column("agent", minimum: 16, maximum: 20, priority: 1)),
    ]

    private static func column(
        _ sort: ConnectionColumn, minimum: Int, maximum: Int? = nil, align: Alignment = .left
    ) -> (sort: ConnectionColumn?, column: Table.Column) {
        (sort, Table.Column(name(sort), minimum: minimum, maximum: maximum ?? minimum, align: align, priority: 9))
    }

    private static func name(_ column: ConnectionColumn) -> String {
        switch column {
        case .id: "id"
        case .key: "key"
        case .address: "address"
        case .age: "age"
        case .idle: "idle"
        case .namespaces: "ns"
        case .rooms: "rooms"
        case .tries: "tries"
        case .returns: "back"
        case .messagesIn: "msgs in"
        case .messagesOut: "msgs out"
        case .bytesIn: "bytes in"
        case .bytesOut: "bytes out"
        case .rateIn: "in/s"
        case .rateOut: "out/s"
        case .roundTrip: "rtt"
        case .queue: "queue"
        case .state: "state"
        case .agent: "agent"
        }
    }

    private static func row(_ id: String, _ input: ScreenInput) -> Table.Row {
        let theme = input.theme
        guard let row = input.observatory.connection(id) else {
            // It stays where it was until the rows are put in order again.
            return Table.Row(["\(theme.glyphs.bad) gone", "", id], style: theme[.dim])
        }
        let (word, role) = ConnectionDetail.state(row, theme)
        func few(_ count: Int, _ role: Theme.Role) -> (String, Style?) {
            count == 0 ? (theme.glyphs.middleDot, theme[.dim]) : (ConsoleFormat.compact(Double(count)), theme[role])
        }
        return Table.Row([
            (word, theme[role]),
            (row.key ?? "", nil),
            (row.id, theme[.dim]),
            (row.remote, nil),
            (ConsoleFormat.age(input.age(since: row.openedAt)), nil),
            few(row.namespaces.count, .plain),
            few(row.roomCount, .plain),
            few(row.tries, .warn),
            few(row.returns, .plain),
            (MembershipText.line(row.namespaces), nil),
            (row.userAgent ?? "", theme[.dim]),
        ])
    }
}
