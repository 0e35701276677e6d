import NeffosObservatory

/// The view that a console starts in.
package struct ConsoleStart: Sendable {
    var screen: ConsoleScreen?
    var sort: (column: ConnectionField, descending: Bool)?
    var filter = ""

    package init() {}

    /// - Parameters:
    ///   - screen: its name, or its number.
    ///   - sort: a column of the connections, as it is called in the file of columns; `:asc` or `:desc` behind it.
    ///   - filter: of the Events screen, and of the Connections where it asks only for what connections have.
    /// - Throws: what is wrong, as a sentence.
    package init(screen: String? = nil, sort: String? = nil, filter: String? = nil) throws(ConsoleStartError) {
        if let screen {
            guard let found = ConsoleScreen.allCases.first(where: { Self.name($0) == screen.lowercased() || "\($0.rawValue)" == screen })
            else { throw ConsoleStartError(option: "--screen", text: screen, allowed: Self.screens) }
            self.screen = found
        }
        if let sort {
            let parts = sort.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let field = ConnectionField(rawValue: String(parts[0])), field.sort != nil,
                parts.count == 1 || ["asc", "desc"].contains(parts[1])
            else { throw ConsoleStartError(option: "--sort", text: sort, allowed: Self.columns.map { $0 } + ["with :asc or :desc"]) }
            self.sort = (field, parts.count == 1 ? field.beginsDescending : parts[1] == "desc")
            if self.screen == nil { self.screen = .connections }
        }
        self.filter = filter ?? ""
    }

    /// The names that ``init(screen:sort:filter:)`` takes.
    package static var screens: [String] { ConsoleScreen.allCases.map(name) }
    /// The columns that it takes.
    package static var columns: [String] { ConnectionField.allCases.filter { $0.sort != nil }.map(\.rawValue) }

    private static func name(_ screen: ConsoleScreen) -> String { "\(screen)" }
}

/// A name that there is not.
package struct ConsoleStartError: Error, CustomStringConvertible {
    let option: String
    let text: String
    let allowed: [String]
    package var description: String { "\(option): '\(text)' is none; write one of \(allowed.joined(separator: ", "))" }
}

extension ConsoleModel {
    /// Puts the view so, before the first picture.
    mutating func start(_ start: ConsoleStart) {
        if let screen = start.screen { self.screen = screen }
        if let sort = start.sort { connections.sort(by: sort.column, descending: sort.descending) }
        guard !start.filter.isEmpty else { return }
        events.setFilter(start.filter)
        if let query = try? Query(parsing: start.filter), query.isOfConnections { connections.setFilter(start.filter) }
    }
}
