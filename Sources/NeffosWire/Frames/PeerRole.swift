/// Whose end of the connection is ours. A server requires masked frames, a client unmasked ones (RFC 6455 section 5.1).
package enum PeerRole: Sendable {
    case server
    case client
}
