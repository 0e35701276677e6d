public import NeffosFeed

/// A query over a feed, event by event in its order. It knows of the connections that it has seen come: an event that names no more than the id
/// of its connection is asked by that connection's key, address, namespaces and rooms too.
public struct FeedFilter: Sendable {
    public let query: Query
    private var matchers: [LinearRegexMatcher]
    /// Nil where events tell all that is asked for.
    private var follower: ConnectionFollower?

    public init(_ query: Query) {
        self.query = query
        matchers = query.makeMatchers()
        follower = query.needsFacts ? ConnectionFollower() : nil
    }

    /// Takes the next event. What is lost (`feed.gap`), and the picture that follows (`snapshot`), are told to whoever filters as well.
    public mutating func passes(_ event: FeedEvent) -> Bool {
        var isSo = false
        if follower == nil {
            isSo = query.matches(event, &matchers) { _ in nil }
        } else {
            follower?.follow(event) { facts in isSo = query.matches(event, &matchers, facts: facts) }
        }
        switch event.kind {
        // Without the second a sink that lost its place would never find it again.
        case .feedGap, .snapshot: return true
        default: return isSo
        }
    }
}
