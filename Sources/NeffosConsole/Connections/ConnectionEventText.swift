import NeffosFeed

/// An event of one connection in a few words, for its detail.
enum ConnectionEventText {
    /// Nil where it is about another one, or a message: those are for the tap.
    static func line(_ kind: FeedEvent.Kind, of id: String) -> String? {
        switch kind {
        case .connectionOpened(let opened) where opened.connection == id:
            return opened.tries == 0 ? "opened" : "opened after \(ConsoleFormat.plural(opened.tries, "try", "tries"))"
        case .connectionAcknowledged(id, let after): return "acknowledged after \(ConsoleFormat.duration(after))"
        case .connectionClosed(let end) where end.connection == id: return "closed with \(end.code) by \(end.by.rawValue)"
        case .namespaceConnected(let change) where change.connection == id: return "entered \(place(change.namespace))"
        case .namespaceDenied(let change) where change.connection == id:
            return "refused \(place(change.namespace)): \(cut(change.error ?? "no reason"))"
        case .namespaceDisconnected(let change) where change.connection == id: return "left \(place(change.namespace))"
        case .roomJoined(let change) where change.connection == id: return "joined \(place(change.namespace, change.room))"
        case .roomDenied(let change) where change.connection == id:
            return "refused \(place(change.namespace, change.room)): \(cut(change.error ?? "no reason"))"
        case .roomLeft(let change) where change.connection == id: return "left \(place(change.namespace, change.room))"
        case .protocolViolation(let violation) where violation.connection == id:
            return "violation \(cut(violation.kind)): \(cut(violation.detail))"
        default: return nil
        }
    }

    private static func place(_ namespace: String, _ room: String? = nil) -> String {
        let name = namespace.isEmpty ? "\"\"" : cut(namespace)
        return room.map { "room \(cut($0)) of \(name)" } ?? "namespace \(name)"
    }

    private static func cut(_ text: String) -> String { String(text.prefix(200)) }
}
