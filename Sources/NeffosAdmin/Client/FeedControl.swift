package import NeffosFeed

/// Steers a server through its admin address.
package struct FeedControl: OperatorControl {
    private let client: FeedClient
    private let name: String

    /// How long the rest of a command may take, beside what it says itself.
    private static let commandWithin = Duration.seconds(60)

    /// - Parameter name: what the client calls itself in the audit events, behind what the server knows of it.
    package init(_ client: FeedClient, name: String) {
        self.client = client
        self.name = name
    }

    package var isReadOnly: Bool { client.about?.readOnly ?? true }

    package func perform(_ command: OperatorCommand) async -> OperatorOutcome {
        var command = command
        command.by = name
        var within = Self.commandWithin
        if case .drill(_, let away) = command.action { within += .milliseconds(away) }
        do {
            return try await client.ask(.command, command, as: OperatorOutcome.self, within: within)
        } catch {
            return .refused("the server did not answer: \(error)")
        }
    }

    package func detail(of connection: String) async -> ConnectionDetails? {
        (try? await client.ask(.detail, FeedAsk.DetailAsk(connection: connection), as: ConnectionDetails?.self)) ?? nil
    }

    package func figures(of connections: [String]?) async -> [ConnectionFigures] {
        (try? await client.ask(.figures, FeedAsk.FiguresAsk(connections: connections), as: [ConnectionFigures].self)) ?? []
    }
}
