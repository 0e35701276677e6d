import NeffosFeed
import NeffosObservatory
import Terminal

/// What the detail says of a connection, in lines that are as wide as there is room for.
struct DetailLines {
    /// Cells of a value that are shown; a peer may have named something without end.
    static let longest = 600
    /// The same for the rooms of one namespace together.
    static let longestRooms = 20_000
    static let labelColumns = 14

    struct Line: Sendable, Hashable {
        var label: String
        var text: String
        var role = Theme.Role.plain
    }

    private struct Field {
        var label: String
        var value: String
        var role = Theme.Role.plain
    }

    private let observatory: any ObservatoryReading
    private let model: ConsoleModel

    /// - Parameter observatory: the picture that is shown.
    init(_ observatory: any ObservatoryReading, _ model: ConsoleModel) {
        self.observatory = observatory
        self.model = model
    }

    func lines(columns: Int) -> [Line] {
        guard let id = model.connections.selected, let row = observatory.connection(id) else {
            return [Line(label: "", text: "this connection is gone", role: .warn)]
        }
        let details = model.details.flatMap { $0.connection == id ? $0 : nil }
        let fields: [Field] = identity(row) + figures(row, details) + places(row) + request(details) + events(of: id)
        return fields.flatMap { field in
            WrappedText.lines(
                field.value, columns: columns - Self.labelColumns, maximum: Self.longestRooms, ascii: model.isASCII
            ).enumerated().map { Line(label: $0 == 0 ? field.label : "", text: $1, role: field.role) }
        }
    }

    private func identity(_ row: ConnectionRow) -> [Field] {
        let age = ConsoleFormat.duration(max(0, model.shownClock - row.openedAt))
        let opened = ConsoleFormat.clock(row.openedAt, offset: model.utcOffset)
        var fields =
            [
                Field(label: "key", value: cut(row.key ?? "unknown")),
                Field(label: "id", value: cut(row.id)),
                Field(label: "address", value: row.remote + (row.tls ? "  TLS" : "  no TLS")),
                Field(label: "open for", value: "\(age), since \(opened)"),
                Field(
                    label: "acknowledged",
                    value: row.acknowledgedAfter.map { "after \(ConsoleFormat.duration($0))" } ?? "not yet: no message of it counts"),
                Field(label: "came back", value: returns(row)),
            ] + earlier(row)
        // Most have none, and the lines are few.
        if row.violations > 0 { fields.append(Field(label: "violations", value: ConsoleFormat.count(row.violations), role: .bad)) }
        return fields + [Field(label: "agent", value: cut(row.userAgent ?? "none told"))]
    }

    private func returns(_ row: ConnectionRow) -> String {
        if row.returns == 0, row.tries == 0 { return "no: it is here for the first time" }
        let tries = row.tries == 0 ? "without telling of tries" : "after \(ConsoleFormat.plural(row.tries, "try", "tries"))"
        return "\(ConsoleFormat.plural(row.returns, "time")) by its key; this time \(tries)"
    }

    private func figures(_ row: ConnectionRow, _ details: ConnectionDetails?) -> [Field] {
        guard let figures = details?.figures else { return [] }
        func both(_ first: Int, _ second: Int) -> String {
            "in \(ConsoleFormat.count(first)), \(ConsoleFormat.bytes(second))"
        }
        return [
            Field(
                label: "messages",
                value: both(figures.messagesIn, figures.bytesIn)
                    + "   out \(ConsoleFormat.count(figures.messagesOut)), \(ConsoleFormat.bytes(figures.bytesOut))"),
            Field(
                label: "now",
                value: "idle \(ConsoleFormat.duration(figures.idle))   \(ConsoleFormat.bytes(figures.queuedBytes)) wait for it   "
                    + (figures.roundTrip.map { "round trip \(ConsoleFormat.roundTrip($0))" } ?? "never pinged")),
        ]
    }

    private func places(_ row: ConnectionRow) -> [Field] {
        if row.namespaces.isEmpty { return [Field(label: "in", value: "no namespace")] }
        return row.namespaces.enumerated().map { index, namespace in
            let rooms = namespace.rooms.map(cut).joined(separator: ", ")
            let name = namespace.name.isEmpty ? "\"\"" : cut(namespace.name)
            return Field(label: index == 0 ? "in" : "", value: rooms.isEmpty ? "\(name): no rooms" : "\(name): \(rooms)")
        }
    }

    private func request(_ details: ConnectionDetails?) -> [Field] {
        guard let details else { return [] }
        return [Field(label: "request", value: cut(details.target))]
            + details.headers.prefix(100).enumerated().map {
                Field(label: $0 == 0 ? "headers" : "", value: "\(cut($1.name)): \(cut($1.value))")
            }
    }

    /// The newest first.
    private func events(of id: String) -> [Field] {
        let story = model.connections.story
        guard story.connection == id else { return [] }
        return story.lines.enumerated().map { index, line in
            let time = ConsoleFormat.clock(line.time, offset: model.utcOffset)
            return Field(label: index == 0 ? "last events" : "", value: "\(time)  \(line.text)", role: index == 0 ? .plain : .dim)
        }
    }

    /// The ids that the client had before.
    private func earlier(_ row: ConnectionRow) -> [Field] {
        let known = observatory.lineage(of: row.id)
        guard !known.isEmpty else { return [Field(label: "was before", value: cut(row.previous ?? "not known"))] }
        return known.enumerated().map { index, one in
            let lost = one.lostAt.map { "lost at \(ConsoleFormat.clock($0, offset: model.utcOffset))" } ?? "its end was not seen"
            let back = "back at \(ConsoleFormat.clock(one.returnedAt, offset: model.utcOffset))"
            return Field(
                label: index == 0 ? "was before" : "", value: "\(cut(one.id))  \(lost), \(back)\(one.isCertain ? "" : ", by its key")",
                role: index == 0 ? .plain : .dim)
        }
    }

    private func cut(_ text: String) -> String { String(text.prefix(Self.longest)) }
}
