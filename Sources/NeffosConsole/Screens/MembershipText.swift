import NeffosObservatory

/// Namespaces with their rooms in one line.
enum MembershipText {
    /// `default: lobby, desk-4  chat`, bounded, for a peer may be in many.
    static func line(_ namespaces: [NamespaceMembership]) -> String {
        namespaces.prefix(8).map { namespace in
            let name = namespace.name.isEmpty ? "\"\"" : String(namespace.name.prefix(100))
            let rooms = namespace.rooms.prefix(16).map { String($0.prefix(100)) }.joined(separator: ", ")
            return rooms.isEmpty ? name : "\(name): \(rooms)"
        }.joined(separator: "  ")
    }
}
