import NeffosObservatory
import Terminal

/// The lists at the foot of the overview: namespaces, busiest rooms, alerts.
enum OverviewLists {
    static func namespaces(_ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) {
        let theme = input.theme
        let rows = input.observatory.namespaces
        frame.rule("Namespaces", trailing: count(rows.count, theme), in: rect.line(0), theme: theme)
        let columns: [Table.Column] = [
            .init("name", minimum: 8, grows: true), .init("members", minimum: 9, align: .right), .init("rooms", minimum: 7, align: .right),
        ]
        draw(columns, rows.map { [$0.name, ConsoleFormat.short($0.members), ConsoleFormat.short($0.rooms)] }, &frame, rect, theme)
    }

    static func rooms(_ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) {
        let theme = input.theme
        let rows = input.observatory.busiestRooms(limit: max(0, rect.rows - 2))
        frame.rule("Busiest rooms", trailing: count(input.vitals.rooms, theme), in: rect.line(0), theme: theme)
        let columns: [Table.Column] = [
            .init("room", minimum: 8, grows: true, priority: 9), .init("in namespace", minimum: 12, maximum: 24, priority: 3),
            .init("members", minimum: 8, align: .right, priority: 9), .init("joins", minimum: 7, align: .right, priority: 2),
            .init("leaves", minimum: 7, align: .right, priority: 1),
        ]
        draw(
            columns,
            rows.map {
                [
                    $0.room, $0.namespace, ConsoleFormat.short($0.members), ConsoleFormat.short($0.joins), ConsoleFormat.short($0.leaves),
                ]
            }, &frame, rect, theme)
    }

    static func alerts(_ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) {
        let theme = input.theme
        let alerts = input.observatory.alerts
        frame.rule("Alerts", trailing: count(alerts.count, theme), in: rect.line(0), theme: theme)
        let lines = rect.rows - 1
        if alerts.isEmpty {
            frame.put(
                [Span("\(theme.glyphs.good) ", theme[.good]), Span("none", theme[.dim])], row: rect.row + 1, column: rect.column + 1,
                columns: rect.columns - 1)
        }
        let ageColumns = 7
        for (index, alert) in alerts.prefix(lines).enumerated() {
            let row = rect.row + 1 + index
            let age = ConsoleFormat.age(input.age(since: alert.time))
            frame.putRight([Span(age, theme[.dim])], row: row, column: rect.endColumn - ageColumns, columns: ageColumns)
            frame.put(
                AlertLine.spans(alert, theme: theme), row: row, column: rect.column + 1, columns: rect.columns - ageColumns - 2)
        }
    }

    private static func count(_ value: Int, _ theme: Theme) -> [Span] {
        value == 0 ? [] : [Span(ConsoleFormat.count(value), theme[.dim])]
    }

    private static func draw(_ columns: [Table.Column], _ rows: [[String]], _ frame: inout Frame, _ rect: Rect, _ theme: Theme) {
        let inner = Rect(row: rect.row + 1, column: rect.column, rows: rect.rows - 1, columns: rect.columns)
        guard !rows.isEmpty else {
            frame.put(" none", at: inner.origin, columns: inner.columns, style: theme[.dim])
            return
        }
        let fitting = max(0, inner.rows - 1)
        let shown = rows.count > fitting ? max(0, fitting - 1) : rows.count
        ScreenTable.draw(columns, rows.prefix(shown).map { Table.Row($0) }, into: &frame, in: inner, theme: theme)
        if shown < rows.count, inner.rows > 1 {
            frame.put(
                " \(frame.ascii ? "..." : "…") \(ConsoleFormat.count(rows.count - shown)) more", at: inner.line(inner.rows - 1).origin,
                columns: inner.columns, style: theme[.dim])
        }
    }
}
