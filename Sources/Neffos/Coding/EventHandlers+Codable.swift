extension EventHandlers {
    /// Handles `event` of `namespace` with its body as a value, decoded by the ``coder``.
    ///
    /// A body that is no such value is answered with the error `invalid payload`, and the handler is not called. The room is
    /// ``NamespaceConnection/room``.
    ///
    /// ```swift
    /// handlers.on("vote", in: "polls", as: Vote.self) { connection, vote in
    ///     polls.count(vote, in: connection.room)
    ///     return .empty
    /// }
    /// ```
    public mutating func on<Value: Decodable & SendableMetatype>(
        _ event: String, in namespace: String, as type: Value.Type,
        _ handler: @escaping @Sendable (NamespaceConnection, Value) throws -> Reply
    ) {
        bind(EventBinding(event, as: type, synchronous: handler), in: namespace)
    }

    /// Handles `event` of `namespace` with its body as a value and a handler that may wait.
    @_disfavoredOverload
    public mutating func on<Value: Decodable & SendableMetatype>(
        _ event: String, in namespace: String, as type: Value.Type,
        _ handler: @escaping @Sendable (NamespaceConnection, Value) async throws -> Reply
    ) {
        bind(EventBinding(event, as: type, asynchronous: handler), in: namespace)
    }

    /// Answers `event` of `namespace`, its body as a value, with a value.
    public mutating func on<Value: Decodable & SendableMetatype, Answer: Encodable & SendableMetatype>(
        _ event: String, in namespace: String, as type: Value.Type, replying answer: Answer.Type,
        _ handler: @escaping @Sendable (NamespaceConnection, Value) throws -> Answer
    ) {
        bind(EventBinding(event, as: type, replying: answer, synchronous: handler), in: namespace)
    }

    /// Answers `event` of `namespace`, its body as a value, with a value, by a handler that may wait.
    @_disfavoredOverload
    public mutating func on<Value: Decodable & SendableMetatype, Answer: Encodable & SendableMetatype>(
        _ event: String, in namespace: String, as type: Value.Type, replying answer: Answer.Type,
        _ handler: @escaping @Sendable (NamespaceConnection, Value) async throws -> Answer
    ) {
        bind(EventBinding(event, as: type, replying: answer, asynchronous: handler), in: namespace)
    }
}
