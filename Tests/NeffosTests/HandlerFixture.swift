import TestSupport

@testable import Neffos

/// A server and a client of it, each with its handlers.
enum HandlerFixture {
    static func run(
        _ server: EventHandlers, client: EventHandlers = ClientFixture.handlers,
        _ body: (ServerFixture, Client) async throws -> Void
    ) async throws {
        try await ServerFixture.run(server) { server in
            let client = try ClientFixture.client(server.server.url, handlers: client)
            try await client.connect()
            do {
                try await body(server, client)
            } catch {
                await client.close()
                throw error
            }
            await client.close()
        }
    }

    /// Handlers of one namespace, `default`.
    static func make(_ change: (inout EventHandlers) -> Void) -> EventHandlers {
        var handlers = EventHandlers()
        handlers.declare("default")
        change(&handlers)
        return handlers
    }
}

extension EventHandlers {
    /// What the handler of an event answers, called as the engine would for a message with this body.
    func answer(_ event: String, in namespace: String = "default", _ text: String = "") async throws -> Reply? {
        let message = Message(namespace: namespace, event: event, body: ByteBuffer(string: text))
        switch HandlerTable(self).handler(for: event, in: namespace) {
        case nil: return nil
        case .synchronous(let handle): return try handle(.unused, message)
        case .asynchronous(let handle): return try await handle(.unused, message)
        }
    }

    /// Whether the handler that the engine would call needs a task.
    func isAsynchronous(_ event: String, in namespace: String = "default") -> Bool {
        if case .asynchronous = HandlerTable(self).handler(for: event, in: namespace) { true } else { false }
    }
}
