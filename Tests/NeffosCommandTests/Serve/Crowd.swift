import Logging
import Neffos

@testable import NeffosCommand

/// Clients of ours with names, in the lobby of `default`.
struct Crowd: Sendable {
    let clients: [(name: String, client: Client)]

    /// - Parameter lost: the names of those who do not come back once they are lost.
    init(_ count: Int, url: String, lost: Set<String> = []) throws {
        clients = try (1...count).map { number in
            let name = "user-\(number)"
            var configuration = ClientConfiguration()
            configuration.headers = [("X-Username", name)]
            configuration.reconnect = lost.contains(name) ? .never : Reconnection(interval: .milliseconds(300))
            // A busy machine may take its time.
            configuration.dialWithin = .seconds(60)
            configuration.ackWithin = .seconds(60)
            var handlers = EventHandlers()
            handlers.declare("default")
            let client = try Client(
                url, configuration: configuration, handlers: handlers, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            return (name, client)
        }
    }

    func enter() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (_, client) in clients {
                group.addTask {
                    try await client.connect()
                    try await client.connect(to: "default").join("lobby")
                }
            }
            try await group.waitForAll()
        }
    }

    /// All are in the lobby, and know it: the first one joins the room `ready`, which may be the last that the server lets it do.
    func enterAndTell() async throws {
        try await enter()
        if let first = clients.first?.client { _ = try? await first.connect(to: "default").join("ready") }
    }

    /// Loses all connections as a network would.
    func drop() { for (_, client) in clients { client.drop() } }

    func close() async {
        await withDiscardingTaskGroup { group in
            for (_, client) in clients { group.addTask { await client.close() } }
        }
    }

    static let environment = [
        "NEFFOS_IDENTITY_HEADER": "X-Username", "NEFFOS_LIMITS_HANDSHAKE_WITHIN": "60s", "NEFFOS_LIMITS_ACK_WITHIN": "60s",
    ]
}
