/// How a connection is, in one word: the worst of what is known of it. The raw values are the words of the filter (`state:slow`).
///
/// The last four are ills. What takes figures (``slow``, ``silent``, ``idle``) is known only while somebody asks for them.
public enum ConnectionState: String, Sendable, Hashable, CaseIterable {
    /// Acknowledged, and nothing is wrong as far as is known.
    case active
    /// No message came of it or went to it for ``ConnectionState/idleAfter``, but it answers.
    case idle
    /// Upgraded, but not acknowledged yet.
    case unacknowledged
    /// It was lost and is awaited; only a row that tells of a connection that is gone has this.
    case lost
    /// Its client comes back again and again (by key, not by id): the lint `flapping` is raised for it.
    case flapping
    /// It broke a rule of the protocol.
    case violating
    /// Nothing came of it, not even an answer to a ping, for ``ConnectionState/silentAfter``.
    case silent
    /// More waits for it than the threshold of the lint `slow-consumer`.
    case slow

    /// As the feed calls what has just happened: `connection.opened`.
    public static var opened: ConnectionState { .unacknowledged }
    /// As the feed calls what has just happened: `connection.acknowledged`.
    public static var acknowledged: ConnectionState { .active }

    /// Without a message for so long a connection is idle, in milliseconds.
    public static let idleAfter = 60_000
    /// Without a sign of life for so long it is silent, in milliseconds: a ping, every 25 s by default, was not answered.
    public static let silentAfter = 35_000
}
