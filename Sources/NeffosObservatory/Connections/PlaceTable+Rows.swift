/// Namespaces and rooms in order, so that only the rows that are shown are made.
extension PlaceTable {
    func namespaceRows(by column: RoomColumn, descending: Bool, limit: Int?) -> [NamespaceRow] {
        let all = namespaces.indices.filter { namespaces[$0].members > 0 }
        let top: [Int]
        switch column {
        case .name:
            top = Selection.first(limit, of: all) { left, right in
                let (left, right) = (namespaces[left].name, namespaces[right].name)
                return descending ? left > right : left < right
            }
        case .members: top = first(limit, of: all, descending, { Double(namespaces[$0].members) }) { namespaces[$0].name }
        case .rate:
            top = first(limit, of: all, descending, { rate(namespaces[$0].joining, namespaces[$0].leaving) }) { namespaces[$0].name }
        }
        return top.map(namespaceRow)
    }

    /// - Parameter namespace: nil for the rooms of all.
    func roomRows(in namespace: String?, by column: RoomColumn, descending: Bool, limit: Int?) -> [RoomRow] {
        let all: [Int]
        if let namespace {
            guard let number = self.namespace(named: namespace) else { return [] }
            all = rooms.indices.filter { rooms[$0].namespace == number && rooms[$0].members > 0 }
        } else {
            all = rooms.indices.filter { rooms[$0].members > 0 }
        }
        func precedes(_ left: Int, _ right: Int) -> Bool {
            let (one, other) = (rooms[left], rooms[right])
            if one.name != other.name { return one.name < other.name }
            return name(ofNamespace: one.namespace) < name(ofNamespace: other.namespace)
        }
        let top: [Int]
        switch column {
        case .name: top = Selection.first(limit, of: all) { descending ? precedes($1, $0) : precedes($0, $1) }
        case .members:
            top = Selection.first(limit, of: all) { left, right in
                let (one, other) = (rooms[left].members, rooms[right].members)
                if one != other { return descending ? one > other : one < other }
                return precedes(left, right)
            }
        case .rate:
            let rates = rooms.map { rate($0.joining, $0.leaving) }
            top = Selection.first(limit, of: all) { left, right in
                if rates[left] != rates[right] { return descending ? rates[left] > rates[right] : rates[left] < rates[right] }
                return precedes(left, right)
            }
        }
        return top.map(roomRow)
    }

    private func first(
        _ limit: Int?, of all: [Int], _ descending: Bool, _ value: (Int) -> Double, _ name: (Int) -> String
    ) -> [Int] {
        Selection.first(limit, of: all) { left, right in
            let (one, other) = (value(left), value(right))
            if one != other { return descending ? one > other : one < other }
            return name(left) < name(right)
        }
    }

    private func rate(_ joining: RecentRate, _ leaving: RecentRate) -> Double {
        joining.perSecond(at: now) + leaving.perSecond(at: now)
    }

    private func namespaceRow(_ index: Int) -> NamespaceRow {
        let namespace = namespaces[index]
        return NamespaceRow(
            name: namespace.name, members: namespace.members, rooms: namespace.rooms,
            joinsPerSecond: namespace.joining.perSecond(at: now), leavesPerSecond: namespace.leaving.perSecond(at: now))
    }

    private func roomRow(_ index: Int) -> RoomRow {
        let room = rooms[index]
        return RoomRow(
            namespace: name(ofNamespace: room.namespace), room: room.name, members: room.members, joins: room.joins, leaves: room.leaves,
            joinsPerSecond: room.joining.perSecond(at: now), leavesPerSecond: room.leaving.perSecond(at: now))
    }
}
