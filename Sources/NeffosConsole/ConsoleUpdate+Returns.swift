extension ConsoleModel {
    /// What the Returns screen's lists do with a command; nil where they do nothing of their own with it.
    mutating func updateReturns(_ command: ConsoleCommand, _ observatory: any ObservatoryReading, now: Duration) -> [ConsoleEffect]? {
        guard returns.mode == .missing else { return nil }
        switch command {
        case .filter: returns.beginSearch()
        case .back where !returns.search.isEmpty: returns.forgetSearch()
        default: return nil
        }
        refresh(from: observatory, now: now)
        return []
    }
}
