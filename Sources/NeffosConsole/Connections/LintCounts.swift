import NeffosObservatory

/// How many lints are raised about each connection: about its key, its id, or where it comes from.
struct LintCounts: Sendable {
    private var counts: [String: Int] = [:]

    init(_ lints: [LintRow]) {
        for lint in lints { counts[lint.subject, default: 0] += 1 }
    }

    func count(for row: ConnectionRow) -> Int {
        if counts.isEmpty { return 0 }
        // Each name once: a client without a key of its own has its address for one.
        let address = AddressText.withoutPort(row.remote)
        return Set([row.id, row.key ?? row.id, row.remote, address]).reduce(0) { $0 + (counts[$1] ?? 0) }
    }
}
