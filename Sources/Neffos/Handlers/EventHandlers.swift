import NeffosSession

/// The handlers of an endpoint, by namespace and event.
///
/// ```swift
/// var handlers = EventHandlers()
/// handlers.on("echo", in: "default") { _, message in .body(message.body) }
/// handlers.on(.roomJoin, in: "default") { connection, _ in
///     if connection.room == "staff" { throw NeffosError("staff only") }
/// }
/// handlers.on("sum", in: "default", as: [Int].self, replying: Int.self) { _, numbers in numbers.reduce(0, +) }
/// ```
///
/// A handler is given the connection in its namespace, with the room of the event, and the message, whose `event` says which it is. What it
/// returns or throws is answered as ``Reply`` says.
///
/// Of two handlers of the same event of a namespace the later one replaces the earlier.
public struct EventHandlers: Sendable {
    /// Runs at once, on the event loop of its connection: it must not block.
    public typealias Synchronous = @Sendable (NamespaceConnection, Message) throws -> Reply
    /// Starts at once on the event loop of its connection, where it may wait: later messages of that connection wait with it.
    public typealias Asynchronous = @Sendable (NamespaceConnection, Message) async throws -> Reply
    /// Accepts by returning, refuses by throwing where its ``LifecycleEvent`` can be refused. Runs like ``Synchronous``.
    public typealias Lifecycle = @Sendable (NamespaceConnection, Message) throws -> Void
    /// The same for one that may wait. Runs like ``Asynchronous``.
    public typealias AsynchronousLifecycle = @Sendable (NamespaceConnection, Message) async throws -> Void

    enum Handler: Sendable {
        case synchronous(Synchronous)
        case asynchronous(Asynchronous)
    }

    private(set) var namespaces: [String: [String: Handler]] = [:]
    /// In the order in which they were added.
    var layers: [MiddlewareLayer] = []
    var knownErrors: [any KnownError.Type] = []

    /// Turns values into bodies and back, for the handlers with `as:` and for the `emit`, `ask` and `broadcast` that take a value. JSON where
    /// nothing else is set.
    public var coder: any MessageCoder = JSONMessageCoder()

    /// What the other side is told of an error that is neither a ``NeffosError`` nor a ``KnownError``. By default `internal error`, since a
    /// description may hold what is nobody's business; the error itself is logged.
    public var unknownErrorText: @Sendable (any Error) -> String = { _ in NeffosError.Code.internalError.rawValue }

    /// Without any namespace, so that nobody can connect to one.
    public init() {}

    /// Makes `namespace` one that can be connected to, whether it has handlers or not.
    public mutating func declare(_ namespace: String) {
        namespaces[namespace, default: [:]] = namespaces[namespace] ?? [:]
    }

    /// The one way in.
    mutating func bind(_ binding: EventBinding, in namespace: String) {
        namespaces[namespace, default: [:]][binding.event] = binding.handler
    }

    // MARK: Users' events

    /// Handles `event` of `namespace`, which is declared with it. A second handler of the same event replaces the first.
    public mutating func on(_ event: String, in namespace: String, _ handler: @escaping Synchronous) {
        bind(EventBinding(event, synchronous: handler), in: namespace)
    }

    /// Handles `event` of `namespace` with a handler that may wait.
    @_disfavoredOverload
    public mutating func on(_ event: String, in namespace: String, _ handler: @escaping Asynchronous) {
        bind(EventBinding(event, asynchronous: handler), in: namespace)
    }

    /// Handles every event of users in `namespace` that has no handler of its own; `message.event` says which it is.
    public mutating func onAny(in namespace: String, _ handler: @escaping Synchronous) {
        on(SystemEventName.any, in: namespace, handler)
    }

    /// Handles every event of users in `namespace` that has no handler of its own, with a handler that may wait.
    @_disfavoredOverload
    public mutating func onAny(in namespace: String, _ handler: @escaping Asynchronous) {
        on(SystemEventName.any, in: namespace, handler)
    }

    // MARK: System events

    /// Handles an event of the protocol itself; ``LifecycleEvent`` says which may refuse by throwing.
    public mutating func on(_ event: LifecycleEvent, in namespace: String, _ handler: @escaping Lifecycle) {
        bind(EventBinding(event, synchronous: handler), in: namespace)
    }

    /// Handles an event of the protocol itself with a handler that may wait.
    @_disfavoredOverload
    public mutating func on(_ event: LifecycleEvent, in namespace: String, _ handler: @escaping AsynchronousLifecycle) {
        bind(EventBinding(event, asynchronous: handler), in: namespace)
    }

    /// Handles frames that are no neffos message (protocol section 2): the whole frame is the message's body, and a reply is a frame of its
    /// body alone, text or binary as the frame was.
    ///
    /// Where this is the only handler of the only namespace, every frame is native and there is no ack: neffos is not spoken at all. Else
    /// it gets what cannot be read as a message, while the connection is in the namespace `""`. A failure of this handler is logged; there is
    /// no way to send it.
    public mutating func onNative(_ handler: @escaping Synchronous) { on(SystemEventName.nativeMessage, in: "", handler) }

    /// Handles frames that are no neffos message with a handler that may wait.
    @_disfavoredOverload
    public mutating func onNative(_ handler: @escaping Asynchronous) { on(SystemEventName.nativeMessage, in: "", handler) }

    // MARK: What the engine asks

    /// The namespaces that can be connected to; native messages have none.
    var declaredNamespaces: Set<String> { Set(namespaces.keys) }

    /// Whether frames that are no neffos message are taken: protocol section 2.
    var nativeMessages: NativeMessages {
        guard namespaces[""]?[SystemEventName.nativeMessage] != nil else { return .none }
        return namespaces.count == 1 && namespaces[""]?.count == 1 ? .only : .mixed
    }
}
