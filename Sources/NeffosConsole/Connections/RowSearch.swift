import NeffosObservatory
import Terminal

/// A text that is looked for among the connections: the selection goes to the rows that have it, and the others stay in view.
struct RowSearch: Sendable {
    private(set) var text = ""
    /// While it is typed.
    private(set) var prompt: ViewPrompt?
    /// From where what is typed is looked for.
    private var origin = 0

    mutating func begin(at index: Int) {
        origin = index
        prompt = ViewPrompt(.search, text: text)
    }

    mutating func type(_ key: Key) -> Outcome {
        guard var prompt else { return .typing }
        let outcome = prompt.update(key)
        self.prompt = outcome == .submitted || outcome == .cancelled ? nil : prompt
        text = outcome == .cancelled ? "" : prompt.text
        return outcome == .editing || outcome == .submitted ? .look(from: origin) : .typing
    }

    enum Outcome: Sendable, Hashable {
        case typing
        /// For a row from this place on, itself too.
        case look(from: Int)
    }

    /// As one plain word of the filter language: any part of an id, key, address, namespace or room.
    var query: Query? {
        guard !text.isEmpty else { return nil }
        let quoted = text.reduce(into: "") { $0 += $1 == "\"" || $1 == "\\" ? "\\\($1)" : String($1) }
        return try? Query(parsing: "\"\(quoted)\"")
    }
}

extension ConsoleModel {
    mutating func typeSearch(_ key: Key, _ observatory: any ObservatoryReading, now: Duration) {
        guard case .look(let origin) = connections.search.type(key) else { return }
        find(from: origin, step: 1, observatory, now: now)
    }

    /// Goes to the next row with the text, or the one before, round from the last to the first; asks for a text where there is none yet.
    mutating func findNext(_ step: Int, _ observatory: any ObservatoryReading, now: Duration) {
        if connections.search.text.isEmpty { return connections.search.begin(at: connections.selectedIndex) }
        find(from: connections.selectedIndex + step, step: step, observatory, now: now)
    }

    private mutating func find(from start: Int, step: Int, _ observatory: any ObservatoryReading, now: Duration) {
        guard let query = connections.search.query else { return }
        let visible = connectionsLayout.visibleRows
        let hits = Set(
            observatory.connectionIDs(sortedBy: connections.sort, descending: connections.descending, matching: query, limit: nil))
        if !hits.isEmpty {
            for isWhole in [false, true] {
                if isWhole {
                    guard connections.isPartial else { break }
                    connections.includeAll()
                    connections.refresh(from: observatory, now: now, visible: visible)
                }
                // What is known is searched to its end; round the end only where that is the last row.
                guard let index = connections.firstHit(hits, from: start, step: step, isRound: !connections.isPartial) else { continue }
                return connections.select(index, now: now, visible: visible)
            }
        }
        let text = SafeText.escaped(connections.search.text, maximum: 40, ascii: isASCII)
        notice = Notice(text: "no row has \"\(text)\"", until: now + Self.noticing)
    }
}

extension ConnectionsState {
    /// The place of the first row among these, from a place on.
    func firstHit(_ ids: Set<String>, from start: Int, step: Int, isRound: Bool) -> Int? {
        let count = order.count
        for distance in 0..<count {
            let index = start + step * distance
            if !isRound, !order.indices.contains(index) { return nil }
            let place = ((index % count) + count) % count
            if ids.contains(order[place]) { return place }
        }
        return nil
    }
}
