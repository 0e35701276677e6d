/// What a middleware decides before an event's handler runs.
public enum Interception {
    /// On to the next middleware and then the handler, with the message as it is now.
    case proceed
    /// The same; what came of it passes through the closure, which gives the outcome: the same, another, or an error that it throws.
    case proceedThen((Result<Reply, any Error>) throws -> Reply)
    /// Answers in the handler's place, which is not called.
    case reply(Reply)
}

extension EventHandlers {
    /// A synchronous middleware: a few instructions around a synchronous handler, which stays synchronous; an asynchronous handler may be
    /// behind it as well. It runs on the event loop of its connection and must not block.
    ///
    /// It may change the message, which is then what the handler sees; the reply goes where the ask came from all the same. What it throws
    /// is answered as if the handler had thrown it.
    public typealias Middleware = @Sendable (NamespaceConnection, inout Message) throws -> Interception

    /// An asynchronous middleware around `next`, which is the next middleware or the handler: it may call it with another message, more than
    /// once, or not at all. Whatever it is around becomes asynchronous: a task a message, one in flight a connection.
    public typealias AsynchronousMiddleware =
        @Sendable (_ connection: NamespaceConnection, _ message: Message, _ next: @escaping Asynchronous) async throws -> Reply

    /// Puts `middleware` around the handlers.
    ///
    /// ```swift
    /// handlers.use { connection, message in
    ///     guard isLoggedIn(connection) else { throw NeffosError("log in first") }
    ///     let (event, begun) = (message.event, ContinuousClock.now)
    ///     return .proceedThen { outcome in
    ///         histogram.record(event, ContinuousClock.now - begun)
    ///         return try outcome.get()
    ///     }
    /// }
    /// ```
    ///
    /// The first added is the outermost, whatever namespace it is for. It is around all handlers of users' events, the any-event's and the
    /// native messages', those added later too; a message that has no handler has no middleware. It sees messages that are errors
    /// (`isError`), whose outcome is never sent.
    ///
    /// - Parameters:
    ///   - namespace: whose events; all namespaces where it is nil.
    ///   - lifecycle: whether it is also around the events of ``LifecycleEvent``, with or without a handler: by throwing it refuses what they
    ///     can refuse.
    ///   - middleware: what runs around each of them.
    public mutating func use(in namespace: String? = nil, lifecycle: Bool = false, _ middleware: @escaping Middleware) {
        layers.append(MiddlewareLayer(namespace: namespace, seesLifecycle: lifecycle, kind: .synchronous(middleware)))
    }

    /// Puts an asynchronous `middleware` around the handlers. See `use(in:lifecycle:_:)` for what is around what.
    ///
    /// ```swift
    /// handlers.use(in: "orders") { connection, message, next in
    ///     let span = await tracer.begin(message.event)
    ///     defer { span.end() }
    ///     return try await next(connection, message)
    /// }
    /// ```
    public mutating func use(in namespace: String? = nil, lifecycle: Bool = false, _ middleware: @escaping AsynchronousMiddleware) {
        layers.append(MiddlewareLayer(namespace: namespace, seesLifecycle: lifecycle, kind: .asynchronous(middleware)))
    }
}
