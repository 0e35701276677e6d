import NeffosFeed
import NeffosObservatory
import Terminal

/// The feed as it comes, one line an event, the newest at the bottom.
enum EventsScreen {
    static func draw(_ input: ScreenInput, into frame: inout Frame) {
        let theme = input.theme
        let state = input.model.events
        let log = input.observatory.recentEvents
        let layout = EventsLayout(size: input.model.size, isDetailOpen: state.isDetailOpen)
        frame.rule(title(state, log, ascii: frame.ascii), trailing: trailing(input, log), in: layout.title, theme: theme)
        if state.shown.isEmpty {
            let place = Position(row: layout.table.row + 1, column: layout.table.column + 2)
            frame.put(empty(state, log), at: place, columns: layout.table.columns - 4, style: theme[.accent])
        } else {
            let numbers = state.shown.dropFirst(state.offset).prefix(layout.visibleRows)
            ScreenTable.draw(
                columns(isWide: layout.table.columns >= 110), numbers.map { row(log.entry(number: $0), input) }, offset: state.offset,
                selected: state.selectedIndex, into: &frame, in: layout.table, theme: theme)
        }
        if state.isDetailOpen {
            EventDetail.draw(state.selected.flatMap(log.entry), pager: state.detail, theme: theme, into: &frame, in: layout.detail)
        }
    }

    private static func title(_ state: EventsState, _ log: EventLog, ascii: Bool) -> String {
        func quoted(_ text: String) -> String { "\"\(SafeText.escaped(text, maximum: 24, ascii: ascii))\"" }
        var title = "Events"
        if !state.filter.isEmpty { title += " with \(quoted(state.filter))" }
        if !state.search.isEmpty { title += ", looking for \(quoted(state.search))" }
        return title
    }

    private static func trailing(_ input: ScreenInput, _ log: EventLog) -> [Span] {
        let theme = input.theme
        let state = input.model.events
        var parts: [[Span]] = []
        if input.vitals.missed > 0 {
            parts.append([Span("\(theme.glyphs.warning) \(ConsoleFormat.short(input.vitals.missed)) lost", theme[.bad])])
        }
        if !state.showsSamples { parts.append([Span("samples hidden", theme[.dim])]) }
        if state.shown.isEmpty { return .joined(parts, gap: 2) }
        parts.append(
            state.isFollowing
                ? [Span("\(theme.glyphs.arrowDown) follows", theme[.good])]
                : [
                    Span(
                        "\(ConsoleFormat.short(state.selectedIndex + 1)) of \(ConsoleFormat.short(state.shown.count)), End follows",
                        theme[.accent])
                ])
        return .joined(parts, gap: 2)
    }

    private static func empty(_ state: EventsState, _ log: EventLog) -> String {
        if log.capacity == 0 { return "no events are kept here: whoever opened this console chose so" }
        if log.count == 0 { return "nothing has happened yet" }
        return state.filter.isEmpty ? "only samples so far: s shows them" : "no event passes this filter: Esc clears it"
    }

    private static func columns(isWide: Bool) -> [Table.Column] {
        [
            .init("time", minimum: isWide ? 12 : 8, priority: 9), .init("", minimum: 1, priority: 9),
            .init("event", minimum: isWide ? 23 : 14, priority: 8),
            .init("who", minimum: isWide ? 20 : 14, maximum: isWide ? 24 : 16, priority: 8),
            .init("what", minimum: 20, grows: true, priority: 9),
        ]
    }

    private static func row(_ entry: FeedEntry?, _ input: ScreenInput) -> Table.Row {
        let theme = input.theme
        guard let entry else { return Table.Row(["", "", "gone"], style: theme[.dim]) }
        let state = input.model.events
        let text = EventText.line(entry.event) { state.name(of: $0) ?? input.observatory.connection($0)?.key }
        let (sign, role) = mark(text.mark, theme)
        let isWide = input.model.size.columns >= 110
        let clock = input.clock(entry.event.time) + (isWide ? milliseconds(entry.event.time) : "")
        let isLoud = role == .bad || role == .warn
        var row = Table.Row([
            (clock, theme[.dim]), (sign, theme[role]), (isWide ? text.type : short(text.type), theme[role]), (text.who, theme[.strong]),
            (text.what, isLoud ? theme[role] : text.mark == .figures ? theme[.dim] : nil),
        ])
        row.isMarked = state.isHit(entry)
        return row
    }

    /// `.connected` of a namespace is `ns connected` where room is short.
    private static func short(_ type: String) -> String {
        for (long, short) in [("connection.", ""), ("namespace.", "ns "), ("protocol.", ""), ("operator.", "")] where type.hasPrefix(long) {
            return short + type.dropFirst(long.count)
        }
        return type.map { $0 == "." ? " " : String($0) }.joined()
    }

    private static func milliseconds(_ time: FeedTime) -> String {
        let rest = String(((time.milliseconds % 1000) + 1000) % 1000)
        return "." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    static func mark(_ mark: EventText.Mark, _ theme: Theme) -> (String, Theme.Role) {
        let glyphs = theme.glyphs
        switch mark {
        case .comes: return ("+", .good)
        case .goes: return ("-", .dim)
        case .lost: return (glyphs.bad, .bad)
        case .knocks: return ("?", .accent)
        case .refused: return (glyphs.isASCII ? "X" : glyphs.bad, .warn)
        case .fine: return (glyphs.isASCII ? "v" : glyphs.good, .good)
        case .message: return (glyphs.isASCII ? ">" : glyphs.arrowRight, .accent)
        case .broken: return (glyphs.warning, .bad)
        case .note: return (glyphs.bullet, .warn)
        case .figures: return (glyphs.middleDot, .dim)
        case .server: return (glyphs.isASCII ? "=" : glyphs.open, .strong)
        }
    }
}
