import NIOCore
import NeffosFeed

/// Measuring round trips by control frames.
extension Server {
    func ping(_ targets: [Connection]) async -> OperatorOutcome {
        let trips = await ask(targets) { await $0.ping(within: Self.operatorWaits) }.compactMap { $0 }.sorted()
        let silent = targets.count - trips.count
        guard let longest = trips.last else {
            return OperatorOutcome(count: 0, result: "no answer within \(Self.operatorWaits.components.seconds) s")
        }
        if targets.count == 1 { return OperatorOutcome(count: 1, result: OperatorText.duration(microseconds: longest)) }
        let median = OperatorText.duration(microseconds: trips[trips.count / 2])
        var result = "median \(median), max \(OperatorText.duration(microseconds: longest))"
        if silent > 0 { result += "; \(silent) of \(targets.count) did not answer" }
        return OperatorOutcome(count: trips.count, result: result)
    }
}
