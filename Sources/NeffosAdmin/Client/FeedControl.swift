import Neffos
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
        do { return try await ask(command) } catch { return .refused(Self.sentence(error)) }
    }

    /// - Throws: where there is no outcome; see ``sentence(_:)``.
    package func ask(_ command: OperatorCommand) async throws -> OperatorOutcome {
        guard client.isThere else { throw NeffosError("the server is away, so nothing was done; try again once it is back") }
        var command = command
        command.by = name
        var within = Self.commandWithin
        if case .drill(_, let away) = command.action { within += .milliseconds(away) }
        return try await client.ask(.command, command, as: OperatorOutcome.self, within: within)
    }

    /// Why there is no outcome, and what to do.
    package static func sentence(_ error: any Error) -> String {
        switch (error as? NeffosError)?.code {
        case .writeClosed: "the connection was lost before the server answered; see in its events whether it was done"
        case .timeout: "the server did not answer in time; see in its events whether it was done"
        case .badNamespace: "the server is not attached to again yet, so nothing was done; try again once it is"
        case .other: "\(error)"
        default: "the server did not answer: \(error); see in its log why"
        }
    }

    package func detail(of connection: String) async -> ConnectionDetails? {
        (try? await client.ask(.detail, FeedAsk.DetailAsk(connection: connection), as: ConnectionDetails?.self)) ?? nil
    }

    package func figures(of connections: [String]?) async -> [ConnectionFigures] {
        (try? await client.ask(.figures, FeedAsk.FiguresAsk(connections: connections), as: [ConnectionFigures].self)) ?? []
    }
}
