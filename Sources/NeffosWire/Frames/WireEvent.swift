package import NIOCore

/// What a peer's frames amount to.
package enum WireEvent: Hashable, Sendable {
    /// A whole message, unmasked, its fragments put together. A text is UTF-8.
    case message(ByteBuffer, isBinary: Bool)
    case ping(ByteBuffer)
    case pong(ByteBuffer)
    /// The peer closes. nil: its frame held no code, which counts as ``CloseCode/noStatus``.
    case close(CloseCode?, reason: String)
}
