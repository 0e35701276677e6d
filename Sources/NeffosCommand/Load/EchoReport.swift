/// What `neffos load echo` found out.
struct EchoReport: LoadReport {
    var header: LoadHeader
    var opening: LoadOpening
    var inflight: Int
    var rate: Double?
    var size: Int
    var seconds: Double
    /// Whether it ended before its time because no connection was left.
    var hasLostAll = false
    var tally: AskTally
    var connectionErrors: Int
    var server: ServerUsage?
    var cost: LoadCost

    enum CodingKeys: String, CodingKey {
        case inflight, size, seconds, messages, unanswered
        case rate = "target_rate_per_connection"
        case messagesPerSecond = "msgs_per_s"
        case serverCPU = "server_cpu_us_per_msg"
        case clientCPU = "client_cpu_us_per_msg"
        case bad = "bad_replies"
        case badSample = "bad_reply_sample"
        case outOfOrder = "out_of_order_replies"
        case skipped = "not_sent"
        case connectionErrors = "conn_errors"
    }

    func encode(to encoder: any Encoder) throws {
        try header.encode(to: encoder)
        try opening.encode(to: encoder)
        try tally.latencies.summary.encode(to: encoder)
        try server?.encode(to: encoder)
        try cost.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(inflight, forKey: .inflight)
        try container.encodeIfPresent(rate, forKey: .rate)
        try container.encode(size, forKey: .size)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(tally.messages, forKey: .messages)
        try container.encode(perSecond, forKey: .messagesPerSecond)
        try container.encodeIfPresent(server?.microseconds(per: tally.messages), forKey: .serverCPU)
        try container.encode(cost.microseconds(per: tally.messages), forKey: .clientCPU)
        try container.encode(tally.bad, forKey: .bad)
        try container.encodeIfPresent(tally.badSample, forKey: .badSample)
        try container.encode(tally.outOfOrder, forKey: .outOfOrder)
        try container.encode(tally.unanswered, forKey: .unanswered)
        try container.encode(tally.skipped, forKey: .skipped)
        try container.encode(connectionErrors, forKey: .connectionErrors)
    }

    private var perSecond: Double { seconds > 0 ? rounded(Double(tally.messages) / seconds) : 0 }

    var lines: [String] {
        let pace = rate.map { "\(LoadText.decimal($0, 3)) asks a second each" } ?? "\(inflight) asks in flight each"
        var lines = [
            header.line("\(pace), \(size) bytes"),
            LoadText.line("opened", opening.text),
            LoadText.line(
                "answered",
                "\(LoadText.count(tally.messages)) in \(LoadText.seconds(seconds)): \(LoadText.decimal(perSecond, 0))/s"
                    + LoadText.ending(hasLostAll: hasLostAll)),
            LoadText.line("round trip", tally.latencies.summary.text),
            LoadText.line(
                "lost",
                "\(LoadText.count(tally.unanswered)) unanswered   \(LoadText.count(tally.bad)) bad"
                    + (tally.badSample.map { " (\($0))" } ?? "") + "   \(LoadText.count(tally.outOfOrder)) out of order"
                    + "   \(LoadText.count(connectionErrors)) connections"),
        ]
        if tally.skipped > 0 {
            lines.append(LoadText.line("not sent", "\(LoadText.count(tally.skipped)) asks: too many were unanswered already"))
        }
        if let server { lines.append(server.line(per: tally.messages, "message")) }
        lines.append(LoadText.line("client", "\(LoadText.decimal(cost.microseconds(per: tally.messages), 2)) µs a message; \(cost.text)"))
        return lines
    }

    var failure: String? {
        if let failure = opening.failure(of: header) { return failure }
        let lost = [
            (tally.unanswered, "unanswered"), (tally.bad, "answered badly"), (tally.outOfOrder, "answered out of order"),
            (tally.skipped, "not sent"), (connectionErrors, "connections lost"),
        ]
        return LoadFailure.text(lost)
    }
}

/// The one line that says what was lost.
enum LoadFailure {
    static func text(_ counts: [(count: Int, what: String)]) -> String? {
        let bad = counts.filter { $0.count > 0 }.map { "\(LoadText.count($0.count)) \($0.what)" }
        return bad.isEmpty ? nil : "not all went well: \(bad.joined(separator: ", "))"
    }
}

extension LoadOpening {
    func failure(of header: LoadHeader) -> String? {
        guard failed > 0 else { return nil }
        return "\(LoadText.count(failed)) of \(LoadText.count(header.connections)) clients could not be opened: \(errors.first ?? "")"
    }
}

extension ServerUsage {
    func line(per count: Int, _ what: String) -> String {
        let each = count > 0 ? ", \(LoadText.decimal(microseconds(per: count), 2)) µs a \(what)" : ""
        let memory = "memory \(LoadText.bytes(Double(memoryAfter))), at most \(LoadText.bytes(Double(maximumMemory)))"
        return LoadText.line("server", "\(LoadText.seconds(cpu)) of processor\(each); \(memory)")
    }
}
