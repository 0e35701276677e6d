/// Names that there are now, which a query can be completed with.
public struct QueryNames: Sendable, Hashable {
    public var namespaces: [String]
    public var rooms: [String]
    public var keys: [String]

    public init(namespaces: [String] = [], rooms: [String] = [], keys: [String] = []) {
        self.namespaces = namespaces
        self.rooms = rooms
        self.keys = keys
    }
}
