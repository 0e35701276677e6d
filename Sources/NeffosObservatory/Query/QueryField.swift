import NeffosFeed

/// What a query can ask for by name. The parser, the completion, the help and the manual all go by this table.
public enum QueryField: String, Sendable, Hashable, CaseIterable {
    case ns, room, ip, key, id, agent, state, event, lint, cause, by, reason
    case rooms, tries, returns, violations, age, idle, rtt, `in`, out, messages
    case bytesIn = "bytesin"
    case bytesOut = "bytesout"
    case bytes, queue, code, status, dropped, missing
}

extension QueryField {
    /// What may stand behind the name.
    enum Kind: Sendable, Hashable {
        /// The whole text, with `*` for any part of it.
        case name
        /// The beginning of the text.
        case beginning
        /// Any part of the text.
        case part
        case count
        case duration
        case size
    }

    var kind: Kind {
        switch self {
        case .ns, .room, .key, .id, .state, .event, .lint, .cause, .by: .name
        case .ip: .beginning
        case .agent, .reason: .part
        case .age, .idle, .rtt: .duration
        case .bytesIn, .bytesOut, .bytes, .queue: .size
        case .rooms, .tries, .returns, .violations, .in, .out, .messages, .code, .status, .dropped, .missing: .count
        }
    }

    var isText: Bool {
        switch kind {
        case .name, .beginning, .part: true
        case .count, .duration, .size: false
        }
    }

    /// Whether a connection has it, so that its events are asked by what is known of it.
    var isOfConnections: Bool {
        switch self {
        case .event, .lint, .cause, .by, .reason, .code, .status, .dropped, .missing: false
        default: true
        }
    }

    /// The unit of the figures, where there are any: `ns` can be counted too.
    var unit: QueryUnit {
        switch kind {
        case .duration: .duration
        case .size: .size
        default: .count
        }
    }

    /// How it is written, as an example.
    public var example: String {
        switch self {
        case .ns: "ns:chat ns>1"
        case .room: "room:lobby room:desk-*"
        case .ip: "ip:10.0."
        case .key: "key:alice"
        case .id: "id:8c5f3a*"
        case .agent: "agent:okhttp"
        case .state: "state:slow"
        case .event: "event:connection.closed event:room.*"
        case .lint: "lint:herd"
        case .cause: "cause:restart"
        case .by: "by:network"
        case .reason: "reason:\"too big\""
        case .rooms: "rooms>=2"
        case .tries: "tries>3"
        case .returns: "returns>2"
        case .violations: "violations>0"
        case .age: "age<5m"
        case .idle: "idle>30s"
        case .rtt: "rtt>50ms"
        case .in: "in>100"
        case .out: "out>100"
        case .messages: "messages=0"
        case .bytesIn: "bytesin>1MiB"
        case .bytesOut: "bytesout>1MiB"
        case .bytes: "bytes>64KiB"
        case .queue: "queue>64KiB"
        case .code: "code=1006"
        case .status: "status=403"
        case .dropped: "dropped>100"
        case .missing: "missing>0"
        }
    }

    /// What it is, in a few words.
    public var meaning: String {
        switch self {
        case .ns: "a namespace it is in, or of the event; compared, how many it is in"
        case .room: "a room it is in, or of the event"
        case .ip: "how its address begins"
        case .key: "its key, the one name across connections; of an incident, a key that is missing"
        case .id: "its id; of an incident, an id that may be missing"
        case .agent: "a part of its user agent"
        case .state: "how far it has come: \(QueryField.states.joined(separator: ", "))"
        case .event: "the type of an event, with * for any part"
        case .lint: "the id of a lint that was raised or cleared"
        case .cause: "the cause of an incident"
        case .by: "who closed the connection (client, server, operator, network), or who acted"
        case .reason: "a part of the reason, error or detail that an event tells"
        case .rooms: "how many rooms it is in"
        case .tries: "attempts it made before it came back"
        case .returns: "how often it has come back"
        case .violations: "how often it broke the protocol"
        case .age: "how long it is, or was, connected"
        case .idle: "how long nothing came of it"
        case .rtt: "the round trip of its last ping"
        case .in: "messages that came of it"
        case .out: "messages that went to it"
        case .messages: "messages, both ways"
        case .bytesIn: "bytes that came of it"
        case .bytesOut: "bytes that went to it"
        case .bytes: "bytes, both ways; of a tapped message, its size"
        case .queue: "bytes that wait for it"
        case .code: "the code of a close"
        case .status: "the status of a refusal"
        case .dropped: "clients lost in an incident"
        case .missing: "clients of an incident that are not back"
        }
    }

    /// What `state:` can be.
    static let states = ConnectionState.allCases.map(\.rawValue)
}
