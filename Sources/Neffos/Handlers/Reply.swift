public import NIOCore

/// What a handler answers (protocol section 4). A handler that fails throws instead.
public enum Reply: Sendable, Hashable {
    /// Nothing is sent; an asker waits until its deadline.
    case none
    /// The body of the reply; the rest is the message's own.
    case body(ByteBuffer)

    public static func text(_ text: String) -> Reply { .body(ByteBuffer(string: text)) }
}
