/// How long nobody has been there, of clients that come back by themselves. Pure.
struct Desertion: Sendable {
    /// How long all may be away before nobody is waited for any more.
    let patience: Duration
    private var since: ContinuousClock.Instant?

    init(patience: Duration) { self.patience = patience }

    /// - Returns: whether all have been away for too long.
    mutating func isOver(isAnybodyThere: Bool, at now: ContinuousClock.Instant) -> Bool {
        if isAnybodyThere {
            since = nil
            return false
        }
        let since = since ?? now
        self.since = since
        return now - since > patience
    }
}
