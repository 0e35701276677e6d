/// Whom a query means now: for commands to all that match (`OperatorCommand.Targets.matching`).
public struct QueryTargets: Sendable, Hashable {
    /// Ids of connections, in order.
    public let ids: [String]

    public init(_ query: Query, in observatory: Observatory) {
        let found = TableQuery(query, reader: observatory.reader)
        ids = found.indexes().map { observatory.table.records[$0].id }.sorted()
    }

    /// - Throws: ``QueryError`` where the text is no query.
    public init(matching text: String, in observatory: Observatory) throws(QueryError) {
        self.init(try Query(parsing: text), in: observatory)
    }
}
