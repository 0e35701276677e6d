import NeffosFeed

/// Clients that come back again and again.
struct FlapWatch: Sendable {
    /// Who was counted lately, so that a busy address that many share is not counted at each of their returns.
    var counted: [NameDigest: Counted] = [:]

    struct Counted: Sendable {
        var present: Int
        var at: FeedTime
    }

    /// - Parameter present: how many connections of this key are open, this one too.
    mutating func returned(
        _ name: String, key: String?, lineage: Lineage, _ settings: LintSettings, at time: FeedTime, present: () -> Int
    ) -> LintFinding? {
        let lint = LintCatalogue.ID.flapping
        guard let entry = lineage.entry(key: key, id: name) else { return nil }
        let within = settings[lint, "within"]
        var returns = entry.recent.count(within: within, before: time)
        guard returns >= settings[lint, "returns"] else { return nil }
        if let key {
            let digest = NameDigest(key)
            if counted[digest].map({ time - $0.at > 1_000 }) ?? true {
                if counted.count >= 64 { counted = counted.filter { time - $0.value.at <= 1_000 } }
                if counted.count < 64 { counted[digest] = Counted(present: present(), at: time) }
            }
            guard let counted = counted[digest] else { return nil }
            // Of many who share a key those are told apart who say who they were.
            if counted.present > 1 {
                returns = lineage.returns(ofChain: name, key: key, within: within, before: time)
                guard returns >= settings[lint, "returns"] else { return nil }
            }
        }
        let subject: String = BoundedText.cut(key ?? name, to: BoundedText.label)
        return .raise(
            lint, subject: subject,
            detail: "\(subject) came back \(returns)\(returns == RecentTimes.capacity ? " or more" : "") times in \(within / 1000) s")
    }
}
