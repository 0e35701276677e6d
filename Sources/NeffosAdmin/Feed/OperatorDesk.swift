import NeffosFeed
import NeffosObservatory
import Neffos

/// Where commands come together: from consoles over the wire, and from the console of the serving process itself. It says no where commands are
/// refused, finds whom a filter means, and keeps one console from ending the tap of another.
struct OperatorDesk: Sendable {
    let hub: FeedHub
    let model: ObservatorySink
    /// Nil where there is nothing to steer.
    let control: (any OperatorControl)?
    let isConfiguredReadOnly: Bool

    var isReadOnly: Bool { isConfiguredReadOnly || control?.isReadOnly ?? true }

    /// - Parameters:
    ///   - command: what, on whom, and by whom.
    ///   - owner: whose taps are meant.
    func perform(_ command: OperatorCommand, of owner: String) async -> OperatorOutcome {
        guard let control else { return .refused("this server takes no commands") }
        if isReadOnly {
            let outcome = OperatorOutcome.refused("the server is read-only; start it without --read-only")
            hub.record(command, outcome)
            return outcome
        }
        if case .tap(let isOn) = command.action { return await tap(isOn, command, of: owner, control) }
        return await QueryControl(control, sink: model).perform(command)
    }

    /// A connection is tapped while anybody wants it to be.
    private func tap(_ isOn: Bool, _ command: OperatorCommand, of owner: String, _ control: any OperatorControl) async -> OperatorOutcome {
        let wanted: [String]
        switch command.targets {
        case .connections(let ids): wanted = ids
        case .all where !isOn: wanted = hub.taps(of: owner)
        case .all: wanted = model.read { $0 }.snapshot.connections.prefix(TapShares<String>.most + 1).map(\.connection)
        case .matching(let text):
            do throws(QueryError) { wanted = try QueryTargets(matching: text, in: model.read { $0 }).ids } catch {
                return .refused("the filter is none: \(error)")
            }
        }
        guard isOn else {
            let ended = hub.removeTaps(wanted, of: owner)
            guard !ended.isEmpty else { return OperatorOutcome(count: wanted.count) }
            var outcome = await control.perform(OperatorCommand(.tap(false), targets: .connections(ended), by: command.by))
            outcome.count = max(outcome.count, wanted.count)
            return outcome
        }
        guard let begun = hub.addTaps(wanted, of: owner) else {
            return .refused("one console taps at most \(TapShares<String>.most) connections; name fewer")
        }
        guard !begun.isEmpty else { return OperatorOutcome(count: wanted.count) }
        var outcome = await control.perform(OperatorCommand(.tap(true), targets: .connections(begun), by: command.by))
        if outcome.isRefused { _ = hub.removeTaps(begun, of: owner) }
        outcome.count += wanted.count - begun.count
        return outcome
    }

    /// The owner has gone.
    func untap(_ connections: [String], by name: String) async {
        guard !connections.isEmpty, let control else { return }
        _ = await control.perform(OperatorCommand(.tap(false), targets: .connections(connections), by: name))
    }
}

/// The way of the serving process' own console to the same desk.
struct LocalControl: OperatorControl {
    let desk: OperatorDesk
    let owner = "local"

    var isReadOnly: Bool { desk.isReadOnly }
    func perform(_ command: OperatorCommand) async -> OperatorOutcome { await desk.perform(command, of: owner) }
    func detail(of connection: String) async -> ConnectionDetails? { await desk.control?.detail(of: connection) }
    func figures(of connections: [String]?) async -> [ConnectionFigures] { await desk.control?.figures(of: connections) ?? [] }
}
