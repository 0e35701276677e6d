public import NIOCore

/// One neffos message, the seven fields of protocol section 3.
///
/// Fields hold what they mean, not how they are escaped on the wire: a room named `a;b` is `a;b` here.
public struct Message: Sendable, Hashable {
    /// The token that ties a reply to its ask, empty for a plain emit. Opaque: a reply repeats what came.
    public var wait: WaitToken
    /// The namespace; empty is one like any other.
    public var namespace: String
    /// The room, empty where the message concerns the whole namespace.
    public var room: String
    /// The event's name, a system event's too.
    public var event: String
    /// Whether ``body`` is an error text.
    public var isError: Bool
    /// A flag of the originals that asks for nothing to be done. It is kept as it came, and never set by the engine.
    public var isNoOp: Bool
    /// Whether the message travels in a binary frame. A reply keeps the flag of its ask.
    public var isBinary: Bool
    /// The rest of the frame, byte for byte.
    public var body: ByteBuffer

    /// - Parameters: see the properties of the same names.
    public init(
        wait: WaitToken = .none, namespace: String = "", room: String = "", event: String = "", isError: Bool = false,
        isNoOp: Bool = false, isBinary: Bool = false, body: ByteBuffer = ByteBuffer()
    ) {
        self.wait = wait
        self.namespace = namespace
        self.room = room
        self.event = event
        self.isError = isError
        self.isNoOp = isNoOp
        self.isBinary = isBinary
        self.body = body
    }

    /// The body as text; bytes that are no UTF-8 become U+FFFD.
    public var text: String { String(buffer: body) }

    /// The reply to this message with `body`: wait token, namespace, room, event and opcode are repeated (protocol section 4).
    @inlinable
    public consuming func reply(_ body: consuming ByteBuffer) -> Message {
        isError = false
        isNoOp = false
        self.body = body
        return self
    }

    /// The reply that carries the error `text` (protocol section 4).
    @inlinable
    public consuming func failure(_ text: String) -> Message {
        isError = true
        isNoOp = false
        body = ByteBuffer(string: text)
        return self
    }
}
