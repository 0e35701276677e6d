/// A query as a tree.
indirect enum QueryExpression: Sendable, Hashable {
    case all([QueryExpression])
    case any([QueryExpression])
    case not(QueryExpression)
    /// A part of any text.
    case word(TextPattern)
    /// A regular expression over any text, by its place among the query's.
    case regex(Int)
    case text(QueryField, TextPattern)
    case number(QueryField, QueryComparison)

    /// Whether a word, a pattern or a field is asked for that the connection has, and the event may not.
    var needsFacts: Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.contains { $0.needsFacts }
        case .not(let part): part.needsFacts
        case .word, .regex: true
        case .text(let field, _), .number(let field, _): field.isOfConnections
        }
    }

    /// - Parameters:
    ///   - subject: what is asked; it may remember what it had to look up.
    ///   - matchers: one for each regular expression, which may go on from what they learned.
    func matches(_ subject: inout some QuerySubject, _ matchers: inout [LinearRegexMatcher]) -> Bool {
        switch self {
        case .all(let parts):
            for part in parts where !part.matches(&subject, &matchers) { return false }
            return true
        case .any(let parts):
            for part in parts where part.matches(&subject, &matchers) { return true }
            return false
        case .not(let part): return !part.matches(&subject, &matchers)
        case .word(let pattern): return subject.hasText { pattern.matches($0) }
        case .regex(let index): return subject.hasText { matchers[index].matches($0) }
        case .text(let field, let pattern): return subject.has(field) { pattern.matches($0) }
        case .number(let field, let comparison): return subject.number(field).map(comparison.holds) ?? false
        }
    }
}

/// What a query is asked about.
protocol QuerySubject {
    /// Whether any of its texts is so.
    mutating func hasText(where isSo: (String) -> Bool) -> Bool
    /// Whether it has a text of this field that is so.
    mutating func has(_ field: QueryField, where isSo: (String) -> Bool) -> Bool
    /// Its figure, in milliseconds for a length of time; nil where it has none.
    mutating func number(_ field: QueryField) -> Double?
}

/// `>3`, `<=64KiB`.
struct QueryComparison: Sendable, Hashable {
    enum Sign: String, Sendable, Hashable, CaseIterable {
        case equal = "="
        case unequal = "!="
        case less = "<"
        case atMost = "<="
        case more = ">"
        case atLeast = ">="
    }

    var sign: Sign
    /// In milliseconds for a length of time, in bytes for a size.
    var value: Double

    func holds(for figure: Double) -> Bool {
        switch sign {
        case .equal: figure == value
        case .unequal: figure != value
        case .less: figure < value
        case .atMost: figure <= value
        case .more: figure > value
        case .atLeast: figure >= value
        }
    }
}
