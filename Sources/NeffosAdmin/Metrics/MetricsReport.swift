import Neffos
import NeffosFeed
import NeffosObservatory

/// All that is known at one moment, as metrics. Pure.
struct MetricsReport: Sendable {
    var ledger = MetricsLedger()
    /// Nil while the server does not run.
    var totals: Server.Totals?
    var isReady = false
    var vitals = Vitals()
    /// Members and rooms of namespaces that no client named.
    var namespaces: [NamespaceRow] = []
    var restores = RestoreHistogram()
    var feed = FeedStatistics()
    var consoles = 0
    var consolesMissed = 0
    var process = ProcessFigures()
    var version = ""
    var node = ""
    var now = FeedTime(milliseconds: 0)

    var families: [MetricFamily] { server + clients + traffic + returns + trouble + feedItself + machine }

    private var server: [MetricFamily] {
        var families: [MetricFamily] = [
            .info("neffos_build", "The version of the server, and the name of its node.", ["version": version, "node": node]),
            .gauge("neffos_ready", "Whether newcomers are taken in: 1 or 0.", isReady ? 1 : 0),
        ]
        if let start = ledger.startedAt {
            families.append(
                .gauge(
                    "neffos_start_time_seconds", unit: "seconds", "When the server began to listen, in seconds since 1970.",
                    Double(start.milliseconds) / 1000))
            families.append(
                .gauge(
                    "neffos_uptime_seconds", unit: "seconds", "How long the server has listened.",
                    Double(max(0, now - start)) / 1000))
        }
        return families
    }

    private var clients: [MetricFamily] {
        [
            .gauge("neffos_connections", "Connections that are open.", Double(vitals.connections)),
            .gauge("neffos_connections_peak", "The most connections that were open at once.", Double(vitals.connectionsPeak)),
            .gauge("neffos_namespaces", "Namespaces with a member.", Double(vitals.namespaces)),
            .gauge("neffos_rooms", "Rooms with a member.", Double(vitals.rooms)),
            .gauge(
                "neffos_namespace_members", "Connections in each namespace that the server declares.",
                by: namespaces.map { (["namespace": $0.name], Double($0.members)) }),
            .gauge(
                "neffos_namespace_rooms", "Rooms with a member in each namespace that the server declares.",
                by: namespaces.map { (["namespace": $0.name], Double($0.rooms)) }),
            .counter("neffos_connections_opened", "Upgrades that were answered with 101.", Double(totals?.opened ?? vitals.opened)),
            .counter("neffos_connections_closed", "Connections that have ended.", Double(totals?.closed ?? vitals.closed)),
            .counter(
                "neffos_connection_closes", "Ends of connections by close code and who closed; unknown where the feed lost the event.",
                by: ledger.closes.sorted { $0.key < $1.key }.map { (["code": $0.key.code, "by": $0.key.by], $0.value) }),
            .counter(
                "neffos_connections_rejected", "Refused requests for the endpoint by HTTP status; unknown where the feed lost the event.",
                by: counts(ledger.rejections, "status")),
        ]
    }

    private var traffic: [MetricFamily] {
        guard let totals else { return [] }
        return [
            .counter("neffos_messages_received", "Messages from clients, from the ack on.", Double(totals.messagesIn)),
            .counter("neffos_messages_sent", "Messages to clients, from the ack on.", Double(totals.messagesOut)),
            .counter("neffos_received_bytes", unit: "bytes", "Payloads of messages from clients.", Double(totals.bytesIn)),
            .counter("neffos_sent_bytes", unit: "bytes", "Payloads of messages to clients.", Double(totals.bytesOut)),
        ]
    }

    private var returns: [MetricFamily] {
        [
            .counter(
                "neffos_probes", "HEAD probes by what became of them; unknown where the feed lost the event.",
                by: counts(ledger.probes, "outcome")),
            .counter("neffos_connections_returned", "Connections of clients that came back after a drop.", Double(ledger.returned)),
            .histogram(
                "neffos_return_tries", "Attempts that clients say they made until they were back.", bounds: MetricsLedger.tries,
                counts: ledger.triesCounts, sum: Double(ledger.triesSum)),
            .histogram(
                "neffos_restore_seconds", unit: "seconds",
                "Time until clients had their last room or namespace back, in incidents that are over.",
                bounds: RestoreHistogram.bounds.map { Double($0) / 1000 }, counts: restores.counts, sum: Double(restores.sum) / 1000),
        ]
    }

    private var trouble: [MetricFamily] {
        [
            .counter("neffos_protocol_violations", "Rules of the protocol that clients broke.", Double(ledger.violations)),
            .counter("neffos_incidents", "Losses of many connections at once, by cause.", by: counts(ledger.incidents, "cause")),
            .gauge("neffos_incidents_open", "Incidents that are not over.", ledger.openIncident == nil ? 0 : 1),
            .gauge(
                "neffos_incident_missing", "Clients that are not back, of the open incident.", Double(ledger.openIncident?.missing ?? 0)),
            .gauge("neffos_lints_active", "Lints that are raised, by lint.", by: counts(ledger.lints, "lint").map { ($0, Double($1)) }),
            .counter("neffos_lints_raised", "Lints that were raised, by lint.", by: counts(ledger.lintsRaised, "lint")),
            .counter("neffos_operator_actions", "What operators did, by action.", by: counts(ledger.actions, "action")),
        ]
    }

    private var feedItself: [MetricFamily] {
        [
            .counter("neffos_feed_events", "Events of the feed by type.", by: counts(feed.eventsByType, "type")),
            .counter("neffos_feed_missed_events", "Events that the feed had no room for, by type.", by: counts(feed.missedByType, "type")),
            .gauge("neffos_admin_consoles", "Consoles that take the feed from the admin address.", Double(consoles)),
            .counter("neffos_admin_missed_events", "Events that consoles were too slow for.", Double(consolesMissed)),
        ]
    }

    private var machine: [MetricFamily] {
        var families: [MetricFamily] = [
            .counter("process_cpu_seconds", unit: "seconds", "Processor time of all threads.", process.cpuSeconds),
            .gauge(
                "process_resident_memory_bytes", unit: "bytes", "Memory of the process that is in use.", Double(process.residentBytes)),
        ]
        if let sample = ledger.sample {
            families.append(
                .gauge(
                    "neffos_loop_lag_seconds", unit: "seconds", "How late the latest event loop was at the last look.",
                    sample.loopLag / 1000))
        }
        if let open = process.openDescriptors {
            families.append(.gauge("process_open_fds", "File descriptors that are open.", Double(open)))
        }
        if let most = process.mostDescriptors { families.append(.gauge("process_max_fds", "File descriptors there may be.", Double(most))) }
        return families
    }

    private func counts(_ counts: [String: Int], _ label: String) -> [([String: String], Int)] {
        counts.sorted { $0.key < $1.key }.map { ([label: $0.key], $0.value) }
    }
}
