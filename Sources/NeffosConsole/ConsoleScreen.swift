/// A screen that exists. Numbers are those of the whole console, so that a hand that learned one keeps it.
enum ConsoleScreen: Int, Sendable, CaseIterable {
    case overview = 1
    case connections = 2
    case rooms = 3
    case returns = 4
    case events = 5

    var title: String {
        switch self {
        case .overview: "Overview"
        case .connections: "Conns"
        case .rooms: "Rooms"
        case .returns: "Returns"
        case .events: "Events"
        }
    }

    /// The screen to the right of this one, round to the first.
    var next: ConsoleScreen { neighbour(1) }
    /// The screen to the left of this one, round to the last.
    var previous: ConsoleScreen { neighbour(-1) }

    private func neighbour(_ step: Int) -> ConsoleScreen {
        let all = Self.allCases
        guard let index = all.firstIndex(of: self) else { return self }
        return all[(index + step + all.count) % all.count]
    }
}
