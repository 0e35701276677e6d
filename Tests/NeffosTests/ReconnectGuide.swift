import Neffos

// The code of the guide `ContinuousIntegration.md`, as it shows it.

struct ReconnectGuide {
    /// A client that enters its room once the server is there, and comes back to it whatever happens.
    func survivor(_ url: String, named name: String) async throws -> Client {
        var configuration = ClientConfiguration()
        configuration.headers = [("X-Username", name)]
        configuration.reconnect = Reconnection(interval: .seconds(1), jitter: 0.5)
        configuration.reconnect.retriesFirstDial = true
        var handlers = EventHandlers()
        handlers.declare("default")
        let client = try await Client.dial(url, configuration: configuration, handlers: handlers)
        let space = try await client.connect(to: "default")
        try await space.join("lobby")
        return client
    }

    /// So many of them, until somebody ends the process.
    func survive(_ url: String, clients: Int) async throws {
        try await withThrowingTaskGroup { group in
            for number in 1...clients {
                group.addTask { _ = try await survivor(url, named: "ci-\(number)").closed() }
            }
            try await group.waitForAll()
        }
    }
}
