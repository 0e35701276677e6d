/// An event and its handler, not yet in a namespace: what ``NamespaceHandlers/events`` consists of.
///
/// Made by the `on` methods of ``NamespaceHandlers``.
public struct EventBinding: Sendable {
    /// The name of the event, a system event's too.
    public let event: String
    let handler: EventHandlers.Handler

    init(_ event: String, _ handler: EventHandlers.Handler) {
        self.event = event
        self.handler = handler
    }

    init(_ event: String, synchronous handler: @escaping EventHandlers.Synchronous) { self.init(event, .synchronous(handler)) }

    init(_ event: String, asynchronous handler: @escaping EventHandlers.Asynchronous) { self.init(event, .asynchronous(handler)) }

    init(_ event: LifecycleEvent, synchronous handler: @escaping EventHandlers.Lifecycle) {
        self.init(
            event.rawValue,
            synchronous: { connection, message in
                try handler(connection, message)
                return .none
            })
    }

    init(_ event: LifecycleEvent, asynchronous handler: @escaping EventHandlers.AsynchronousLifecycle) {
        self.init(
            event.rawValue,
            asynchronous: { connection, message in
                try await handler(connection, message)
                return .none
            })
    }
}
