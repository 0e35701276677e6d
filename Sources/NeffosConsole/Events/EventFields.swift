import NeffosFeed

/// An event as the fields of its line in the feed, the common ones first.
enum EventFields {
    /// Connections of a snapshot, and keys of an incident, that are listed; the rest is counted.
    private static let mostListed = 200

    static func of(_ entry: FeedEntry) -> [(name: String, value: String)] {
        var fields = [
            ("type", entry.event.kind.typeName), ("time", entry.event.time.iso8601), ("node", entry.node), ("seq", "\(entry.seq)"),
        ]
        // A payload's properties are named as the fields are.
        for case (let payload) in Mirror(reflecting: entry.event.kind).children.map(\.value) {
            let inner = Mirror(reflecting: payload)
            for child in inner.children { fields.append((child.label ?? "", text(child.value))) }
        }
        return fields.map { (name: $0.0, value: $0.1) }
    }

    private static func text(_ value: Any) -> String {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.map { text($0.value) } ?? "null"
        case .collection:
            let parts = mirror.children.prefix(mostListed).map { text($0.value) }
            let more = mirror.children.count - parts.count
            return parts.isEmpty ? "none" : parts.joined(separator: "; ") + (more > 0 ? "; and \(more) more" : "")
        case .dictionary:
            let parts = mirror.children.prefix(mostListed).map { pair -> String in
                let inner = Array(Mirror(reflecting: pair.value).children)
                return inner.count == 2 ? "\(text(inner[0].value)): \(text(inner[1].value))" : text(pair.value)
            }
            return parts.isEmpty ? "none" : parts.sorted().joined(separator: "; ")
        case .struct where !mirror.children.isEmpty && !(value is any LosslessStringConvertible):
            return mirror.children.map { "\($0.label ?? "") \(text($0.value))" }.joined(separator: ", ")
        default:
            if let name = (value as? any RawRepresentable)?.rawValue as? String { return name }
            return "\(value)"
        }
    }
}
