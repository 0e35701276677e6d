/// The namespaces that a connection is in and the rooms joined there.
///
/// Small arrays, searched in order: a connection is in a few namespaces, and an idle one should cost little memory.
struct NamespaceTable {
    /// In order of connecting. An entry's rooms are in order of joining.
    private(set) var entries: [Membership] = []

    /// Where a message with this namespace and room stands.
    enum Standing { case outside, inNamespace, inRoom }

    var count: Int { entries.count }

    var roomCount: Int {
        var count = 0
        for entry in entries { count += entry.rooms.count }
        return count
    }

    /// An empty room is every member's.
    func standing(_ namespace: String, _ room: String) -> Standing {
        for index in entries.indices where entries[index].namespace == namespace {
            return room.isEmpty || entries[index].rooms.contains(room) ? .inRoom : .inNamespace
        }
        return .outside
    }

    func contains(_ namespace: String) -> Bool { index(of: namespace) != nil }

    func contains(_ namespace: String, room: String) -> Bool { rooms(in: namespace).contains(room) }

    func rooms(in namespace: String) -> [String] { index(of: namespace).map { entries[$0].rooms } ?? [] }

    mutating func add(_ namespace: String) {
        guard index(of: namespace) == nil else { return }
        entries.append(Membership(namespace: namespace))
    }

    /// Removes the namespace with its rooms, and gives them.
    @discardableResult
    mutating func remove(_ namespace: String) -> [String] { index(of: namespace).map { entries.remove(at: $0).rooms } ?? [] }

    mutating func add(_ namespace: String, room: String) {
        guard let index = index(of: namespace), !entries[index].rooms.contains(room) else { return }
        entries[index].rooms.append(room)
    }

    mutating func remove(_ namespace: String, room: String) {
        guard let index = index(of: namespace) else { return }
        entries[index].rooms.removeAll { $0 == room }
    }

    mutating func removeAll() -> [Membership] {
        defer { entries = [] }
        return entries
    }

    private func index(of namespace: String) -> Int? { entries.firstIndex { $0.namespace == namespace } }
}
