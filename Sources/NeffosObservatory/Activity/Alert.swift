public import NeffosFeed

/// Something an operator should know of. What a peer named stands in it as it was: whoever shows it makes it safe first.
public struct Alert: Sendable, Hashable {
    public enum Severity: String, Sendable, Hashable, CaseIterable { case info, warning, problem }

    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case incident, orphanProbe, violation, slowConsumer, rejection, gap, lint
    }

    /// Of the newest of those that are counted in it.
    public var time: FeedTime
    public var kind: Kind
    public var severity: Severity
    /// A few words: `orphan probe`.
    public var title: String
    /// One sentence.
    public var detail: String
    /// How many of the same are told by this one.
    public var count: Int

    public init(time: FeedTime, kind: Kind, severity: Severity, title: String, detail: String, count: Int = 1) {
        self.time = time
        self.kind = kind
        self.severity = severity
        self.title = title
        self.detail = detail
        self.count = count
    }
}
