import NeffosFeed

/// The newest alerts; the same thing again raises a count instead of taking a line.
struct AlertLog: Sendable {
    static let capacity = 100

    /// What makes two alerts the same.
    enum Subject: Hashable, Sendable {
        case incidentOpened(Int)
        case incidentClosed(Int)
        case lint(String, String)
        case violation(connection: String?, kind: String)
        case rejection(address: String, reason: String)
        case gap
        case afterKick(String)
    }

    struct Entry: Sendable {
        var subject: Subject
        var alert: Alert
    }

    var entries: [Entry] = []

    /// Newest first.
    var alerts: [Alert] { entries.reversed().map(\.alert) }

    mutating func add(_ subject: Subject, _ alert: Alert) {
        var alert = alert
        if let known = entries.lastIndex(where: { $0.subject == subject }) {
            alert.count += entries[known].alert.count
            entries.remove(at: known)
        } else if entries.count == AlertLog.capacity {
            entries.removeFirst()
        }
        entries.append(Entry(subject: subject, alert: alert))
    }

    /// Says what is known by now in the line that is there already; nothing where it has gone.
    mutating func amend(_ subject: Subject, detail: String) {
        guard let known = entries.lastIndex(where: { $0.subject == subject }) else { return }
        entries[known].alert.detail = detail
    }
}
