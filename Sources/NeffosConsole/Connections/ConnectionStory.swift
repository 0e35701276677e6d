import NeffosFeed
import NeffosObservatory

/// The last events of the connection whose detail is open, gathered as they come, so that a picture does not look through all of the feed.
struct ConnectionStory: Sendable {
    /// The most that are kept.
    static let most = 40

    /// One event in words.
    struct Line: Sendable, Hashable {
        var time: FeedTime
        var text: String
    }

    private(set) var connection: String?
    /// Newest first.
    private(set) var lines: [Line] = []
    /// Entries of the feed that were looked at, counted from its beginning.
    private var seen = 0

    /// Takes over what came since; of another connection all that the log still has.
    mutating func refresh(_ connection: String?, from log: EventLog) {
        if connection != self.connection || log.taken < seen {
            self = ConnectionStory()
            self.connection = connection
        }
        let oldest = log.taken - log.count
        var news: [Line] = []
        var number = log.taken - 1
        while let connection, number >= max(seen, oldest), news.count < Self.most {
            let event = log[number - oldest].event
            if let text = ConnectionEventText.line(event.kind, of: connection) { news.append(Line(time: event.time, text: text)) }
            number -= 1
        }
        seen = log.taken
        if !news.isEmpty { lines = Array((news + lines).prefix(Self.most)) }
    }
}
