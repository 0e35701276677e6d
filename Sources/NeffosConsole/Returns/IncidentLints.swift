import NeffosObservatory

/// The lints that were raised while an incident went on, each once with how many it is about.
enum IncidentLints {
    /// Those that say something of a return.
    static let related: Set<String> = [
        "herd", "flapping", "orphan-probe", "room-not-rejoined", "head-only-poller", "implausible-tries", "never-acknowledged",
    ]

    /// In the order of the catalogue.
    static func of(_ incident: Incident, among lints: [LintRow]) -> [(lint: String, count: Int)] {
        var counts: [(lint: String, count: Int)] = []
        for row in lints where related.contains(row.lint) && row.last >= incident.openedAt {
            if let closedAt = incident.closedAt, row.since > closedAt { continue }
            if let index = counts.firstIndex(where: { $0.lint == row.lint }) {
                counts[index].count += 1
            } else {
                counts.append((row.lint, 1))
            }
        }
        return counts
    }
}
