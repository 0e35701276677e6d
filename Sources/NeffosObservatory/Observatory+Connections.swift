/// Who is here.
extension Observatory {
    var reader: ConnectionReader {
        ConnectionReader(
            table: table, lineage: lineage, now: now, slowQueue: lintBook.settings[LintCatalogue.ID.slowConsumer, "queued"],
            flapping: lintBook.shelves[LintCatalogue.ID.flapping]?.raised ?? [:])
    }

    public var connectionCount: Int { table.count }

    /// The connection, or nil where none of this id is open.
    public func connection(_ id: String) -> ConnectionRow? { table.index(of: id).map(reader.row) }

    /// The ids that a connection's client had before, the newest first, at most 32.
    public func lineage(of id: String) -> [EarlierConnection] {
        let key = table.index(of: id).flatMap { table.key(of: table.records[$0]) }
        return lineage.earlier(key: key, id: id)
    }

    /// A connection that was lost in the incident that is open, and is awaited; nil where there is none of this id. Its age counts from its
    /// loss.
    public func lostConnection(_ id: String) -> ConnectionRow? {
        guard let loss = tracker.open?.ledger.missing(id: id) else { return nil }
        return ConnectionRow(
            id: id, key: loss.key, remote: loss.remote, openedAt: loss.since, returns: lineage.returns(key: loss.key, id: id),
            namespaces: loss.namespaces, state: .lost)
    }

    /// - Parameters:
    ///   - matching: what they have to be; nil for all.
    ///   - limit: the most rows wanted; nil for all.
    public func connections(
        sortedBy column: ConnectionColumn, descending: Bool, matching: Query? = nil, limit: Int? = nil
    ) -> [ConnectionRow] {
        let reader = reader
        return ConnectionOrder(reader: reader, column: column, descending: descending).rows(matching: matching, limit: limit)
            .map(reader.row)
    }

    /// The same, but only the ids: for a screen that makes the rows of those in view.
    public func connectionIDs(
        sortedBy column: ConnectionColumn, descending: Bool, matching: Query? = nil, limit: Int? = nil
    ) -> [String] {
        ConnectionOrder(reader: reader, column: column, descending: descending).rows(matching: matching, limit: limit)
            .map { table.records[$0].id }
    }
}
