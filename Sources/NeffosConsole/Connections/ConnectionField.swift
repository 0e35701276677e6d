import NeffosObservatory
import Terminal

/// A column that the Connections screen can show. The raw value is what the operator's choice is kept as.
enum ConnectionField: String, Sendable, Hashable, CaseIterable {
    case state, key, id, address, age, namespaces, rooms, tries, returns
    case idle, rateIn = "rate-in", rateOut = "rate-out", roundTrip = "round-trip", queue
    case messagesIn = "messages-in", messagesOut = "messages-out", bytesIn = "bytes-in", bytesOut = "bytes-out"
    case memberships = "in", agent
    case tls, lints

    /// Those without a choice, the ones that are looked at most first: a narrow screen shows no more than those.
    static let standard = allCases.filter { $0 != .tls && $0 != .lints }

    /// What stands above the column.
    var title: String {
        switch self {
        case .state: "state"
        case .key: "key"
        case .id: "id"
        case .address: "address"
        case .age: "age"
        case .namespaces: "ns"
        case .rooms: "rooms"
        case .tries: "tries"
        case .returns: "back"
        case .idle: "idle"
        case .rateIn: "in/s"
        case .rateOut: "out/s"
        case .roundTrip: "rtt"
        case .queue: "queue"
        case .messagesIn: "msg in"
        case .messagesOut: "msg out"
        case .bytesIn: "bytes in"
        case .bytesOut: "bytes out"
        case .memberships: "in"
        case .agent: "agent"
        case .tls: "tls"
        case .lints: "lints"
        }
    }

    /// What it tells, for whoever chooses columns.
    var meaning: String {
        switch self {
        case .state: "acknowledged, back, or in trouble"
        case .key: "who the client is across connections"
        case .id: "the connection's id"
        case .address: "address and port"
        case .age: "since it was opened"
        case .namespaces: "namespaces it is in"
        case .rooms: "rooms it is in"
        case .tries: "attempts it made in this outage"
        case .returns: "how often its key has come back"
        case .idle: "since something came of it"
        case .rateIn: "messages of it a second"
        case .rateOut: "messages to it a second"
        case .roundTrip: "of the last ping that was answered"
        case .queue: "bytes that wait for it"
        case .messagesIn: "messages of it"
        case .messagesOut: "messages to it"
        case .bytesIn: "payload bytes of it"
        case .bytesOut: "payload bytes to it"
        case .memberships: "its namespaces and rooms by name"
        case .agent: "what it calls itself"
        case .tls: "whether it came by TLS"
        case .lints: "warnings about it, raised now"
        }
    }

    /// What the rows are put in order by; nil where there is no order.
    var sort: ConnectionColumn? {
        switch self {
        case .state: .state
        case .key: .key
        case .id: .id
        case .address: .address
        case .age: .age
        case .namespaces: .namespaces
        case .rooms: .rooms
        case .tries: .tries
        case .returns: .returns
        case .idle: .idle
        case .rateIn: .rateIn
        case .rateOut: .rateOut
        case .roundTrip: .roundTrip
        case .queue: .queue
        case .messagesIn: .messagesIn
        case .messagesOut: .messagesOut
        case .bytesIn: .bytesIn
        case .bytesOut: .bytesOut
        case .agent: .agent
        case .memberships, .tls, .lints: nil
        }
    }

    init?(sort: ConnectionColumn) {
        guard let field = Self.allCases.first(where: { $0.sort == sort }) else { return nil }
        self = field
    }

    /// Names are looked for from A on, figures from the largest.
    var beginsDescending: Bool {
        switch self {
        case .state, .key, .id, .address, .memberships, .agent, .tls: false
        default: true
        }
    }

    /// The place in the table. Where room is short, the column furthest to the right goes first.
    var column: Table.Column { column(isExact: false) }

    /// - Parameter isExact: whether there has to be room for figures that are not rounded.
    func column(isExact: Bool) -> Table.Column {
        func text(_ minimum: Int, _ maximum: Int, priority: Int = 9) -> Table.Column {
            Table.Column(title, minimum: minimum, maximum: maximum, priority: priority)
        }
        func figure(_ width: Int, exact: Int? = nil) -> Table.Column {
            let width = isExact ? exact ?? width : width
            return Table.Column(title, minimum: width, maximum: width, align: .right, priority: 9)
        }
        switch self {
        case .state: return text(7, 9)
        case .key: return text(12, 24)
        case .id: return text(8, 36)
        case .address: return text(15, 21)
        case .memberships: return text(20, 44, priority: 2)
        case .agent: return text(16, 20, priority: 1)
        case .namespaces, .tls: return figure(4)
        case .age, .idle: return figure(6, exact: 12)
        case .rooms, .tries, .returns, .lints: return figure(6)
        case .rateIn, .rateOut: return figure(6, exact: 10)
        case .queue: return figure(6, exact: 11)
        case .roundTrip: return figure(7, exact: 10)
        case .messagesIn, .messagesOut: return figure(8, exact: 13)
        case .bytesIn, .bytesOut: return figure(10, exact: 18)
        }
    }
}
