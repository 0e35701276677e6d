public import NIOCore

/// What a handler answers (protocol section 4). A handler that fails throws instead: the other side gets the error's text.
///
/// The reply to an ask goes to whoever asked. What a handler returns for a plain emit goes back too, as an event of the same name; for a
/// message that is an error (`isError`) and for a ``LifecycleEvent`` nothing is sent.
public enum Reply: Sendable, Hashable {
    /// Nothing is sent. An asker waits on until its deadline, as with a Go handler that returns nil; ``empty`` is what tells it that all is
    /// well.
    case none
    /// The body of the reply; the rest is the message's own. It travels as text or binary as the message did, so in a text frame it must be
    /// UTF-8.
    case body(ByteBuffer)
    /// The same in a binary frame, whatever the message came in.
    case binary(ByteBuffer)

    /// A reply without a body: done.
    public static let empty = Reply.body(ByteBuffer())

    /// A text as the body of the reply.
    public static func text(_ text: String) -> Reply { .body(ByteBuffer(string: text)) }

    /// A value as JSON. ``NamespaceConnection/reply(_:)`` uses the ``EventHandlers/coder`` instead.
    ///
    /// - Throws: ``MessageBodyError``.
    public static func json(_ value: some Encodable) throws -> Reply { try .value(value, coder: JSONMessageCoder()) }

    /// A value as `coder` writes it.
    ///
    /// - Throws: ``MessageBodyError``.
    public static func value(_ value: some Encodable, coder: some MessageCoder) throws -> Reply {
        let (body, isBinary) = try coder.body(of: value)
        return isBinary ? .binary(body) : .body(body)
    }
}
