public import NeffosFeed

/// A filter in the words of the console, the feed and the expectations: `ns:chat room:lobby tries>3 -key:alice | state:slow`.
public struct Query: Sendable, Hashable {
    /// As it was written.
    public let text: String

    /// - Throws: ``QueryError`` that points at the place.
    public init(parsing text: String) throws(QueryError) {
        self.text = text
    }

    /// Whether it lets everything pass.
    public var isEmpty: Bool { text.isEmpty }

    /// Whether an event of the feed passes.
    public func matches(_ event: FeedEvent) -> Bool { true }

    /// Texts that `text` may go on as, the likeliest first; the names are those that there are now.
    public static func completions(for text: String, names: QueryNames) -> [String] { [] }
}

/// Why a text is no query.
public struct QueryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where, in characters from the beginning.
    public var position: Int
    /// What is wrong, in a few words.
    public var problem: String
    /// What to do.
    public var advice: String

    public init(position: Int, problem: String, advice: String) {
        self.position = position
        self.problem = problem
        self.advice = advice
    }

    public var description: String { "\(problem) at character \(position + 1); \(advice)" }
}

/// Names that a query can be completed with.
public struct QueryNames: Sendable, Hashable {
    public var namespaces: [String]
    public var rooms: [String]
    public var keys: [String]
    public init(namespaces: [String] = [], rooms: [String] = [], keys: [String] = []) {
        self.namespaces = namespaces
        self.rooms = rooms
        self.keys = keys
    }
}
