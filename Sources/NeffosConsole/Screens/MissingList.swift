import NeffosFeed
import NeffosObservatory
import Terminal

/// Who has not come back.
enum MissingList {
    /// As many as fit, under a rule.
    static func drawShort(_ incident: Incident, _ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) {
        let theme = input.theme
        frame.rule(title(incident), in: rect.line(0), theme: theme)
        let inner = Rect(row: rect.row + 1, column: rect.column, rows: rect.rows - 1, columns: rect.columns)
        let clients = incident.missingClients
        guard !clients.isEmpty else { return drawNobody(incident, theme, &frame, inner) }
        let room = inner.rows - 1
        let shown = clients.count > room ? max(0, room - 1) : clients.count
        ScreenTable.draw(columns, clients.prefix(shown).map { row($0, theme) }, into: &frame, in: inner, theme: theme)
        if shown < clients.count {
            frame.put(
                " \(frame.ascii ? "..." : "…") \(ConsoleFormat.count(clients.count - shown)) more, Enter lists them",
                at: inner.line(inner.rows - 1).origin, columns: inner.columns, style: theme[.accent])
        }
    }

    /// All of them, over the whole screen.
    static func drawWhole(_ incident: Incident, _ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) {
        let theme = input.theme
        let clients = incident.missingClients
        let offset = input.model.returns.missing.offset
        let rows = ReturnsLayout(size: input.model.size).listRows
        let last = min(clients.count, offset + rows)
        let place =
            clients.isEmpty
            ? "" : "\(ConsoleFormat.count(offset + 1)) to \(ConsoleFormat.count(last)) of \(ConsoleFormat.count(clients.count))"
        frame.rule(
            "#\(incident.number)  \(title(incident))", trailing: [Span(place, theme[.dim])], in: rect.line(0), theme: theme)
        let inner = Rect(row: rect.row + 1, column: rect.column, rows: rect.rows - 1, columns: rect.columns)
        guard !clients.isEmpty else { return drawNobody(incident, theme, &frame, inner) }
        ScreenTable.draw(columns, clients.dropFirst(offset).prefix(rows).map { row($0, theme) }, into: &frame, in: inner, theme: theme)
    }

    private static func drawNobody(_ incident: Incident, _ theme: Theme, _ frame: inout Frame, _ rect: Rect) {
        let isKnown = incident.missing != nil
        frame.put(
            isKnown ? " \(theme.glyphs.good) nobody is missing" : " not known: no roster told who was here", at: rect.origin,
            columns: rect.columns, style: theme[isKnown ? .good : .dim])
    }

    private static func title(_ incident: Incident) -> String {
        guard let missing = incident.missing, let dropped = incident.dropped else { return "Missing" }
        return "Missing \(ConsoleFormat.count(missing)) of \(ConsoleFormat.count(dropped))"
    }

    private static let columns: [Table.Column] = [
        .init("who", minimum: 12, maximum: 36, priority: 9), .init("", minimum: 4, align: .right, priority: 9),
        .init("address", minimum: 12, maximum: 21, priority: 9), .init("last in", minimum: 22, maximum: 80, priority: 9),
        .init("id", minimum: 36, maximum: 80),
    ]

    private static func row(_ client: Incident.MissingClient, _ theme: Theme) -> Table.Row {
        let isMany = client.count > 1
        return Table.Row([
            (client.key ?? "no key", client.key == nil ? theme[.dim] : theme[.strong]),
            (isMany ? "\(theme.signs.times)\(ConsoleFormat.compact(Double(client.count)))" : "", theme[.warn]),
            (AddressText.withoutPort(client.remote), nil),
            (
                client.namespaces.isEmpty ? "no namespace" : MembershipText.line(client.namespaces),
                client.namespaces.isEmpty ? theme[.dim] : nil
            ),
            (client.ids.prefix(16).joined(separator: " "), theme[.dim]),
        ])
    }
}
