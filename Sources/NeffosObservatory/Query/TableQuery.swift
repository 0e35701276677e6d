import NeffosFeed

/// A query over the whole table of connections. Each condition goes through all candidates at once, and a name that many share is looked at once,
/// not once a connection.
struct TableQuery {
    private let query: Query
    private let reader: ConnectionReader
    private let table: ConnectionTable

    init(_ query: Query, reader: ConnectionReader) {
        self.query = query
        self.reader = reader
        table = reader.table
    }

    /// The indexes of the records that pass, in order.
    func indexes() -> [Int] {
        let all = Array(table.records.indices)
        guard let expression = query.expression else { return all }
        return filter(all, expression)
    }

    // MARK: The tree

    /// - Parameter candidates: in order.
    private func filter(_ candidates: [Int], _ expression: QueryExpression) -> [Int] {
        if candidates.isEmpty { return [] }
        switch expression {
        case .all(let parts): return parts.reduce(candidates) { filter($0, $1) }
        case .any(let parts):
            var found: [Int] = []
            var left = candidates
            for part in parts {
                let more = filter(left, part)
                left = Self.without(left, more)
                found = Self.merged(found, more)
            }
            return found
        case .not(let part): return Self.without(candidates, filter(candidates, part))
        case .word(let pattern): return filter(candidates, word: pattern)
        case .regex(let index):
            var matcher = LinearRegexMatcher(query.regexes[index])
            let names = Places(namespaces { matcher.matches($0) }, rooms { matcher.matches($0) })
            return candidates.filter { index in
                if table.records[index].name.withUTF8({ matcher.matches($0) }) { return true }
                if table.records[index].endpoint.withUTF8({ matcher.matches($0) }) { return true }
                if let key = table.key(of: table.records[index]), matcher.matches(key) { return true }
                return isIn(names, index)
            }
        case .text(let field, let pattern): return filter(candidates, field, pattern)
        case .number(let field, let comparison): return filter(candidates, field, comparison)
        }
    }

    /// What is in the first and not in the second, which is a part of it.
    private static func without(_ all: [Int], _ part: [Int]) -> [Int] {
        var next = 0
        return all.filter { index in
            guard next < part.count, part[next] == index else { return true }
            next += 1
            return false
        }
    }

    private static func merged(_ left: [Int], _ right: [Int]) -> [Int] {
        if left.isEmpty || right.isEmpty { return left.isEmpty ? right : left }
        var result: [Int] = []
        result.reserveCapacity(left.count + right.count)
        var (first, second) = (0, 0)
        while first < left.count, second < right.count {
            if left[first] < right[second] {
                result.append(left[first])
                first += 1
            } else {
                result.append(right[second])
                second += 1
            }
        }
        return result + left[first...] + right[second...]
    }

    // MARK: Texts

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

    private func namespaces(_ isSo: (String) -> Bool) -> [Bool] { table.places.namespaces.map { $0.members > 0 && isSo($0.name) } }
    private func rooms(_ isSo: (String) -> Bool) -> [Bool] { table.places.rooms.map { $0.members > 0 && isSo($0.name) } }

    private func isIn(_ places: Places, _ index: Int) -> Bool {
        guard places.isAny else { return false }
        return table.records[index].places.firstIndex {
            places.namespaces[Int($0.namespace)] || ($0.room != Place.none && places.rooms[Int($0.room)])
        } != nil
    }

    private func filter(_ candidates: [Int], word pattern: TextPattern) -> [Int] {
        let places = Places(namespaces(pattern.matches), rooms(pattern.matches))
        // A key that is made of address and agent needs not be put together: what is in it is in one of them, if no space has to be.
        let isApart = pattern.pieces.count == 1 && !pattern.pieces[0].contains(UInt8(ascii: " "))
        let agents = table.agentNames.map(pattern.matches) + [false]
        return candidates.filter { index in
            if hasID(index, pattern) || hasRemote(index, pattern) { return true }
            if isApart, table.records[index].hasMadeKey {
                if agents[min(Int(table.records[index].agent), agents.count - 1)] { return true }
            } else if hasKey(index, pattern) {
                return true
            }
            return isIn(places, index)
        }
    }

    private func filter(_ candidates: [Int], _ field: QueryField, _ pattern: TextPattern) -> [Int] {
        switch field {
        case .id: return candidates.filter { hasID($0, pattern) }
        case .key: return candidates.filter { hasKey($0, pattern) }
        case .ip: return candidates.filter { hasRemote($0, pattern) }
        case .ns:
            let named = namespaces(pattern.matches)
            return candidates.filter { index in table.records[index].places.firstIndex { named[Int($0.namespace)] } != nil }
        case .room:
            let named = rooms(pattern.matches)
            return candidates.filter { index in
                table.records[index].places.firstIndex { $0.room != Place.none && named[Int($0.room)] } != nil
            }
        case .agent:
            // The last is for those without one.
            let named = table.agentNames.map(pattern.matches) + [false]
            return candidates.filter { named[min(Int(table.records[$0].agent), named.count - 1)] }
        case .state:
            let states = Set(ConnectionState.allCases.filter { pattern.matches($0.rawValue) })
            return candidates.filter { states.contains(reader.state($0)) }
        default: return []
        }
    }

    private func hasID(_ index: Int, _ pattern: TextPattern) -> Bool {
        switch table.records[index].name {
        case .uuid: pattern.canBeInUUID && table.records[index].name.withUTF8(pattern.matches)
        case .text(let text): pattern.matches(text)
        }
    }

    private func hasRemote(_ index: Int, _ pattern: TextPattern) -> Bool {
        switch table.records[index].endpoint {
        case .ipv4: pattern.canBeInIPv4 && table.records[index].endpoint.withUTF8(pattern.matches)
        case .text(let text): pattern.matches(text)
        }
    }

    private func hasKey(_ index: Int, _ pattern: TextPattern) -> Bool { table.key(of: table.records[index]).map(pattern.matches) ?? false }

    // MARK: Figures

    private func filter(_ candidates: [Int], _ field: QueryField, _ comparison: QueryComparison) -> [Int] {
        switch field {
        case .ns: candidates.filter { comparison.holds(for: Double(table.counts(of: table.records[$0]).namespaces)) }
        case .rooms: candidates.filter { comparison.holds(for: Double(table.counts(of: table.records[$0]).rooms)) }
        case .tries: candidates.filter { comparison.holds(for: Double(table.records[$0].tries)) }
        case .returns:
            candidates.filter { index in
                let record = table.records[index]
                return comparison.holds(for: Double(reader.lineage.returns(key: table.key(of: record), id: record.id)))
            }
        case .violations: candidates.filter { comparison.holds(for: Double(table.records[$0].violations)) }
        case .age: candidates.filter { comparison.holds(for: Double(reader.now - table.records[$0].openedAt)) }
        default:
            candidates.filter { index in
                let figure = reader.figures(index).flatMap { ConnectionRow.Figures($0, at: reader.now).number(field) }
                return figure.map(comparison.holds) ?? false
            }
        }
    }
}
