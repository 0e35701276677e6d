/// One middleware and what it is around. Layers are folded into the handlers once, when the ``HandlerTable`` is made.
struct MiddlewareLayer: Sendable {
    enum Kind: Sendable {
        case synchronous(EventHandlers.Middleware)
        case asynchronous(EventHandlers.AsynchronousMiddleware)
    }

    let namespace: String?
    let seesLifecycle: Bool
    let kind: Kind

    func covers(_ namespace: String) -> Bool { self.namespace == nil || self.namespace == namespace }

    /// `handler` with this layer around it.
    func around(_ handler: EventHandlers.Handler) -> EventHandlers.Handler {
        switch (kind, handler) {
        case (.synchronous(let middleware), .synchronous(let handle)):
            return .synchronous { connection, message in
                var message = message
                switch try middleware(connection, &message) {
                case .proceed: return try handle(connection, message)
                case .proceedThen(let leave): return try leave(Result { try handle(connection, message) })
                case .reply(let reply): return reply
                }
            }
        case (.synchronous(let middleware), .asynchronous(let handle)):
            return .asynchronous { connection, message in
                var message = message
                switch try middleware(connection, &message) {
                case .proceed: return try await handle(connection, message)
                case .proceedThen(let leave):
                    let outcome: Result<Reply, any Error>
                    do { outcome = .success(try await handle(connection, message)) } catch { outcome = .failure(error) }
                    return try leave(outcome)
                case .reply(let reply): return reply
                }
            }
        case (.asynchronous(let middleware), .synchronous(let handle)):
            return .asynchronous { try await middleware($0, $1) { try handle($0, $1) } }
        case (.asynchronous(let middleware), .asynchronous(let handle)):
            return .asynchronous { try await middleware($0, $1, handle) }
        }
    }
}

extension EventHandlers {
    /// The handlers with their middleware around them.
    func composed() -> [String: [String: Handler]] {
        guard !layers.isEmpty else { return namespaces }
        var composed = namespaces
        for (namespace, handlers) in namespaces {
            let around = layers.filter { $0.covers(namespace) }
            let aroundLifecycle = around.filter(\.seesLifecycle)
            var handlers = handlers
            if !aroundLifecycle.isEmpty {
                // What has no handler is accepted: that is what such a middleware is around there.
                for event in LifecycleEvent.allCases where handlers[event.rawValue] == nil {
                    handlers[event.rawValue] = .synchronous { _, _ in .none }
                }
            }
            for (event, handler) in handlers {
                let layers = SystemEventName.isSystemEvent(event) ? aroundLifecycle : around
                handlers[event] = layers.reversed().reduce(handler) { $1.around($0) }
            }
            composed[namespace] = handlers
        }
        return composed
    }
}
