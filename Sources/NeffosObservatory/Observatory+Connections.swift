/// Who is here.
extension Observatory {
    var reader: ConnectionReader {
        ConnectionReader(table: table, lineage: lineage, now: now, slowQueue: 262_144, flapping: [])
    }

    public var connectionCount: Int { table.count }

    /// The connection, or nil where none of this id is open.
    public func connection(_ id: String) -> ConnectionRow? { table.index(of: id).map(reader.row) }

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
