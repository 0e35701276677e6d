/// A field of a form.
enum ActionField: Sendable, Hashable {
    case code, reason, holdOff, namespace, room, optionalRoom, event, body, percent, away

    var label: String {
        switch self {
        case .code: "close code"
        case .reason: "reason"
        case .holdOff: "hold off"
        case .namespace: "namespace"
        case .room, .optionalRoom: "room"
        case .event: "event"
        case .body: "body"
        case .percent: "share"
        case .away: "away"
        }
    }

    /// What may be written, in a few words.
    var hint: String {
        switch self {
        case .code: "1000 to 1003, 1007 to 1014, 3000 to 4999"
        case .reason: "what the client is told; may be empty"
        case .holdOff: "how long it is kept out: 0, 30s, 5m"
        case .namespace: "its name"
        case .room: "its name"
        case .optionalRoom: "its name; empty: the whole namespace"
        case .event: "its name, as the handlers know it"
        case .body: "as text"
        case .percent: "of those it is about: 50%"
        case .away: "how long the listener is closed: 3s"
        }
    }

    /// The most characters that can be typed.
    var maximum: Int {
        switch self {
        case .code, .holdOff, .percent, .away: 12
        case .reason: 123
        case .namespace, .room, .optionalRoom, .event: 256
        case .body: 4096
        }
    }
}
