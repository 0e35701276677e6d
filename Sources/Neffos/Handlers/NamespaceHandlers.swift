/// A type whose methods are the events of a namespace.
///
/// ```swift
/// struct Chat: NamespaceHandlers {
///     let namespace = "chat"
///     let history: History
///
///     var events: [EventBinding] {
///         on(.roomJoin, mayJoin)
///         on("say", say)
///         on("vote", as: Vote.self, vote)
///         on("history", as: Range.self, replying: [Line].self, lines)
///     }
///
///     func mayJoin(_ connection: NamespaceConnection, _ message: Message) throws { … }
///     func say(_ connection: NamespaceConnection, _ message: Message) -> Reply { … }
///     func vote(_ connection: NamespaceConnection, _ vote: Vote) throws -> Reply { … }
///     func lines(_ connection: NamespaceConnection, _ range: Range) async throws -> [Line] { … }
/// }
///
/// handlers.add(Chat(history: history))
/// ```
///
/// Swift finds no methods by their names at run time, so `events` lists them; a method that is `async` becomes an asynchronous handler. One
/// value serves all connections: what belongs to one connection is kept with that connection.
public protocol NamespaceHandlers: Sendable {
    /// The namespace of all the ``events``.
    var namespace: String { get }
    /// Read once, when the value is added. Of two bindings of one event the later is taken.
    @EventBuilder var events: [EventBinding] { get }
}

/// The same calls as those of ``EventHandlers``, without the namespace.
extension NamespaceHandlers {
    /// Handles `event` at once, on the event loop of its connection.
    public func on(_ event: String, _ handler: @escaping EventHandlers.Synchronous) -> EventBinding {
        EventBinding(event, synchronous: handler)
    }

    /// Handles `event` with a method that may wait.
    @_disfavoredOverload
    public func on(_ event: String, _ handler: @escaping EventHandlers.Asynchronous) -> EventBinding {
        EventBinding(event, asynchronous: handler)
    }

    /// Handles an event of the protocol itself; ``LifecycleEvent`` says which may refuse by throwing.
    public func on(_ event: LifecycleEvent, _ handler: @escaping EventHandlers.Lifecycle) -> EventBinding {
        EventBinding(event, synchronous: handler)
    }

    /// Handles an event of the protocol itself with a method that may wait.
    @_disfavoredOverload
    public func on(_ event: LifecycleEvent, _ handler: @escaping EventHandlers.AsynchronousLifecycle) -> EventBinding {
        EventBinding(event, asynchronous: handler)
    }

    /// Handles every event of users that has no handler of its own.
    public func onAny(_ handler: @escaping EventHandlers.Synchronous) -> EventBinding {
        EventBinding(SystemEventName.any, synchronous: handler)
    }

    /// Handles every event of users that has no handler of its own, with a method that may wait.
    @_disfavoredOverload
    public func onAny(_ handler: @escaping EventHandlers.Asynchronous) -> EventBinding {
        EventBinding(SystemEventName.any, asynchronous: handler)
    }

    /// Handles `event` with its body as a value. See `on(_:in:as:_:)`.
    public func on<Value: Decodable & SendableMetatype>(
        _ event: String, as type: Value.Type, _ handler: @escaping @Sendable (NamespaceConnection, Value) throws -> Reply
    ) -> EventBinding {
        EventBinding(event, as: type, synchronous: handler)
    }

    /// Handles `event` with its body as a value and a method that may wait.
    @_disfavoredOverload
    public func on<Value: Decodable & SendableMetatype>(
        _ event: String, as type: Value.Type, _ handler: @escaping @Sendable (NamespaceConnection, Value) async throws -> Reply
    ) -> EventBinding {
        EventBinding(event, as: type, asynchronous: handler)
    }

    /// Answers `event`, its body as a value, with a value.
    public func on<Value: Decodable & SendableMetatype, Answer: Encodable & SendableMetatype>(
        _ event: String, as type: Value.Type, replying answer: Answer.Type,
        _ handler: @escaping @Sendable (NamespaceConnection, Value) throws -> Answer
    ) -> EventBinding {
        EventBinding(event, as: type, replying: answer, synchronous: handler)
    }

    /// Answers `event`, its body as a value, with a value, by a method that may wait.
    @_disfavoredOverload
    public func on<Value: Decodable & SendableMetatype, Answer: Encodable & SendableMetatype>(
        _ event: String, as type: Value.Type, replying answer: Answer.Type,
        _ handler: @escaping @Sendable (NamespaceConnection, Value) async throws -> Answer
    ) -> EventBinding {
        EventBinding(event, as: type, replying: answer, asynchronous: handler)
    }
}
