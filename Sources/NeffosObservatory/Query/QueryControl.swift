public import NeffosFeed

/// An engine that commands can reach by a filter: `OperatorCommand.Targets.matching` is looked up in the model of the same server first.
public struct QueryControl: OperatorControl {
    private let control: any OperatorControl
    private let sink: ObservatorySink

    public init(_ control: any OperatorControl, sink: ObservatorySink) {
        self.control = control
        self.sink = sink
    }

    public var isReadOnly: Bool { control.isReadOnly }

    public func perform(_ command: OperatorCommand) async -> OperatorOutcome {
        guard case .matching(let text) = command.targets, command.action.hasTargets else { return await control.perform(command) }
        let found: QueryTargets
        do throws(QueryError) {
            let query = try Query(parsing: text)
            found = sink.read { QueryTargets(query, in: $0) }
        } catch {
            return .refused("the filter is wrong: \(error)")
        }
        var command = command
        command.targets = .connections(found.ids)
        return await control.perform(command)
    }

    public func detail(of connection: String) async -> ConnectionDetails? { await control.detail(of: connection) }
    public func figures(of connections: [String]?) async -> [ConnectionFigures] { await control.figures(of: connections) }
}
