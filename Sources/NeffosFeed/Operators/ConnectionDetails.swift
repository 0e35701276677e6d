/// What is asked for when one connection's row is open.
public struct ConnectionDetails: Sendable, Hashable, Codable {
    /// One line of the request's header section.
    public struct Header: Sendable, Hashable, Codable {
        public var name: String
        /// Masked where it is a secret (`Authorization`, `Cookie`, tokens).
        public var value: String
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public var connection: String
    /// The request's target with its query, secrets masked.
    public var target: String
    public var headers: [Header]
    public var figures: ConnectionFigures
    /// Whether its messages are in the feed.
    public var isTapped: Bool

    public init(connection: String, target: String, headers: [Header], figures: ConnectionFigures, isTapped: Bool = false) {
        self.connection = connection
        self.target = target
        self.headers = headers
        self.figures = figures
        self.isTapped = isTapped
    }
}
