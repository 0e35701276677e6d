import NeffosObservatory

/// What a configuration may say of lints: `lints.warn` and `lints.allow` name them, `lints.ID.NAME` are their thresholds.
enum LintSettings {
    static let ids = [
        "herd", "flapping", "orphan-probe", "room-not-rejoined", "head-only-poller", "implausible-tries", "slow-consumer",
        "never-acknowledged", "handler-slow", "loop-lag", "feed-lossy",
    ]

    /// - Throws: ``ValueError`` with the nearest id.
    static func check(id: String) throws(ValueError) {
        guard ids.contains(id) else { throw ValueError("\"\(id)\" is no lint", advice: NearestName.advice(for: id, among: ids)) }
    }
}
