import NeffosFeed

/// By what each column puts connections in order.
extension ConnectionOrder {
    func sort(_ rows: [Int], _ limit: Int?) -> [Int] {
        let table = reader.table
        let records = table.records
        switch column {
        case .id: return select(rows, limit) { records[$0].name }
        case .key: return select(rows, limit, texts { table.key(of: records[$0]) ?? "" })
        case .address: return select(rows, limit) { records[$0].endpoint }
        // The age grows as the time of opening falls.
        case .age: return select(rows, limit) { -records[$0].openedAt.milliseconds }
        case .namespaces: return select(rows, limit, numbers { Int64(table.counts(of: records[$0]).namespaces) })
        case .rooms: return select(rows, limit, numbers { Int64(table.counts(of: records[$0]).rooms) })
        case .tries: return select(rows, limit) { Int64(records[$0].tries) }
        case .returns:
            return select(rows, limit, numbers { Int64(reader.lineage.returns(key: table.key(of: records[$0]), id: records[$0].id)) })
        case .state: return select(rows, limit, numbers { ConnectionOrder.rank(reader.state($0)) })
        case .agent:
            let ranks = table.agentRanks
            return select(rows, limit, numbers { records[$0].agent == .max ? -1 : ranks[Int(records[$0].agent)] })
        case .idle: return select(rows, limit, figures { reader.now.milliseconds - $0.heardAt })
        case .messagesIn: return select(rows, limit, figures { $0.messagesIn })
        case .messagesOut: return select(rows, limit, figures { $0.messagesOut })
        case .bytesIn: return select(rows, limit, figures { $0.bytesIn })
        case .bytesOut: return select(rows, limit, figures { $0.bytesOut })
        case .rateIn: return select(rows, limit, figures { Int64(($0.rateIn * 1000).rounded()) })
        case .rateOut: return select(rows, limit, figures { Int64(($0.rateOut * 1000).rounded()) })
        case .roundTrip: return select(rows, limit, figures { Int64($0.roundTrip) })
        case .queue: return select(rows, limit, figures { Int64($0.queuedBytes) })
        }
    }

    /// The worst is the highest.
    private static func rank(_ state: ConnectionState) -> Int64 {
        switch state {
        case .active: 0
        case .idle: 1
        case .unacknowledged: 2
        case .lost: 3
        case .flapping: 4
        case .violating: 5
        case .silent: 6
        case .slow: 7
        }
    }

    /// Figures that take a while are made once a row, not once a comparison.
    private func numbers(_ figure: (Int) -> Int64) -> (Int) -> Int64 {
        let figures = reader.table.records.indices.map(figure)
        return { figures[$0] }
    }

    /// The same for texts that are put together.
    private func texts(_ text: (Int) -> String) -> (Int) -> String {
        let texts = reader.table.records.indices.map(text)
        return { texts[$0] }
    }

    private func figures(_ figure: (ConnectionFigureStore.Entry) -> Int64) -> (Int) -> Int64 {
        numbers { reader.figures($0).map(figure) ?? -1 }
    }

    private func select<Value: Comparable>(_ rows: [Int], _ limit: Int?, _ value: (Int) -> Value) -> [Int] {
        let records = reader.table.records
        return Selection.first(limit, of: rows) { left, right in
            let (first, second) = (value(left), value(right))
            if first != second { return descending ? first > second : first < second }
            return records[left].name < records[right].name
        }
    }
}
