import Neffos
import NeffosFeed
import NeffosObservatory
import NIOCore
import NIOHTTP1

/// What the admin address answers beside the feed: metrics and health.
struct AdminPages: Sendable {
    let server: Server
    let feed: EventFeed
    let model: ObservatorySink
    let metrics: MetricsSink
    let hub: FeedHub
    let token: BearerToken?
    let version: String

    /// - Returns: nil for a path that is none of ours.
    func answer(_ head: HTTPRequestHead) async -> HTTPAnswer? {
        switch head.uri.prefix(while: { $0 != "?" }) {
        case "/healthz": return answer(Health.alive)
        case "/readyz": return answer(Health.ready(server.readiness))
        case "/metrics":
            guard token?.allows(head.headers) ?? true else {
                var refusal = HTTPAnswer(status: .unauthorized, text: "the token is missing or wrong\n")
                for (name, value) in BearerToken.challenge { refusal.headers.replaceOrAdd(name: name, value: value) }
                return refusal
            }
            let format = MetricsFormat(accept: head.headers["Accept"])
            let text = MetricsText.text(of: await report().families, as: format)
            return HTTPAnswer(headers: ["Content-Type": format.contentType, "Vary": "Accept"], body: ByteBuffer(string: text))
        default: return nil
        }
    }

    private func answer(_ health: Health.Answer) -> HTTPAnswer {
        var answer = HTTPAnswer(status: health.isWell ? .ok : .serviceUnavailable, text: health.line + "\n")
        answer.headers.add(name: "Cache-Control", value: "no-store")
        return answer
    }

    private func report() async -> MetricsReport {
        var report = MetricsReport()
        report.totals = await server.totals()
        report.isReady = server.readiness == .ready
        let declared = server.declaredNamespaces
        (report.vitals, report.namespaces, report.restores) = model.read { model in
            (model.vitals, model.namespaces.filter { declared.contains($0.name) }.sorted { $0.name < $1.name }, model.restores)
        }
        report.ledger = metrics.ledger
        report.feed = feed.statistics
        report.consoles = hub.consoles
        report.consolesMissed = hub.missed
        report.process = .now()
        report.version = version
        report.node = feed.node
        report.now = .now()
        return report
    }
}
