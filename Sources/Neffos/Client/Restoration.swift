import NeffosSession

/// The namespaces and rooms that a client enters again after an outage, one after the other (protocol section 7).
struct Restoration: Sendable {
    /// A namespace, or one of its rooms.
    struct Entry: Sendable, Equatable {
        let namespace: String
        var room: String?
    }

    private let memberships: [Membership]
    /// The membership whose turn it is, and what of it: 0 for the namespace, then its rooms.
    private var index = 0
    private var position = 0

    init(_ memberships: [Membership]) { self.memberships = memberships }

    /// What to enter next; nil where that was all.
    ///
    /// - Parameters:
    ///   - wanted: what is still to be entered: some may have been left meanwhile.
    ///   - hasEntered: told each namespace when all of it that could be is entered.
    mutating func next(wanted: [Membership], hasEntered: (String) -> Void) -> Entry? {
        while index < memberships.count {
            let membership = memberships[index]
            let namespace = membership.namespace
            let rooms = wanted.first { $0.namespace == namespace }?.rooms
            while let rooms, position <= membership.rooms.count {
                position += 1
                if position == 1 { return Entry(namespace: namespace) }
                let room = membership.rooms[position - 2]
                if rooms.contains(room) { return Entry(namespace: namespace, room: room) }
            }
            if rooms != nil { hasEntered(namespace) }
            advance()
        }
        return nil
    }

    /// Leaves out what is left of a namespace that could not be entered.
    mutating func skip(_ namespace: String) {
        if index < memberships.count, memberships[index].namespace == namespace { advance() }
    }

    private mutating func advance() {
        index += 1
        position = 0
    }
}
