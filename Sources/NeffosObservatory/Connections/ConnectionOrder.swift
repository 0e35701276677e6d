import NeffosFeed

/// Finds and orders connections for a screen, by index, so that only the rows that are shown are made.
struct ConnectionOrder {
    let reader: ConnectionReader
    let column: ConnectionColumn
    let descending: Bool
    private var table: ConnectionTable { reader.table }

    func rows(matching query: Query?, limit: Int?) -> [Int] {
        let wanted: [Int]
        if let query, !query.isEmpty {
            wanted = TableQuery(query, reader: reader).indexes()
        } else {
            wanted = Array(table.records.indices)
        }
        return sort(wanted, limit)
    }
}
