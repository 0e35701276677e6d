/// Who taps which connections: a connection is tapped while anybody wants it to be. Pure.
struct TapShares<Owner: Hashable & Sendable>: Sendable {
    /// The most connections that one owner taps at once.
    static var most: Int { 1000 }

    private var ownersByConnection: [String: Set<Owner>] = [:]
    private var connectionsByOwner: [Owner: Set<String>] = [:]

    /// Connections that nobody tapped before; nil where the owner would tap too many.
    mutating func add(_ connections: [String], for owner: Owner) -> [String]? {
        let own = connectionsByOwner[owner, default: []].union(connections)
        guard own.count <= Self.most else { return nil }
        var isNew: [String] = []
        for connection in connections {
            if ownersByConnection[connection] == nil { isNew.append(connection) }
            ownersByConnection[connection, default: []].insert(owner)
        }
        if !own.isEmpty { connectionsByOwner[owner] = own }
        return isNew
    }

    /// Connections that nobody taps any more.
    mutating func remove(_ connections: some Sequence<String>, of owner: Owner) -> [String] {
        var ended: [String] = []
        for connection in connections where connectionsByOwner[owner]?.remove(connection) != nil {
            ownersByConnection[connection]?.remove(owner)
            if ownersByConnection[connection]?.isEmpty == true {
                ownersByConnection[connection] = nil
                ended.append(connection)
            }
        }
        if connectionsByOwner[owner]?.isEmpty == true { connectionsByOwner[owner] = nil }
        return ended
    }

    /// The owner has gone: the connections that nobody taps any more.
    mutating func removeAll(of owner: Owner) -> [String] { remove(connectionsByOwner[owner] ?? [], of: owner) }

    /// The connection has ended.
    mutating func forget(_ connection: String) {
        for owner in ownersByConnection.removeValue(forKey: connection) ?? [] {
            connectionsByOwner[owner]?.remove(connection)
            if connectionsByOwner[owner]?.isEmpty == true { connectionsByOwner[owner] = nil }
        }
    }

    func isTapping(_ owner: Owner, _ connection: String) -> Bool { ownersByConnection[connection]?.contains(owner) == true }
    func connections(of owner: Owner) -> [String] { (connectionsByOwner[owner] ?? []).sorted() }
    var isEmpty: Bool { ownersByConnection.isEmpty }
}
