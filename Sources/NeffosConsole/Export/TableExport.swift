import NeffosFeed
import NeffosObservatory

/// What a table shows, as it is written to a file: all rows that the filter lets through, in their order, whether they are in view or not.
enum TableExport: Sendable {
    case connections([ConnectionField], sort: ConnectionColumn, descending: Bool, query: Query?)
    case rooms(sort: RoomColumn, descending: Bool, filter: String)
    /// By their numbers in the log.
    case events([Int])

    var name: String {
        switch self {
        case .connections: "connections"
        case .rooms: "rooms"
        case .events: "events"
        }
    }

    /// Hands the table out line by line, its header first.
    func lines(of picture: any ObservatoryReading, _ take: (CSVLine) throws -> Void) rethrows {
        switch self {
        case .connections(let fields, let sort, let descending, let query):
            try take(CSVLine(fields.map { .text($0.exportTitle) }))
            let lints = LintCounts(picture.lints)
            for id in picture.connectionIDs(sortedBy: sort, descending: descending, matching: query, limit: nil) {
                guard let row = picture.connection(id) else { continue }
                try take(CSVLine(fields.map { $0.exported(row, at: picture.now, lints) }))
            }
        case .rooms(let sort, let descending, let filter):
            try take(
                CSVLine(["namespace", "room", "members", "joins", "leaves", "joins per s", "leaves per s"].map { .text($0) }))
            for namespace in picture.namespaces(sortedBy: sort, descending: descending, limit: nil) {
                let isWhole = filter.isEmpty || namespace.name.contains(filter)
                for row in picture.rooms(
                    in: namespace.name, sortedBy: sort, descending: descending, matching: isWhole ? nil : filter, limit: nil)
                {
                    try take(
                        CSVLine([
                            .text(row.namespace), .text(row.room), .count(row.members), .count(row.joins), .count(row.leaves),
                            .figure(row.joinsPerSecond), .figure(row.leavesPerSecond),
                        ]))
                }
            }
        case .events(let numbers):
            try take(CSVLine(["seq", "node", "time", "type", "connection", "event"].map { .text($0) }))
            for number in numbers {
                guard let entry = picture.recentEvents.entry(number: number) else { continue }
                var line: [UInt8] = []
                JSONLines.append(entry, to: &line)
                if line.last == UInt8(ascii: "\n") { line.removeLast() }
                try take(
                    CSVLine([
                        .count(entry.seq), .text(entry.node), .text(entry.event.time.iso8601), .text(entry.event.kind.type.rawValue),
                        .text(EventText.connection(of: entry.event) ?? ""), .text(String(decoding: line, as: UTF8.self)),
                    ]))
            }
        }
    }
}

extension ConsoleModel {
    /// The table in view; nil where the view is none.
    var export: TableExport? {
        guard !isLogShown, !isTooSmall else { return nil }
        switch screen {
        case .connections:
            return .connections(
                connections.columns, sort: connections.sort, descending: connections.descending, query: connections.query)
        case .rooms: return .rooms(sort: rooms.sort, descending: rooms.descending, filter: rooms.filter)
        case .events: return .events(events.shown)
        case .overview, .returns, .nodes: return nil
        }
    }
}
