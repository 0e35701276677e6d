import NeffosFeed
import NeffosObservatory
import Terminal

/// The cells of one row of the Connections screen.
enum ConnectionCells {
    static func row(_ id: String, _ state: ConnectionsState, _ input: ScreenInput, _ lints: LintCounts) -> Table.Row {
        let theme = input.theme
        guard let row = input.observatory.connection(id) else { return gone(id, state, input, lints) }
        var cells = Table.Row(state.columns.map { cell($0, row, input, lints) })
        cells.isMarked = state.marks.contains(id)
        if isNew(row, input) {
            cells.sign = "+"
            if let age = state.columns.firstIndex(of: .age) { cells.cellStyles[age] = theme[.good] }
        }
        return cells
    }

    private static func isNew(_ row: ConnectionRow, _ input: ScreenInput) -> Bool {
        .milliseconds(input.age(since: row.openedAt)) < GoneRows.lingering
    }

    /// It stays where it was, as it was seen last, with how it ended.
    private static func gone(_ id: String, _ state: ConnectionsState, _ input: ScreenInput, _ lints: LintCounts) -> Table.Row {
        let theme = input.theme
        let last = state.gone[id]
        let end = last?.code.map(String.init) ?? "gone"
        return Table.Row(
            state.columns.map { field in
                if field == .state { return "\(theme.glyphs.bad) \(end)" }
                if let last { return cell(field, last.row, input, lints).text }
                return field == .id ? id : ""
            }, style: theme[.dim])
    }

    private static func cell(
        _ field: ConnectionField, _ row: ConnectionRow, _ input: ScreenInput, _ lints: LintCounts
    ) -> (text: String, style: Style?) {
        let theme = input.theme
        let isExact = input.model.connections.isExact
        func number(_ value: Int) -> String { isExact ? ConsoleFormat.count(value) : ConsoleFormat.compact(Double(value)) }
        func bytes(_ value: Int) -> String { isExact ? ConsoleFormat.count(value) : ConsoleFormat.bytes(value) }
        func rate(_ value: Double) -> String { isExact ? ConsoleFormat.speed(value) : ConsoleFormat.compact(value) }
        func age(_ value: Milliseconds) -> String { isExact ? ConsoleFormat.elapsed(value) : ConsoleFormat.age(value) }
        /// Nothing is a dot, so that something stands out.
        func few(_ count: Int, _ role: Theme.Role = .plain) -> (String, Style?) {
            count == 0 ? (theme.glyphs.middleDot, theme[.dim]) : (number(count), theme[role])
        }
        /// What is not known is empty, which nothing is not.
        func figure<Value>(_ value: Value?, _ text: (Value) -> (text: String, isNothing: Bool)) -> (String, Style?) {
            guard let value else { return ("", nil) }
            let (text, isNothing) = text(value)
            return isNothing && text != "now" ? (theme.glyphs.middleDot, theme[.dim]) : (text, isNothing ? theme[.dim] : nil)
        }
        switch field {
        case .state:
            let (word, role) = ConnectionDetail.state(row, theme)
            return (word, theme[role])
        case .key: return (row.key ?? "", nil)
        case .id: return (row.id, theme[.dim])
        case .address: return (row.remote, nil)
        case .age: return (age(input.age(since: row.openedAt)), nil)
        case .namespaces: return few(row.namespaces.count)
        case .rooms: return few(row.roomCount)
        case .tries: return few(row.tries, .warn)
        case .returns: return few(row.returns)
        case .memberships: return (MembershipText.line(row.namespaces), nil)
        case .agent: return (row.userAgent ?? "", theme[.dim])
        case .tls: return row.tls ? ("yes", theme[.good]) : ("no", theme[.dim])
        case .lints: return few(lints.count(for: row), .warn)
        case .idle: return figure(row.idle) { ($0 < 1000 ? "now" : age($0), $0 < 1000) }
        case .rateIn: return figure(row.rateIn) { (rate($0), $0 == 0) }
        case .rateOut: return figure(row.rateOut) { (rate($0), $0 == 0) }
        case .roundTrip: return figure(row.roundTrip) { (isExact ? "\(ConsoleFormat.count($0))us" : ConsoleFormat.roundTrip($0), false) }
        case .queue: return figure(row.queuedBytes) { (bytes($0), $0 == 0) }
        case .messagesIn: return figure(row.messagesIn) { (number($0), $0 == 0) }
        case .messagesOut: return figure(row.messagesOut) { (number($0), $0 == 0) }
        case .bytesIn: return figure(row.bytesIn) { (bytes($0), $0 == 0) }
        case .bytesOut: return figure(row.bytesOut) { (bytes($0), $0 == 0) }
        }
    }
}
