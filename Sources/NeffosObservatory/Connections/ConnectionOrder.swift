import NeffosFeed

/// Finds and orders connections for a screen, by index, so that only the rows that are shown are made.
struct ConnectionOrder {
    let reader: ConnectionReader
    let column: ConnectionColumn
    let descending: Bool
    private var table: ConnectionTable { reader.table }

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
        return sort(wanted, limit)
    }

    private func matches(_ record: ConnectionTable.Record, _ needle: [UInt8], _ namespaces: [Bool], _ rooms: [Bool]) -> Bool {
        if ConnectionOrder.contains(record.id, needle) || ConnectionOrder.contains(record.remote, needle) { return true }
        if let key = table.key(of: record), ConnectionOrder.contains(key, needle) { return true }
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
