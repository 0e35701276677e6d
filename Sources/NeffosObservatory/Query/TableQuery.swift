import NeffosFeed

/// A query made ready for the whole table of connections: a name that many share is looked at once, not once a connection.
struct TableQuery {
    /// A condition, with what is known before any connection is looked at.
    private indirect enum Condition {
        case always(Bool)
        case all([Condition])
        case any([Condition])
        case not(Condition)
        case word(TextPattern, Places)
        /// By its place among the query's.
        case regex(Int, Places)
        case id(TextPattern)
        case key(TextPattern)
        case ip(TextPattern)
        case namespaces([Bool])
        case rooms([Bool])
        /// By index; the last is for those without one.
        case agents([Bool])
        case acknowledged(is: Bool)
        case slow
        case number(QueryField, QueryComparison)
    }

    /// Which namespaces and rooms, by their index, have a name that is so.
    private struct Places {
        var namespaces: [Bool]
        var rooms: [Bool]
        /// Whether any has: most words are looked for in ids and keys, and need no further look.
        let isAny: Bool

        init(_ namespaces: [Bool], _ rooms: [Bool]) {
            self.namespaces = namespaces
            self.rooms = rooms
            isAny = namespaces.contains(true) || rooms.contains(true)
        }
    }

    private let table: ConnectionTable
    private let lineage: Lineage
    private let now: FeedTime
    private var matchers: [LinearRegexMatcher]
    private var condition = Condition.always(true)

    init(_ query: Query, table: ConnectionTable, lineage: Lineage, now: FeedTime) {
        self.table = table
        self.lineage = lineage
        self.now = now
        matchers = query.makeMatchers()
        if let expression = query.expression { condition = prepare(expression) }
    }

    /// The indexes of the records that pass.
    mutating func indexes() -> [Int] {
        if case .always(true) = condition { return Array(table.records.indices) }
        let condition = condition
        return table.records.indices.filter { matches(condition, $0) }
    }

    // MARK: Making ready

    private mutating func prepare(_ expression: QueryExpression) -> Condition {
        switch expression {
        case .all(let parts): return .all(parts.map { prepare($0) })
        case .any(let parts): return .any(parts.map { prepare($0) })
        case .not(let part): return .not(prepare(part))
        case .word(let pattern): return .word(pattern, Places(namespaces(pattern.matches), rooms(pattern.matches)))
        case .regex(let index):
            return .regex(index, Places(namespaces { matchers[index].matches($0) }, rooms { matchers[index].matches($0) }))
        case .number(let field, let comparison): return .number(field, comparison)
        case .text(let field, let pattern):
            switch field {
            case .id: return .id(pattern)
            case .key: return .key(pattern)
            case .ip: return .ip(pattern)
            case .ns: return .namespaces(namespaces(pattern.matches))
            case .room: return .rooms(rooms(pattern.matches))
            case .agent: return .agents(table.agentNames.map(pattern.matches) + [false])
            case .state:
                let states = ConnectionState.allCases.filter { pattern.matches($0.rawValue) }
                let slow: [Condition] = pattern.matches(QueryField.slow) ? [.slow] : []
                return .any(states.map { .acknowledged(is: $0 == .acknowledged) } + slow)
            default: return .always(false)
            }
        }
    }

    private func namespaces(_ isSo: (String) -> Bool) -> [Bool] { table.places.namespaces.map { $0.members > 0 && isSo($0.name) } }
    private func rooms(_ isSo: (String) -> Bool) -> [Bool] { table.places.rooms.map { $0.members > 0 && isSo($0.name) } }

    // MARK: Asking

    private mutating func matches(_ condition: Condition, _ index: Int) -> Bool {
        switch condition {
        case .always(let answer): return answer
        case .all(let parts):
            for part in parts where !matches(part, index) { return false }
            return true
        case .any(let parts):
            for part in parts where matches(part, index) { return true }
            return false
        case .not(let part): return !matches(part, index)
        case .word(let pattern, let places):
            if pattern.matches(table.records[index].id) || pattern.matches(table.records[index].remote) { return true }
            if let key = table.records[index].key, pattern.matches(key) { return true }
            return isIn(places, index)
        case .regex(let regex, let places):
            if matchers[regex].matches(table.records[index].id) || matchers[regex].matches(table.records[index].remote) { return true }
            if let key = table.records[index].key, matchers[regex].matches(key) { return true }
            return isIn(places, index)
        case .id(let pattern): return pattern.matches(table.records[index].id)
        case .key(let pattern): return table.records[index].key.map(pattern.matches) ?? false
        case .ip(let pattern): return pattern.matches(table.records[index].remote)
        case .namespaces(let named): return table.records[index].places.firstIndex { named[Int($0.namespace)] } != nil
        case .rooms(let named): return table.records[index].places.firstIndex { $0.room != Place.none && named[Int($0.room)] } != nil
        case .agents(let named): return named[min(Int(table.records[index].agent), named.count - 1)]
        case .acknowledged(let wanted): return (table.records[index].acknowledgedAfter >= 0) == wanted
        case .slow: return table.latestFigures(of: index)?.isSlow ?? false
        case .number(let field, let comparison): return number(field, index).map(comparison.holds) ?? false
        }
    }

    private func isIn(_ places: Places, _ index: Int) -> Bool {
        guard places.isAny else { return false }
        return table.records[index].places.firstIndex {
            places.namespaces[Int($0.namespace)] || ($0.room != Place.none && places.rooms[Int($0.room)])
        } != nil
    }

    private func number(_ field: QueryField, _ index: Int) -> Double? {
        switch field {
        case .ns: Double(table.counts(of: table.records[index]).namespaces)
        case .rooms: Double(table.counts(of: table.records[index]).rooms)
        case .tries: Double(table.records[index].tries)
        case .returns: Double(lineage.returns(key: table.records[index].key, id: table.records[index].id))
        case .violations: Double(table.records[index].violations)
        case .age: Double(now - table.records[index].openedAt)
        default: table.latestFigures(of: index)?.number(field)
        }
    }
}
