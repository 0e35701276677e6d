/// What `neffos load mixed` found out.
struct MixedReport: LoadReport {
    var header: LoadHeader
    var opening: LoadOpening
    var rooms: Int
    var size: Int
    var seconds: Double
    /// Whether it ended before its time because no connection was left.
    var hasLostAll = false
    var asked: AskTally
    var tally: TrafficTally
    var returns: ReturnTally.State
    var server: ServerUsage?
    var cost: LoadCost

    enum CodingKeys: String, CodingKey {
        case rooms, size, seconds, messages, published, unanswered, cuts, returned
        case messagesPerSecond = "msgs_per_s"
        case asked = "ask_latency"
        case delivered = "delivery_latency"
        case restored = "restore_latency"
        case bad = "bad_replies"
        case badSample = "bad_reply_sample"
        case skipped = "not_sent"
        case cutAsks = "asks_cut"
        case received = "received_deliveries"
        case lost = "lost_deliveries"
        case duplicates = "duplicate_deliveries"
        case outOfOrder = "out_of_order_deliveries"
        case missedWhileAway = "missed_while_away"
        case badMessages = "bad_messages"
        case badMessageSample = "bad_message_sample"
        case away = "still_away"
        case incomplete = "entries_failed"
        case drops = "conn_errors"
        case failureSample = "failure_sample"
    }

    func encode(to encoder: any Encoder) throws {
        try header.encode(to: encoder)
        try opening.encode(to: encoder)
        try server?.encode(to: encoder)
        try cost.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(rooms, forKey: .rooms)
        try container.encode(size, forKey: .size)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(asked.messages, forKey: .messages)
        try container.encode(perSecond, forKey: .messagesPerSecond)
        try container.encode(asked.latencies.summary, forKey: .asked)
        try container.encode(asked.unanswered, forKey: .unanswered)
        try container.encode(asked.bad, forKey: .bad)
        try container.encodeIfPresent(asked.badSample, forKey: .badSample)
        try container.encode(asked.skipped, forKey: .skipped)
        try container.encode(asked.cut, forKey: .cutAsks)
        try container.encode(tally.published, forKey: .published)
        try container.encode(tally.received, forKey: .received)
        try container.encode(tally.lost, forKey: .lost)
        try container.encode(tally.duplicates, forKey: .duplicates)
        try container.encode(tally.outOfOrder, forKey: .outOfOrder)
        try container.encode(tally.missedWhileAway, forKey: .missedWhileAway)
        try container.encode(tally.bad, forKey: .badMessages)
        try container.encodeIfPresent(tally.badSample, forKey: .badMessageSample)
        try container.encode(tally.latencies.summary, forKey: .delivered)
        try container.encode(returns.cuts, forKey: .cuts)
        try container.encode(returns.returned, forKey: .returned)
        try container.encode(returns.away.count, forKey: .away)
        try container.encode(returns.incomplete, forKey: .incomplete)
        try container.encode(returns.drops, forKey: .drops)
        try container.encodeIfPresent(returns.sample, forKey: .failureSample)
        try container.encode(returns.latencies.summary, forKey: .restored)
    }

    private var perSecond: Double { seconds > 0 ? rounded(Double(asked.messages) / seconds) : 0 }

    var lines: [String] {
        var lines = [
            header.line("\(LoadText.count(rooms)) rooms, \(size) bytes"), LoadText.line("opened", opening.text),
            LoadText.line(
                "answered",
                "\(LoadText.count(asked.messages)) in \(LoadText.seconds(seconds)): \(LoadText.decimal(perSecond, 0))/s"
                    + LoadText.ending(hasLostAll: hasLostAll)),
            LoadText.line("round trip", asked.latencies.summary.text),
            LoadText.line(
                "",
                "\(LoadText.count(asked.unanswered)) unanswered   \(LoadText.count(asked.bad)) bad"
                    + (asked.badSample.map { " (\($0))" } ?? "")
                    + "   \(LoadText.count(asked.cut)) cut off"),
            LoadText.line("delivered", "\(LoadText.count(tally.received)) times, of \(LoadText.count(tally.published)) messages"),
            LoadText.line("to the last", tally.latencies.summary.text),
            LoadText.line(
                "",
                "\(LoadText.count(tally.lost)) lost   \(LoadText.count(tally.duplicates)) twice   \(LoadText.count(tally.outOfOrder)) out of order   "
                    + "\(LoadText.count(tally.bad)) bad   \(LoadText.count(tally.missedWhileAway)) passed while away"),
            LoadText.line(
                "cut off",
                "\(LoadText.count(returns.cuts))   back \(LoadText.count(returns.returned))   still away \(LoadText.count(returns.away.count))   "
                    + "other drops \(LoadText.count(returns.drops))" + (returns.sample.map { "   (\($0))" } ?? "")),
        ]
        if returns.returned > 0 { lines.append(LoadText.line("back after", returns.latencies.summary.text)) }
        if let server { lines.append(server.line(per: asked.messages + tally.received, "message")) }
        lines.append(LoadText.line("client", cost.text))
        return lines
    }

    var failure: String? {
        let lost =
            [(asked.unanswered, "unanswered"), (asked.bad, "answered badly"), (asked.skipped, "not sent")] + tally.losses + [
                (returns.away.count, "not back"), (returns.incomplete, "namespaces or rooms not entered again"),
                (returns.drops, "dropped though nobody had cut them off"),
            ]
        return opening.failure(of: header) ?? LoadFailure.text(lost)
    }
}
