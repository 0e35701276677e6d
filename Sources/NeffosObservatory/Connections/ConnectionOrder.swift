import NeffosFeed

/// Finds and orders connections for a screen, by index, so that only the rows that are shown are made.
struct ConnectionOrder {
    let table: ConnectionTable
    let lineage: Lineage
    let column: ConnectionColumn
    let descending: Bool

    func rows(matching part: String?, limit: Int?) -> [Int] {
        let wanted: [Int]
        if let part, !part.isEmpty {
            let needle = Array(part.utf8)
            // A name is looked at once, not once a connection.
            let namespaces = table.places.namespaces.map { $0.members > 0 && ConnectionOrder.contains($0.name, needle) }
            let rooms = table.places.rooms.map { $0.members > 0 && ConnectionOrder.contains($0.name, needle) }
            wanted = table.records.indices.filter { matches(table.records[$0], needle, namespaces, rooms) }
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

    private func matches(_ record: ConnectionTable.Record, _ needle: [UInt8], _ namespaces: [Bool], _ rooms: [Bool]) -> Bool {
        if ConnectionOrder.contains(record.id, needle) || ConnectionOrder.contains(record.remote, needle) { return true }
        if let key = record.key, ConnectionOrder.contains(key, needle) { return true }
        return record.places.firstIndex { namespaces[Int($0.namespace)] || ($0.room != Place.none && rooms[Int($0.room)]) } != nil
    }

    /// Byte for byte, but ASCII letters of either case are the same.
    static func contains(_ text: String, _ needle: [UInt8]) -> Bool {
        func fold(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte + 32 : byte }
        let found = text.utf8.withContiguousStorageIfAvailable { bytes -> Bool in
            guard needle.count <= bytes.count else { return false }
            search: for start in 0...(bytes.count - needle.count) {
                for offset in needle.indices where fold(bytes[start + offset]) != fold(needle[offset]) { continue search }
                return true
            }
            return false
        }
        return found ?? contains(String(decoding: Array(text.utf8), as: UTF8.self), needle)
    }
}
