import NeffosFeed
import NeffosObservatory
import Terminal

/// How an incident stands, in one sentence, with what an operator could do about it.
enum IncidentVerdict {
    /// How long after its last probe a source still counts as knocking.
    static let recent: Milliseconds = 15_000
    /// How long silence says nothing yet: clients wait for seconds before they knock.
    static let patience: Milliseconds = 5_000

    static func of(_ incident: Incident, _ input: ScreenInput) -> (sign: String, role: Theme.Role, text: String) {
        let glyphs = input.theme.glyphs
        let isHere = input.model.screen == .returns
        let back = ConsoleFormat.count(incident.upgraded)
        guard let missing = incident.missing else {
            let (sign, role) = incident.isOpen ? (glyphs.open, Theme.Role.warn) : (glyphs.bullet, .plain)
            return (sign, role, "\(back) came back; nothing tells how many were lost")
        }
        if missing == 0 {
            let time = incident.p99.map { ", 99 % within \(ConsoleFormat.duration($0))" } ?? ""
            return (glyphs.good, .good, "all \(ConsoleFormat.count(incident.dropped ?? incident.upgraded)) back\(time): nothing to do")
        }
        let away = "\(ConsoleFormat.count(missing)) missing"
        let role: Theme.Role = incident.isOpen ? .warn : .bad
        let sign = incident.isOpen ? glyphs.open : glyphs.bad
        guard let since = incident.answersSince else { return (sign, role, "\(away) while the drill keeps the listener closed") }
        let sources = input.observatory.probeSources.filter { $0.last >= since && input.now - $0.last <= recent }
        let refused = sources.count { $0.outcome == .rejected }
        let knocking = sources.count { $0.outcome == .knocking }
        if refused > 0 {
            return (
                sign, role,
                "\(away), \(ConsoleFormat.plural(refused, "address", "addresses")) refused: \(isHere ? "p says why" : "keys 4 p say why")"
            )
        }
        if knocking > 0 {
            let who = ConsoleFormat.plural(knocking, "address still knocks", "addresses still knock")
            return (sign, role, "\(away), \(who): \(isHere ? "p shows which" : "keys 4 p show which")")
        }
        if incident.isOpen, input.now - since < patience {
            return (sign, role, "\(away), just lost: each knocks after its interval")
        }
        return (sign, role, "\(away), nobody knocks: gave up, or no network\(isHere ? "" : "; who: 4")")
    }
}
