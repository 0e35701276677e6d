/// What only the Rooms screen does.
enum RoomsCommand: Sendable, Hashable { case fold, foldAll, connections }

extension ConsoleModel {
    /// What the Rooms screen does with a command; nil where it does nothing of its own with it.
    mutating func updateRooms(_ command: ConsoleCommand, _ observatory: any ObservatoryReading, now: Duration) -> [ConsoleEffect]? { nil }
}
