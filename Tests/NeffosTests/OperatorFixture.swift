import NeffosFeed
import TestSupport

@testable import Neffos

extension ServerFixture {
    /// Has the server do what `console` asks.
    func perform(_ action: OperatorCommand.Action, _ targets: OperatorCommand.Targets = .all) async -> OperatorOutcome {
        await server.perform(OperatorCommand(action, targets: targets, by: "console"))
    }

    /// The audit events so far, with those that the feed still has to hand out waited for.
    func actions(_ count: Int) async -> [FeedEvent.OperatorAction] {
        _ = await sink.wait { entries in entries.count { $0.event.kind.typeName == "operator.action" } >= count }
        return kinds.compactMap { if case .operatorAction(let action) = $0 { action } else { nil } }
    }
}
