/// Who is left out of a broadcast. Nobody, or one, costs no allocation.
struct Exclusion: Sendable {
    private let one: Connection?
    private let several: Set<MemberIndex.Member>

    init(_ connections: [Connection]) {
        one = connections.count == 1 ? connections[0] : nil
        several = connections.count > 1 ? Set(connections.map(MemberIndex.Member.init)) : []
    }

    func contains(_ connection: Connection) -> Bool {
        connection === one || !several.isEmpty && several.contains(.init(connection: connection))
    }
}
