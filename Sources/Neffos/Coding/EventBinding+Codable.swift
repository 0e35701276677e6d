/// Handlers of values: the body is decoded before they run, by the coder of their connection's endpoint. Errors that answer no ask carry a
/// text, no value: they pass such handlers by.
extension EventBinding {
    init<Value: Decodable & SendableMetatype>(
        _ event: String, as type: Value.Type, synchronous handler: @escaping @Sendable (NamespaceConnection, Value) throws -> Reply
    ) {
        self.init(
            event,
            synchronous: { connection, message in
                if message.isError { return .none }
                return try handler(connection, connection.decode(type, from: message))
            })
    }

    init<Value: Decodable & SendableMetatype>(
        _ event: String, as type: Value.Type, asynchronous handler: @escaping @Sendable (NamespaceConnection, Value) async throws -> Reply
    ) {
        self.init(
            event,
            asynchronous: { connection, message in
                if message.isError { return .none }
                return try await handler(connection, connection.decode(type, from: message))
            })
    }

    init<Value: Decodable & SendableMetatype, Answer: Encodable & SendableMetatype>(
        _ event: String, as type: Value.Type, replying answer: Answer.Type,
        synchronous handler: @escaping @Sendable (NamespaceConnection, Value) throws -> Answer
    ) {
        self.init(event, as: type, synchronous: { try $0.reply(handler($0, $1)) })
    }

    init<Value: Decodable & SendableMetatype, Answer: Encodable & SendableMetatype>(
        _ event: String, as type: Value.Type, replying answer: Answer.Type,
        asynchronous handler: @escaping @Sendable (NamespaceConnection, Value) async throws -> Answer
    ) {
        self.init(event, as: type, asynchronous: { try await $0.reply(handler($0, $1)) })
    }
}
