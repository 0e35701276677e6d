public import NeffosFeed

/// A filter in the words of the console, the feed and the expectations: `ns:chat room:lobby tries>3 -key:alice | state:slow`.
///
/// A space is *and*, `|` is *or* and binds less, `-` or `!` negates, parentheses group, quotes keep spaces and signs. A plain word is any part
/// of an id, key, address, namespace or room; `/…/` a regular expression over the same texts. ASCII letters of either case are the same. What
/// there is to ask for by name is in ``fields``. Something that a row or an event does not have passes no condition on it.
public struct Query: Sendable, Hashable {
    /// The longest text that is taken, in characters: enough for a line that a person writes, and little enough to be read at each key.
    public static let longest = 1000

    /// As it was written.
    public let text: String
    /// Nil lets everything pass.
    let expression: QueryExpression?
    /// Those that stand in it, in their order.
    let regexes: [LinearRegex]

    /// - Throws: ``QueryError`` that points at the place.
    public init(parsing text: String) throws(QueryError) {
        self.text = text
        var parser = QueryParser(text)
        expression = try parser.query()
        regexes = parser.regexes
    }

    /// Whether it lets everything pass.
    public var isEmpty: Bool { expression == nil }

    /// Whether an event of the feed passes, by what the event itself tells.
    public func matches(_ event: FeedEvent) -> Bool { matches(event) { _ in nil } }

    /// Whether an event of the feed passes, by what it tells and by what is known of its connection.
    /// - Parameter facts: the row of a connection, by its id; asked only where the query needs it.
    public func matches(_ event: FeedEvent, facts: (String) -> ConnectionRow?) -> Bool {
        var matchers = makeMatchers()
        return matches(event, &matchers, facts: facts)
    }

    /// - Parameter matchers: of ``makeMatchers()``, kept from event to event.
    func matches(_ event: FeedEvent, _ matchers: inout [LinearRegexMatcher], facts: (String) -> ConnectionRow?) -> Bool {
        guard let expression else { return true }
        return withoutActuallyEscaping(facts) { facts in
            var subject = EventSubject(event: event, facts: facts)
            return expression.matches(&subject, &matchers)
        }
    }

    func makeMatchers() -> [LinearRegexMatcher] { regexes.map(LinearRegexMatcher.init) }

    /// Whether it asks for what most events do not tell themselves, but the table of connections does.
    var needsFacts: Bool { expression?.needsFacts ?? false }
}
