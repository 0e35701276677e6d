import NeffosFeed

/// Clients for whom much waits, as the figures tell that were asked for.
struct ConsumerWatch: Sendable {
    static let capacity = 4096

    /// Since when the queue of each has been long.
    var since: [CompactName: FeedTime] = [:]

    mutating func take(
        _ figures: ConnectionFigures, _ record: ConnectionTable.Record, subject: String, _ settings: LintSettings, at time: FeedTime
    ) -> LintFinding? {
        let lint = LintCatalogue.ID.slowConsumer
        let limit = settings[lint, "queued"]
        guard figures.queuedBytes >= limit else {
            // Half of it, so that one about the limit does not come and go.
            guard figures.queuedBytes <= limit / 2, since.removeValue(forKey: record.name) != nil else { return nil }
            return .clear(lint, subject: subject)
        }
        guard let began = since[record.name] else {
            if since.count < ConsumerWatch.capacity { since[record.name] = time }
            return settings[lint, "for"] == 0 ? finding(figures, record, subject, 0) : nil
        }
        let lasted = time - began
        return lasted >= settings[lint, "for"] ? finding(figures, record, subject, lasted) : nil
    }

    private func finding(
        _ figures: ConnectionFigures, _ record: ConnectionTable.Record, _ subject: String, _ lasted: Milliseconds
    ) -> LintFinding {
        let kibibytes = figures.queuedBytes / 1024
        return .raise(
            LintCatalogue.ID.slowConsumer, subject: subject,
            detail: "\(kibibytes) KiB have waited for \(AlertText.shortID(record.id)) at \(record.remote) for \(lasted / 1000) s")
    }

    mutating func closed(_ name: CompactName, subject: String) -> LintFinding? {
        guard !since.isEmpty, since.removeValue(forKey: name) != nil else { return nil }
        return .clear(LintCatalogue.ID.slowConsumer, subject: subject)
    }
}
