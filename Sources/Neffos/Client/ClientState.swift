/// Where a ``Client`` is on its way (protocol section 7).
public enum ClientState: Sendable, Hashable {
    /// `connect()` was not called yet, or has failed.
    case idle
    /// The first dial is under way. Where one that failed is tried again (``Reconnection/retriesFirstDial``), ``waiting(tries:)``,
    /// ``probing`` and ``dialing(tries:)`` follow.
    case connecting
    /// Acknowledged under this id, with all namespaces and rooms back that could be.
    case connected(String)
    /// The connection was lost, how is in ``Client/lastClose``; the next attempt is due after a while. `tries` counts the attempts of this outage, the coming one included.
    case waiting(tries: Int)
    /// A `HEAD` asks whether the server is there.
    case probing
    /// It is, and is dialed with this number of tries.
    case dialing(tries: Int)
    /// Acknowledged under a new id; namespaces and rooms are entered again.
    case restoring
    /// The end.
    case closed(Reason)

    /// Why a client has ended.
    public enum Reason: Sendable, Hashable {
        /// `close()` was called.
        case requested
        /// The connection was closed with a code that a client does not come back after (protocol section 6).
        case closed(CloseInfo)
        /// The server answered the ack with this error text.
        case refused(String)
        /// The connection was lost, and the configuration or ``ClientConfiguration/shouldReconnect`` says not to come back.
        case lost(CloseInfo)
        /// As many attempts were made as the configuration allows.
        case triesExhausted
    }
}
