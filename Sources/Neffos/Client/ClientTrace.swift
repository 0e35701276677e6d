/// One step of a client on its way to the server, for those who measure it.
package enum ClientTrace: Sendable, Hashable {
    /// TCP is there, of a probe, or of an upgrade that does not go over the probe's.
    case connected
    /// So is TLS.
    case secured
    /// The `HEAD` was answered with this status.
    case probeAnswered(status: Int)
    /// The upgrade was answered with 101.
    case upgraded
    /// The server has acknowledged; on the way back, namespaces and rooms follow.
    case acknowledged
    /// The state is another one; ``ClientState/connected(_:)`` says that all is entered again that could be.
    case changed(ClientState)
}
