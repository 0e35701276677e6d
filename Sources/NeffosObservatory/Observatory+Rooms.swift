/// Where they are.
extension Observatory {
    /// Those with members, the fullest first.
    public var namespaces: [NamespaceRow] { namespaces(sortedBy: .members) }

    /// Those with members.
    /// - Parameter limit: the most rows wanted; nil for all.
    public func namespaces(sortedBy column: RoomColumn, descending: Bool = true, limit: Int? = nil) -> [NamespaceRow] {
        table.places.namespaceRows(by: column, descending: descending, limit: limit)
    }

    /// The fullest first.
    public func busiestRooms(limit: Int) -> [RoomRow] { rooms(limit: limit) }

    /// Rooms with members.
    /// - Parameters:
    ///   - namespace: whose rooms; nil for those of all.
    ///   - limit: the most rows wanted; nil for all.
    public func rooms(
        in namespace: String? = nil, sortedBy column: RoomColumn = .members, descending: Bool = true, limit: Int?
    ) -> [RoomRow] {
        table.places.roomRows(in: namespace, by: column, descending: descending, limit: limit)
    }

    /// The ids of those who are in a namespace, or in a room of it, sorted.
    /// - Parameters:
    ///   - room: nil for all of the namespace.
    ///   - limit: the most ids wanted.
    public func members(of namespace: String, room: String? = nil, limit: Int) -> [String] {
        Selection.first(limit, of: table.members(of: namespace, room: room)) { table.records[$0].name < table.records[$1].name }
            .map { table.records[$0].id }
    }
}
