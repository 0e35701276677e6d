import NeffosFeed
import NeffosObservatory
import Terminal

/// Who has not come back.
enum MissingList {
    /// As many as fit, under a rule.
    static func drawShort(_ incident: Incident, _ facts: IncidentFacts, _ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) {
        let theme = input.theme
        frame.rule(title(incident), in: rect.line(0), theme: theme)
        let inner = Rect(row: rect.row + 1, column: rect.column, rows: rect.rows - 1, columns: rect.columns)
        let clients = facts.clients
        guard !clients.isEmpty else { return drawNobody(incident, theme, &frame, inner) }
        // Where there is little room, it is for names: what the columns are can be seen.
        let hasHeader = inner.rows >= 5
        let room = inner.rows - (hasHeader ? 1 : 0)
        let shown = clients.count > room ? max(0, room - 1) : clients.count
        let isSeveral = clients.contains { $0.count > 1 || $0.ids.count > $0.count }
        ScreenTable.draw(
            columns(isShort: true, isSeveral: isSeveral), clients.prefix(shown).map { row($0, facts, isShort: true, isSeveral, input) },
            showsHeader: hasHeader, into: &frame, in: inner, theme: theme)
        if shown < clients.count {
            frame.put(
                " \(frame.ascii ? "..." : "…") \(ConsoleFormat.count(clients.count - shown)) more, Enter lists them",
                at: inner.line(inner.rows - 1).origin, columns: inner.columns, style: theme[.accent])
        }
    }

    /// All of them, or those with a text, over the whole screen.
    static func drawWhole(_ incident: Incident, _ input: ScreenInput, _ frame: inout Frame, _ rect: Rect) {
        let theme = input.theme
        let facts = IncidentFacts(incident, sources: input.observatory.probeSources, now: input.now)
        let search = input.model.returns.search
        let clients = found(facts.clients, search)
        let offset = input.model.returns.missing.offset
        let rows = ReturnsLayout(size: input.model.size).listRows
        let last = min(clients.count, offset + rows)
        let place =
            clients.isEmpty
            ? "" : "\(ConsoleFormat.count(offset + 1)) to \(ConsoleFormat.count(last)) of \(ConsoleFormat.count(clients.count))"
        let wanted = search.isEmpty ? "" : ", those with \"\(SafeText.escaped(search, maximum: 20, ascii: frame.ascii))\""
        frame.rule(
            "\(IncidentText.number(incident))  \(title(incident))\(wanted)", trailing: [Span(place, theme[.dim])], in: rect.line(0),
            theme: theme)
        let inner = Rect(row: rect.row + 1, column: rect.column, rows: rect.rows - 1, columns: rect.columns)
        if clients.isEmpty, !search.isEmpty {
            frame.put(" none of the missing has this: Esc clears it", at: inner.origin, columns: inner.columns, style: theme[.accent])
            return
        }
        guard !clients.isEmpty else { return drawNobody(incident, theme, &frame, inner) }
        ScreenTable.draw(
            columns(isShort: false, isSeveral: true),
            clients.dropFirst(offset).prefix(rows).map { row($0, facts, isShort: false, true, input) }, into: &frame, in: inner,
            theme: theme)
    }

    /// Those with a text in their key, address, id, namespaces or rooms.
    static func found(_ clients: [Incident.MissingClient], _ text: String) -> [Incident.MissingClient] {
        guard !text.isEmpty else { return clients }
        let text = text.lowercased()
        return clients.filter { client in
            client.key?.lowercased().contains(text) == true || client.remote.contains(text)
                || client.ids.contains { $0.lowercased().contains(text) }
                || client.namespaces.contains {
                    $0.name.lowercased().contains(text) || $0.rooms.contains { $0.lowercased().contains(text) }
                }
        }
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

    private static func columns(isShort: Bool, isSeveral: Bool) -> [Table.Column] {
        var columns: [Table.Column] = [
            .init("who", minimum: 10, maximum: 28, priority: 9),
            .init("address", minimum: 11, maximum: 21, priority: 9),
            .init("since then", minimum: isShort ? 10 : 20, maximum: isShort ? 12 : 44, priority: 9),
            .init("last in", minimum: 19, maximum: 60, priority: 9), .init("id", minimum: 36, maximum: 80),
        ]
        if isSeveral { columns.insert(.init("", minimum: 4, align: .right, priority: 8), at: 1) }
        return columns
    }

    private static func row(
        _ client: Incident.MissingClient, _ facts: IncidentFacts, isShort: Bool, _ isSeveral: Bool, _ input: ScreenInput
    ) -> Table.Row {
        let theme = input.theme
        let (trace, role) = trace(facts.trace(of: client), isShort: isShort, input)
        var cells: [(text: String, style: Style?)] = [
            (client.key ?? "no key", client.key == nil ? theme[.dim] : theme[.strong]),
            (AddressText.withoutPort(client.remote), nil),
            (trace, theme[role]),
            (
                client.namespaces.isEmpty ? "no namespace" : MembershipText.line(client.namespaces),
                client.namespaces.isEmpty ? theme[.dim] : nil
            ),
            (client.ids.prefix(16).joined(separator: " "), theme[.dim]),
        ]
        if isSeveral { cells.insert((several(client, theme), theme[.warn]), at: 1) }
        return Table.Row(cells)
    }

    /// How many of the key are missing, and of how many ids: `×2`, `2/5`.
    private static func several(_ client: Incident.MissingClient, _ theme: Theme) -> String {
        let count = ConsoleFormat.compact(Double(client.count))
        if client.ids.count > client.count { return "\(count)/\(ConsoleFormat.compact(Double(client.ids.count)))" }
        return client.count > 1 ? "\(theme.signs.times)\(count)" : ""
    }

    /// What it has done since.
    private static func trace(_ trace: IncidentFacts.Trace, isShort: Bool, _ input: ScreenInput) -> (String, Theme.Role) {
        let times = input.theme.signs.times
        func ago(_ time: FeedTime?) -> String { time.flatMap { isShort ? nil : ", \(ConsoleFormat.age(input.age(since: $0))) ago" } ?? "" }
        func knocks(_ count: Int) -> String { " \(times)\(ConsoleFormat.compact(Double(count)))" }
        switch trace {
        case .refused(let reason, let last): return ("refused" + (isShort ? "" : ": \(reason)\(ago(last))"), .bad)
        case .knocking(let probes, let last): return ("knocks\(knocks(probes))\(ago(last))", .warn)
        case .putOff(let probes, let last): return ("put off\(knocks(probes))\(ago(last))", .warn)
        case .gaveUp(let probes, let last): return ("gave up\(isShort ? "" : knocks(probes))\(ago(last))", .bad)
        case .silent: return ("silent", .dim)
        }
    }
}
