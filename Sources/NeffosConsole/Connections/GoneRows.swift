import NeffosFeed
import NeffosObservatory

/// Rows that were in view when their connection ended. They stay for a moment where they were, so that a row does not vanish while it is being
/// read, and with the code that it ended with.
struct GoneRows: Sendable {
    /// How long a row that is gone stays, and one that is new is marked.
    static let lingering: Duration = .seconds(6)
    /// What was seen longer ago than this was seen on an earlier visit, and is no news.
    private static let fresh: Duration = .seconds(3)

    struct Row: Sendable {
        /// As it was seen last.
        var row: ConnectionRow
        var since: Duration
        /// The code of its close, once the feed has told it.
        var code: Int?
    }

    private(set) var rows: [String: Row] = [:]
    /// The rows that were in view, as they were.
    private var seen: [String: ConnectionRow] = [:]
    private var seenAt: Duration?
    /// Entries of the feed up to this number were looked at.
    private var checked: Int?

    var isEmpty: Bool { rows.isEmpty }
    var count: Int { rows.count }
    subscript(id: String) -> Row? { rows[id] }

    /// Looks at what is in view, and remembers it.
    mutating func look(at ids: [String], in observatory: any ObservatoryReading, now: Duration) {
        if let seenAt, now - seenAt > Self.fresh { seen = [:] }
        seenAt = now
        var next: [String: ConnectionRow] = [:]
        for id in ids {
            if let row = observatory.connection(id) {
                next[id] = row
                rows[id] = nil
            } else if rows[id] == nil, let row = seen[id] {
                rows[id] = Row(row: row, since: now)
            }
        }
        seen = next
        learnCodes(observatory.recentEvents)
    }

    private mutating func learnCodes(_ log: EventLog) {
        let first = min(checked ?? log.taken, log.taken)
        checked = log.taken
        guard rows.values.contains(where: { $0.code == nil }) else { return }
        for number in max(first, log.firstNumber)..<log.taken {
            guard case .connectionClosed(let closed)? = log.entry(number: number)?.event.kind else { continue }
            rows[closed.connection]?.code = closed.code
        }
    }

    /// Lets go of those that stayed long enough, and of those that are back.
    mutating func expire(now: Duration, _ isHere: (String) -> Bool) {
        if !rows.isEmpty { rows = rows.filter { now - $0.value.since < Self.lingering && !isHere($0.key) } }
    }

    /// Puts the rows that are gone where they stood before.
    /// - Parameter before: the order in which they stood.
    func inserted(into order: [String], from before: [String]) -> [String] {
        if rows.isEmpty { return order }
        var order = order
        var left = rows.count
        for (index, id) in before.enumerated() where left > 0 && rows[id] != nil {
            order.insert(id, at: min(index, order.count))
            left -= 1
        }
        return order
    }

    /// The view is another one: nothing of the one before is to be seen.
    mutating func forget() {
        rows = [:]
        seen = [:]
    }
}
