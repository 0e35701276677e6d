/// The figures of one connection at one moment; never in the feed, only for who asks.
public struct ConnectionFigures: Sendable, Hashable, Codable {
    public var connection: String
    /// Since the ack, without control frames.
    public var messagesIn: Int
    public var messagesOut: Int
    /// Payloads.
    public var bytesIn: Int
    public var bytesOut: Int
    /// What waits for the client, in bytes.
    public var queuedBytes: Int
    /// Since something came of it last.
    public var idle: Milliseconds
    /// Of the last ping that was answered, in microseconds; nil while none was.
    public var roundTrip: Int?

    public init(
        connection: String, messagesIn: Int = 0, messagesOut: Int = 0, bytesIn: Int = 0, bytesOut: Int = 0, queuedBytes: Int = 0,
        idle: Milliseconds = 0, roundTrip: Int? = nil
    ) {
        self.connection = connection
        self.messagesIn = messagesIn
        self.messagesOut = messagesOut
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
        self.queuedBytes = queuedBytes
        self.idle = idle
        self.roundTrip = roundTrip
    }
}
