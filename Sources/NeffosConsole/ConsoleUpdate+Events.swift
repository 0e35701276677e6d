extension ConsoleModel {
    /// What the Events screen does with a command; nil where it does nothing of its own with it.
    mutating func updateEvents(_ command: ConsoleCommand, _ observatory: any ObservatoryReading, now: Duration) -> [ConsoleEffect]? { nil }
}
