import NeffosFeed
import NeffosObservatory
import Terminal

/// An incident in plain words: what happened, who is missing, and what to do.
struct IncidentStory: Sendable {
    /// How long silence says nothing yet: clients wait for seconds before they knock.
    static let patience: Milliseconds = 5_000
    /// After this long a client that has not knocked will not: intervals are shorter.
    static let resignation: Milliseconds = 20_000

    struct Part: Sendable, Hashable {
        var label: String
        var text: String
        var role: Theme.Role
    }

    private let incident: Incident
    private let facts: IncidentFacts
    private let herd: ReturnShape?
    private let now: FeedTime

    init(_ incident: Incident, facts: IncidentFacts, now: FeedTime) {
        self.incident = incident
        self.facts = facts
        self.now = now
        // What the model says of the shape is what its lint says; the screen's own look has the steps.
        let steps = ReturnShape.herd(incident)
        switch incident.shape?.kind {
        case .spread: herd = nil
        case .herd: herd = steps ?? incident.shape.map { ReturnShape(peak: $0.burst, of: incident.upgraded, step: nil, steps: 1) }
        case nil: herd = steps
        }
    }

    var parts: [Part] {
        let isBad = (incident.missing ?? 0) > 0
        var parts = [Part(label: "happened", text: [what, back, stampede].filter { !$0.isEmpty }.joined(separator: " "), role: .plain)]
        parts.append(Part(label: "missing", text: who, role: isBad ? (incident.isOpen ? .warn : .bad) : .good))
        parts.append(Part(label: "to do", text: remedy, role: isBad || herd != nil ? .strong : .plain))
        return parts
    }

    // MARK: What happened

    private var lost: String { incident.dropped.map { clients($0) } ?? "an unknown number of clients" }

    private var what: String {
        let away = incident.away.map { " and was away \(ConsoleFormat.duration($0))" } ?? ""
        switch incident.cause {
        case .restart: return "The server restarted\(away): \(lost) lost it."
        case .listenerAway:
            return "The server took no connections\(incident.away.map { " for \(ConsoleFormat.duration($0))" } ?? ""): \(lost) fell out."
        case .drill:
            let stays = incident.answersSince == nil ? " and keeps the listener closed" : ""
            return "A drill cut \(lost)\(incident.away.map { " and stayed away \(ConsoleFormat.duration($0))" } ?? stays)."
        case .network:
            return "\(sentence(lost)) \(isOne ? "was" : "were") cut off at once while the server stayed up: a network, or a proxy between."
        case .kick:
            return "\(sentence(clients(max(incident.kicked, incident.dropped ?? 0)))) \(isOne ? "was" : "were") kicked by an operator."
        case .server: return "The server itself closed \(lost), and stayed up."
        }
    }

    private var back: String {
        guard incident.upgraded > 0 else { return incident.isOpen ? "Nobody is back yet." : "Nobody came back." }
        let count =
            incident.missing == 0 && incident.dropped != nil
            ? (isOne ? "It is back" : "All are back")
            : "\(ConsoleFormat.count(incident.upgraded)) \(incident.upgraded == 1 ? "is" : "are") back"
        let halves = incident.p50.map { ", half within \(ConsoleFormat.duration($0))" } ?? ""
        let all = incident.p99.map { ", 99 % within \(ConsoleFormat.duration($0))" } ?? ""
        let unfinished = incident.upgraded - incident.roomsBack
        let rest = unfinished > 0 && incident.dropped != nil ? "; \(ConsoleFormat.count(unfinished)) not yet in all their rooms" : ""
        return count + halves + all + rest + "."
    }

    private var stampede: String {
        guard let herd else { return "" }
        let most = "up to \(ConsoleFormat.count(herd.peak)) in one second"
        guard let step = herd.step else { return "They came as a herd: \(most)." }
        return "They came as a herd: \(most), in \(herd.steps) steps of \(step) s, the interval that they share."
    }

    // MARK: Who is missing

    private var who: String {
        guard let missing = incident.missing else { return "Not known: nothing told who was here before." }
        guard missing > 0 else { return "Nobody." }
        var parts: [String] = []
        if facts.refused > 0 { parts.append("\(ConsoleFormat.count(facts.refused)) refused (\(facts.reasons.first.map(cut) ?? ""))") }
        if facts.knocking > 0 { parts.append("\(ConsoleFormat.count(facts.knocking)) knocking without coming in") }
        if facts.putOff > 0 { parts.append("\(ConsoleFormat.count(facts.putOff)) put off by admission") }
        if facts.gaveUp > 0 {
            parts.append("\(ConsoleFormat.count(facts.gaveUp)) knocked, \(facts.gaveUp == 1 ? "was" : "were") answered, and gave up")
        }
        if facts.silent > 0 {
            parts.append(
                "\(ConsoleFormat.count(facts.silent)) \(facts.silent == 1 ? "has" : "have") not knocked\(isYoung ? " yet" : " once")")
        }
        return "\(ConsoleFormat.count(missing)) of \(ConsoleFormat.count(incident.dropped ?? missing)): \(parts.joined(separator: ", "))."
    }

    // MARK: What to do

    private var remedy: String {
        guard let missing = incident.missing else { return "Give serve a --state file: then the next start knows whom it lost." }
        if missing == 0 { return herd == nil ? "Nothing." : "Nothing now. \(calming)" }
        if incident.answersSince == nil { return "Wait: nobody can come before the drill opens the listener again." }
        if isYoung { return "Wait: each knocks after its interval." }
        var advice: [String] = []
        if facts.refused > 0 { advice.append(admitting) }
        if facts.putOff > 0 { advice.append("Raise limits.admitPerSecond, or see whether the server is full.") }
        if hasGivenUp {
            advice.append(
                "Reload those clients, and let the proxy drop HEAD while the server is away (nginx: return 444): neffos.js took its answer, "
                    + "a 502 too, for a server that is back, dialled once and gave up.")
            if facts.gaveUp > 0 {
                advice.append(
                    "\(ConsoleFormat.count(facts.gaveUp)) found us, but their upgrades did not: see that it lets them pass; p names them.")
            }
        } else {
            if facts.knocking > 0 || facts.gaveUp > 0 {
                advice.append("See whether a proxy keeps upgrades of those who knock away: p shows them.")
            }
            if facts.silent > 0 { advice.append(looking) }
        }
        if herd != nil { advice.append(calming) }
        return advice.joined(separator: " ")
    }

    private var looking: String {
        let all = facts.silent == incident.missing
        let rest = facts.silent == 1 ? all ? "It is" : "The silent one is" : all ? "They are" : "The silent ones are"
        let enter = facts.silent == 1 ? "Enter tells who" : "Enter names them"
        switch incident.cause {
        case .network: return "\(rest) still without a network, or off (\(enter))."
        case .kick: return "\(rest) out by an operator's will: nothing, if that was meant."
        default: return "\(rest) off, without a network, or gave up (\(enter))."
        }
    }

    private var admitting: String {
        let reason = facts.reasons.first?.lowercased() ?? ""
        let which = "p names them"
        if reason.contains("origin") { return "Allow the origin of those refused in security.origins (\(which))." }
        if reason.contains("token") || reason.contains("401") || reason.contains("authoriz") {
            return "Renew the tokens of those refused (\(which))."
        }
        if reason.contains("full") { return "Raise limits.connections: the server was full." }
        if reason.contains("one address") { return "Raise limits.connectionsPerAddress (\(which))." }
        return "See why they are refused (\(which))."
    }

    private var calming: String {
        let rate = max(10, (incident.dropped ?? incident.upgraded) / 10)
        let rounded = rate < 100 ? rate / 10 * 10 : rate / 50 * 50
        return "So that the next return is spread: jitter in the clients, or limits.admitPerSecond: \(rounded) here."
    }

    /// Most gave up before the server was there to be found, or after they were answered.
    private var hasGivenUp: Bool {
        let wasAway = [.restart, .listenerAway, .drill].contains(incident.cause)
        let gone = facts.silent + facts.gaveUp
        return wasAway && !isRecent && gone >= max(5, (incident.dropped ?? 0) / 4)
    }

    private var isYoung: Bool { isWithin(Self.patience) }
    private var isRecent: Bool { isWithin(Self.resignation) }
    private func isWithin(_ time: Milliseconds) -> Bool { incident.isOpen && incident.answersSince.map { now - $0 < time } ?? true }

    private var isOne: Bool { incident.dropped == 1 }
    private func clients(_ count: Int) -> String { ConsoleFormat.plural(count, "client") }
    private func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
    private func cut(_ text: String) -> String { text.count <= 60 ? text : String(text.prefix(59)) + "…" }
}
