package import NeffosFeed
package import NeffosObservatory

/// Finds whom a filter means, which is the model's to find, and hands the command on with their ids.
package struct TargetFinder: OperatorControl {
    private let model: ObservatorySink
    private let control: any OperatorControl

    package init(model: ObservatorySink, control: any OperatorControl) {
        self.model = model
        self.control = control
    }

    package var isReadOnly: Bool { control.isReadOnly }

    package func perform(_ command: OperatorCommand) async -> OperatorOutcome {
        guard command.action.hasTargets, case .matching(let text) = command.targets else { return await control.perform(command) }
        var command = command
        do throws(QueryError) {
            command.targets = .connections(try QueryTargets(matching: text, in: model.read { $0 }).ids)
        } catch {
            return .refused("the filter is none: \(error)")
        }
        return await control.perform(command)
    }

    package func detail(of connection: String) async -> ConnectionDetails? { await control.detail(of: connection) }
    package func figures(of connections: [String]?) async -> [ConnectionFigures] { await control.figures(of: connections) }
}
