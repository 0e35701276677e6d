import NeffosFeed
import NeffosObservatory

/// The cells of a file: figures as they are, in one unit, and not as a screen rounds them.
extension ConnectionField {
    var exportTitle: String {
        switch self {
        case .age: "age ms"
        case .idle: "idle ms"
        case .roundTrip: "round trip us"
        case .queue: "queue bytes"
        case .rateIn: "in per s"
        case .rateOut: "out per s"
        default: rawValue
        }
    }

    func exported(_ row: ConnectionRow, at now: FeedTime, _ lints: LintCounts) -> CSVLine.Cell {
        switch self {
        case .state: .text(row.state.rawValue)
        case .key: row.key.map { .text($0) } ?? .nothing
        case .id: .text(row.id)
        case .address: .text(row.remote)
        case .age: .count(max(0, now - row.openedAt))
        case .namespaces: .count(row.namespaces.count)
        case .rooms: .count(row.roomCount)
        case .tries: .count(row.tries)
        case .returns: .count(row.returns)
        case .idle: .count(orNothing: row.idle)
        case .rateIn: .figure(orNothing: row.rateIn)
        case .rateOut: .figure(orNothing: row.rateOut)
        case .roundTrip: .count(orNothing: row.roundTrip)
        case .queue: .count(orNothing: row.queuedBytes)
        case .messagesIn: .count(orNothing: row.messagesIn)
        case .messagesOut: .count(orNothing: row.messagesOut)
        case .bytesIn: .count(orNothing: row.bytesIn)
        case .bytesOut: .count(orNothing: row.bytesOut)
        case .memberships: .text(MembershipText.line(row.namespaces))
        case .agent: row.userAgent.map { .text($0) } ?? .nothing
        case .tls: .text(row.tls ? "yes" : "no")
        case .lints: .count(lints.count(for: row))
        }
    }
}
