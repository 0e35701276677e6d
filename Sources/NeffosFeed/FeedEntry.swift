/// An event in its place in the feed of one node.
public struct FeedEntry: Sendable, Hashable {
    /// Rises by one per node; starts at 1 with each `server.started`.
    public var seq: Int
    public var node: String
    public var event: FeedEvent
    public init(seq: Int, node: String, event: FeedEvent) {
        self.seq = seq
        self.node = node
        self.event = event
    }
}
