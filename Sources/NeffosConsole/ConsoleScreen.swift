/// A screen that exists. Numbers are those of the whole console, so that a hand that learned one keeps it.
enum ConsoleScreen: Int, Sendable, CaseIterable {
    case overview = 1
    case connections = 2
    case rooms = 3
    case returns = 4
    case events = 5
    case nodes = 6

    /// Those of one server. ``nodes`` comes with several.
    static let allCases: [ConsoleScreen] = [.overview, .connections, .rooms, .returns, .events]

    static func screens(hasNodes: Bool) -> [ConsoleScreen] { hasNodes ? allCases + [.nodes] : allCases }

    var title: String {
        switch self {
        case .overview: "Overview"
        case .connections: "Conns"
        case .rooms: "Rooms"
        case .returns: "Returns"
        case .events: "Events"
        case .nodes: "Nodes"
        }
    }

    /// The screen so many places to the right of this one, round to the first.
    func neighbour(_ step: Int, hasNodes: Bool) -> ConsoleScreen {
        let all = Self.screens(hasNodes: hasNodes)
        guard let index = all.firstIndex(of: self) else { return self }
        return all[(index + step + all.count) % all.count]
    }
}
