import NIOCore
import NeffosSession
import Synchronization

/// What is counted exactly, for metrics and health checks.
extension Server {
    /// Counted since the start. Messages count from the ack on, without control frames; bytes are their payloads.
    package struct Totals: Sendable, Hashable {
        package var messagesIn = 0
        package var messagesOut = 0
        package var bytesIn = 0
        package var bytesOut = 0
        package var probes = 0
        package var opened = 0
        package var closed = 0
        package init() {}
    }

    /// Whether it takes newcomers in, and if not, why not.
    package enum Readiness: String, Sendable, Hashable {
        case ready, starting, draining, full, paused, away
    }

    /// The totals of all event loops; nil where it does not run.
    package func totals() async -> Totals? {
        guard let running = running.withLock({ $0 }) else { return nil }
        var sum = Totals()
        for context in running.contexts.values {
            guard let counters = try? await context.eventLoop.submit({ context.value.counters }).get() else { return nil }
            sum.messagesIn += counters.traffic.messagesIn
            sum.messagesOut += counters.traffic.messagesOut
            sum.bytesIn += counters.traffic.bytesIn
            sum.bytesOut += counters.traffic.bytesOut
            sum.probes += counters.probes
            sum.opened += counters.opened
            sum.closed += counters.closed
        }
        return sum
    }

    package var readiness: Readiness {
        let isRunning = running.withLock { $0 != nil }
        return admission.withLock { admission in
            if admission.isDraining { return .draining }
            if !isRunning { return .starting }
            if admission.isPaused { return .paused }
            if admission.isAway { return .away }
            let most = admission.limits.connections
            return most > 0 && admission.places(at: .now()) >= most ? .full : .ready
        }
    }

    /// Namespaces that can be connected to: names that no client chose.
    package var declaredNamespaces: Set<String> { endpoint.rules.declaredNamespaces }
}
