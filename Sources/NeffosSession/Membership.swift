/// A namespace that a connection is in, with the rooms joined there, both in the order in which they were entered.
package struct Membership: Sendable, Hashable {
    package var namespace: String
    package var rooms: [String]

    package init(namespace: String, rooms: [String] = []) {
        self.namespace = namespace
        self.rooms = rooms
    }
}
