/// How a probe went, step by step.
struct ProbeReport: Encodable, Sendable, Equatable {
    enum Step: String, Encodable, Sendable { case resolve, connect, tls, head, upgrade, ack, namespace }

    /// One step that went well.
    struct Done: Encodable, Sendable, Equatable {
        var step: Step
        var milliseconds: Double
        /// What came of it: an address, a status, an id.
        var detail: String?

        enum CodingKeys: String, CodingKey {
            case step, detail
            case milliseconds = "ms"
        }
    }

    /// The one that did not.
    struct Failed: Encodable, Sendable, Equatable {
        var step: Step
        var milliseconds: Double
        var error: String
        var advice: String

        enum CodingKeys: String, CodingKey {
            case step, error, advice
            case milliseconds = "ms"
        }
    }

    var url: String
    var steps: [Done] = []
    var failed: Failed?
    /// Of all steps.
    var milliseconds = 0.0

    enum CodingKeys: String, CodingKey {
        case url, ok, steps, failed
        case milliseconds = "ms"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(url, forKey: .url)
        try container.encode(failed == nil, forKey: .ok)
        try container.encode(steps, forKey: .steps)
        try container.encode(failed, forKey: .failed)
        try container.encode(milliseconds, forKey: .milliseconds)
    }

    var lines: [String] {
        let time = LoadText.microseconds(milliseconds * 1000)
        var lines = [failed == nil ? "\(url) takes clients, in \(time)" : "\(url) does not take clients"]
        lines += steps.map { Self.line($0.step, $0.milliseconds, $0.detail ?? "") }
        if let failed { lines.append(Self.line(failed.step, failed.milliseconds, "failed: \(failed.error)")) }
        return lines
    }

    private static func line(_ step: Step, _ milliseconds: Double, _ text: String) -> String {
        let time = LoadText.microseconds(milliseconds * 1000)
        let padding = String(repeating: " ", count: max(0, 10 - time.count))
        return LoadText.line("  \(step.rawValue)", padding + time + (text.isEmpty ? "" : "   \(text)"))
    }
}
