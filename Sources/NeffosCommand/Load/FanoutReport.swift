/// What `neffos load fanout` found out.
struct FanoutReport: LoadReport {
    var header: LoadHeader
    var opening: LoadOpening
    var rooms: Int
    var size: Int
    var rate: Double?
    var seconds: Double
    /// Whether it ended before its time because no connection was left.
    var hasLostAll = false
    var expected: Int
    var deliveriesPerSecond: Double
    /// From the last message to the last delivery, in seconds.
    var drain: Double
    var tally: TrafficTally
    var connectionErrors: Int
    var server: ServerUsage?
    var cost: LoadCost

    enum CodingKeys: String, CodingKey {
        case rooms, size, seconds, published
        case rate = "target_rate_per_room"
        case publishedPerSecond = "published_per_s"
        case expected = "expected_deliveries"
        case received = "received_deliveries"
        case lost = "lost_deliveries"
        case lostPercent = "lost_percent"
        case duplicates = "duplicate_deliveries"
        case outOfOrder = "out_of_order_deliveries"
        case bad = "bad_messages"
        case badSample = "bad_message_sample"
        case complete = "messages_delivered_to_all"
        case deliveriesPerSecond = "deliveries_per_s"
        case drain = "drain_s"
        case serverCPU = "server_cpu_us_per_delivery"
        case clientCPU = "client_cpu_us_per_delivery"
        case ackTimeouts = "publisher_ack_timeouts"
        case connectionErrors = "conn_errors"
    }

    func encode(to encoder: any Encoder) throws {
        try header.encode(to: encoder)
        try opening.encode(to: encoder)
        try tally.latencies.summary.encode(to: encoder)
        try server?.encode(to: encoder)
        try cost.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(rooms, forKey: .rooms)
        try container.encode(size, forKey: .size)
        try container.encode(rate ?? 0, forKey: .rate)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(tally.published, forKey: .published)
        try container.encode(publishedPerSecond, forKey: .publishedPerSecond)
        try container.encode(expected, forKey: .expected)
        try container.encode(tally.received, forKey: .received)
        try container.encode(tally.lost, forKey: .lost)
        try container.encode(lostPercent, forKey: .lostPercent)
        try container.encode(tally.duplicates, forKey: .duplicates)
        try container.encode(tally.outOfOrder, forKey: .outOfOrder)
        try container.encode(tally.bad, forKey: .bad)
        try container.encodeIfPresent(tally.badSample, forKey: .badSample)
        try container.encode(tally.complete, forKey: .complete)
        try container.encode(deliveriesPerSecond, forKey: .deliveriesPerSecond)
        try container.encode(drain, forKey: .drain)
        try container.encodeIfPresent(server?.microseconds(per: deliveries), forKey: .serverCPU)
        try container.encode(cost.microseconds(per: deliveries), forKey: .clientCPU)
        try container.encode(tally.ackTimeouts, forKey: .ackTimeouts)
        try container.encode(connectionErrors, forKey: .connectionErrors)
    }

    private var deliveries: Int { tally.received + tally.duplicates }
    private var publishedPerSecond: Double { seconds > 0 ? rounded(Double(tally.published) / seconds) : 0 }
    private var lostPercent: Double { expected > 0 ? rounded(100 * Double(tally.lost) / Double(expected)) : 0 }

    var lines: [String] {
        let pace = rate.map { "\(LoadText.decimal($0, 3)) messages a second into each" } ?? "the next message when its own copy is back"
        var lines = [
            header.line("\(rooms) \(rooms == 1 ? "room" : "rooms"), \(pace), \(size) bytes"),
            LoadText.line("opened", opening.text),
            LoadText.line(
                "published",
                "\(LoadText.count(tally.published)) in \(LoadText.seconds(seconds)): \(LoadText.decimal(publishedPerSecond, 0))/s"
                    + LoadText.ending(hasLostAll: hasLostAll)),
            LoadText.line(
                "delivered",
                "\(LoadText.count(tally.received)) of \(LoadText.count(expected)): \(LoadText.decimal(deliveriesPerSecond, 0))/s, the rest in "
                    + LoadText.seconds(drain)),
            LoadText.line("to the last", tally.latencies.summary.text),
            LoadText.line("lost", tally.lossText(connectionErrors: connectionErrors, lostPercent: lostPercent)),
        ]
        if tally.ackTimeouts > 0 {
            lines.append(LoadText.line("publishers", "waited \(LoadText.count(tally.ackTimeouts)) times in vain for their own copy"))
        }
        if let server { lines.append(server.line(per: deliveries, "delivery")) }
        lines.append(LoadText.line("client", "\(LoadText.decimal(cost.microseconds(per: deliveries), 2)) µs a delivery; \(cost.text)"))
        return lines
    }

    var failure: String? {
        opening.failure(of: header) ?? LoadFailure.text(tally.losses + [(connectionErrors, "connections lost")])
    }
}

extension TrafficTally {
    func lossText(connectionErrors: Int, lostPercent: Double) -> String {
        "\(LoadText.count(lost)) deliveries (\(LoadText.decimal(lostPercent, 3)) %)   \(LoadText.count(duplicates)) twice   "
            + "\(LoadText.count(outOfOrder)) out of order   \(LoadText.count(bad)) bad" + (badSample.map { " (\($0))" } ?? "")
            + "   \(LoadText.count(connectionErrors)) connections"
    }

    var losses: [(count: Int, what: String)] {
        [
            (lost, "deliveries lost"), (duplicates, "delivered twice"), (outOfOrder, "delivered out of order"),
            (bad, "messages that were not to come"),
        ]
    }
}
