import NeffosFeed
import NeffosObservatory
import Terminal

/// All that is known of one connection.
enum ConnectionDetail {
    /// Cells of a value that are shown; a peer may have named something without end.
    static let longest = 600
    /// The same for the rooms of one namespace together.
    static let longestRooms = 20_000
    private static let labelColumns = 14

    static func visibleRows(in rect: Rect) -> Int { max(1, rect.rows - 2) }

    static func draw(_ input: ScreenInput, into frame: inout Frame, in rect: Rect) {
        let theme = input.theme
        let state = input.model.connections
        let row = state.selected.flatMap(input.observatory.connection)
        frame.box(
            rect, title: "Connection \(state.selected ?? "")", glyphs: theme.glyphs, style: theme[.border], titleStyle: theme[.title])
        let inner = rect.inset(rows: 1, columns: 2)
        let lines = lines(row, input, columns: inner.columns)
        for (index, line) in lines.dropFirst(state.detail.offset).prefix(inner.rows).enumerated() {
            frame.put(line, row: inner.row + index, column: inner.column, columns: inner.columns)
        }
        let left = lines.count - state.detail.offset - inner.rows
        if left > 0 || state.detail.offset > 0 {
            let text = left > 0 ? " \(left) more below, PgDn " : " end, PgUp "
            frame.putRight([Span(text, theme[.accent])], row: rect.endRow - 1, column: rect.column, columns: rect.columns - 2)
        }
    }

    /// How many lines the detail takes in a box of so many columns.
    static func lineCount(of row: ConnectionRow?, columns: Int, ascii: Bool) -> Int {
        guard let row else { return 1 }
        return fields(row, age: "", opened: "").reduce(0) {
            $0 + wrapped($1.value, columns: columns - 4 - labelColumns, ascii: ascii).count
        }
    }

    /// The state as a sign and a word.
    static func state(_ row: ConnectionRow, _ theme: Theme) -> (String, Theme.Role) {
        if row.violations > 0 { return ("\(theme.glyphs.warning) bad \(ConsoleFormat.compact(Double(row.violations)))", .bad) }
        switch row.state {
        case .unacknowledged: return ("\(theme.glyphs.middleDot) no ack", .warn)
        case .slow: return ("\(theme.glyphs.warning) slow", .bad)
        case .silent: return ("\(theme.glyphs.warning) silent", .bad)
        case .flapping: return ("\(theme.glyphs.warning) flaps", .warn)
        case .lost: return ("\(theme.glyphs.bad) lost", .warn)
        case .idle: return ("\(theme.glyphs.middleDot) idle", .dim)
        case .active, .violating:
            return row.returns > 0 || row.tries > 0 ? ("\(theme.glyphs.good) back", .good) : ("\(theme.glyphs.good) here", .good)
        }
    }

    private static func lines(_ row: ConnectionRow?, _ input: ScreenInput, columns: Int) -> [[Span]] {
        let theme = input.theme
        guard let row else { return [[Span("\(theme.glyphs.bad) this connection is gone", theme[.warn])]] }
        let age = ConsoleFormat.duration(input.age(since: row.openedAt))
        return fields(row, age: age, opened: input.clock(row.openedAt)).flatMap { field -> [[Span]] in
            wrapped(field.value, columns: columns - labelColumns, ascii: input.isASCII).enumerated().map { index, part in
                let label = index == 0 ? field.label : ""
                let padding = String(repeating: " ", count: max(1, labelColumns - TextWidth.of(label)))
                return [Span(label + padding, theme[.dim]), Span(part)]
            }
        }
    }

    private static func fields(_ row: ConnectionRow, age: String, opened: String) -> [(label: String, value: String)] {
        var fields: [(label: String, value: String)] = [
            ("key", String((row.key ?? "unknown").prefix(longest))),
            ("id", row.id),
            ("address", row.remote + (row.tls ? "  TLS" : "  no TLS")),
            ("open for", "\(age), since \(opened)"),
            ("acknowledged", row.acknowledgedAfter.map { "after \(ConsoleFormat.duration($0))" } ?? "not yet: no message of it counts"),
            ("came back", returns(row)),
            ("was before", row.previous ?? "not known"),
            ("agent", String((row.userAgent ?? "none told").prefix(longest))),
        ]
        // Most have none, and the lines are few.
        if row.violations > 0 { fields.insert(("violations", ConsoleFormat.count(row.violations)), at: fields.count - 1) }
        if row.namespaces.isEmpty { fields.append(("in", "no namespace")) }
        for (index, namespace) in row.namespaces.enumerated() {
            let rooms = namespace.rooms.map { String($0.prefix(longest)) }.joined(separator: ", ")
            let name = namespace.name.isEmpty ? "\"\"" : String(namespace.name.prefix(longest))
            fields.append((index == 0 ? "in" : "", rooms.isEmpty ? "\(name): no rooms" : "\(name): \(rooms)"))
        }
        return fields
    }

    private static func returns(_ row: ConnectionRow) -> String {
        if row.returns == 0, row.tries == 0 { return "no: it is here for the first time" }
        let tries = row.tries == 0 ? "without telling of tries" : "after \(ConsoleFormat.plural(row.tries, "try", "tries"))"
        return "\(ConsoleFormat.plural(row.returns, "time")) by its key; this time \(tries)"
    }

    private static func wrapped(_ value: String, columns: Int, ascii: Bool) -> [String] {
        WrappedText.lines(value, columns: columns, maximum: longestRooms, ascii: ascii)
    }
}
