import NeffosFeed

/// The words of the alerts.
enum AlertText {
    static func opened(_ figures: FeedEvent.IncidentFigures, at time: FeedTime) -> Alert {
        let title = "incident #\(figures.incident) \(figures.cause)"
        return Alert(time: time, kind: .incident, severity: .problem, title: title, detail: lost(figures))
    }

    /// How many an incident has cost so far.
    static func lost(_ figures: FeedEvent.IncidentFigures) -> String {
        figures.dropped.map { "\($0) lost" } ?? "clients come back, nobody knows how many were lost"
    }

    static func closed(_ figures: FeedEvent.IncidentFigures, at time: FeedTime) -> Alert {
        let title = "incident #\(figures.incident) over"
        guard let missing = figures.missing, let dropped = figures.dropped else {
            return Alert(time: time, kind: .incident, severity: .info, title: title, detail: "\(figures.upgraded) came back")
        }
        return Alert(
            time: time, kind: .incident, severity: missing == 0 ? .info : .problem, title: title,
            detail: missing == 0 ? "all \(dropped) came back" : "\(missing) of \(dropped) missing")
    }

    static func violation(_ violation: FeedEvent.ProtocolViolation, at time: FeedTime) -> Alert {
        let kind = BoundedText.cut(violation.kind, to: BoundedText.label)
        let detail = BoundedText.cut(violation.detail, to: BoundedText.label)
        let who = violation.connection.map { shortID($0) + ": " } ?? ""
        return Alert(time: time, kind: .violation, severity: .warning, title: "violation \(kind)", detail: who + detail)
    }

    static func rejection(_ rejected: FeedEvent.ConnectionRejected, address: String, at time: FeedTime) -> Alert {
        let tries = rejected.tries > 0 ? ", after \(rejected.tries) tries" : ""
        return Alert(
            time: time, kind: .rejection, severity: .warning, title: "upgrade refused \(rejected.status)",
            detail: "\(address): " + BoundedText.cut(rejected.reason, to: BoundedText.label) + tries)
    }

    static func afterKick(_ opened: FeedEvent.ConnectionOpened, key: String?, at time: FeedTime) -> Alert {
        Alert(
            time: time, kind: .incident, severity: .info, title: "back after a kick",
            detail: "\(key ?? shortID(opened.connection)) came back though an operator had closed it: kick with a hold-off keeps it out")
    }

    static func lint(_ lint: FeedEvent.Lint, at time: FeedTime) -> Alert {
        let kind: Alert.Kind =
            switch lint.lint {
            case LintCatalogue.ID.orphanProbe: .orphanProbe
            case LintCatalogue.ID.slowConsumer: .slowConsumer
            default: .lint
            }
        return Alert(
            time: time, kind: kind, severity: .warning, title: LintCatalogue.lint(lint.lint)?.title ?? lint.lint, detail: lint.detail)
    }

    /// Of a UUID its first eight digits: enough to find it with the filter, and the sentence stays in view.
    static func shortID(_ id: String) -> String {
        let isUUID = id.utf8.count == 36 && id.split(separator: "-", omittingEmptySubsequences: false).map(\.count) == [8, 4, 4, 4, 12]
        return isUUID ? String(id.prefix(8)) : BoundedText.cut(id, to: BoundedText.label)
    }

    static func gap(_ gap: FeedEvent.FeedGap, at time: FeedTime) -> Alert {
        Alert(
            time: time, kind: .gap, severity: .warning, title: "feed gap",
            detail: "\(gap.missed) events were dropped; a snapshot makes the picture right again")
    }
}
