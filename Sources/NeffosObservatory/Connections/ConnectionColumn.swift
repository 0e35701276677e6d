/// What connections can be sorted by. Where two are equal, their ids decide; what is not known comes before everything else.
public enum ConnectionColumn: String, Sendable, Hashable, CaseIterable {
    case id, key, address, age, idle, namespaces, rooms, tries, returns
    case messagesIn, messagesOut, bytesIn, bytesOut
    /// Messages a second.
    case rateIn, rateOut
    case roundTrip
    /// Bytes that wait for the client.
    case queue
    case state, agent

    /// As the feed calls the address.
    public static var remote: ConnectionColumn { .address }

    /// Whether it takes figures, which have to be asked for.
    public var isFigure: Bool {
        switch self {
        case .idle, .messagesIn, .messagesOut, .bytesIn, .bytesOut, .rateIn, .rateOut, .roundTrip, .queue: true
        case .id, .key, .address, .age, .namespaces, .rooms, .tries, .returns, .state, .agent: false
        }
    }
}
