public import NeffosFeed

/// Who is here: what a server that was killed needs to know whom it lost.
public struct Roster: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        public var connection: String
        public var key: String?
        /// `address:port`.
        public var remote: String
        /// Rooms by namespace, sorted.
        public var namespaces: [String: [String]]

        public init(connection: String, key: String?, remote: String, namespaces: [String: [String]] = [:]) {
            self.connection = connection
            self.key = key
            self.remote = remote
            self.namespaces = namespaces
        }
    }

    /// The last time at which it was known to be true.
    public var savedAt: FeedTime
    public var entries: [Entry]

    public init(savedAt: FeedTime, entries: [Entry] = []) {
        self.savedAt = savedAt
        self.entries = entries
    }
}
