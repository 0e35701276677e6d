import NeffosFeed

/// Finds and orders connections for a screen, by index, so that only the rows that are shown are made.
struct ConnectionOrder {
    let table: ConnectionTable
    let lineage: Lineage
    let column: ConnectionColumn
    let descending: Bool

    func rows(matching query: Query?, now: FeedTime, limit: Int?) -> [Int] {
        let wanted: [Int]
        if let query, !query.isEmpty {
            var ready = TableQuery(query, table: table, lineage: lineage, now: now)
            wanted = ready.indexes()
        } else {
            wanted = Array(table.records.indices)
        }
        switch column {
        case .id: return select(wanted, limit) { table.records[$0].id }
        case .key: return select(wanted, limit) { table.records[$0].key ?? "" }
        case .remote: return select(wanted, limit) { table.records[$0].remote }
        // The age grows as the time of opening falls.
        case .age: return select(wanted, limit) { -table.records[$0].openedAt.milliseconds }
        case .namespaces: return select(wanted, limit, numbers { Int64(table.counts(of: $0).namespaces) })
        case .rooms: return select(wanted, limit, numbers { Int64(table.counts(of: $0).rooms) })
        case .tries: return select(wanted, limit) { Int64(table.records[$0].tries) }
        case .returns: return select(wanted, limit, numbers { Int64(lineage.returns(key: $0.key, id: $0.id)) })
        case .state: return select(wanted, limit) { table.records[$0].acknowledgedAfter >= 0 ? Int64(1) : 0 }
        }
    }

    /// Figures that take a while are made once a row, not once a comparison.
    private func numbers(_ figure: (ConnectionTable.Record) -> Int64) -> (Int) -> Int64 {
        let figures = table.records.map(figure)
        return { figures[$0] }
    }

    private func select<Value: Comparable>(_ rows: [Int], _ limit: Int?, _ value: (Int) -> Value) -> [Int] {
        Selection.first(limit, of: rows) { left, right in
            let (first, second) = (value(left), value(right))
            if first != second { return descending ? first > second : first < second }
            return table.records[left].id < table.records[right].id
        }
    }
}
