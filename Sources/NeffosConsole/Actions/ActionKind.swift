import NeffosFeed

/// What an operator can do, as the menu offers it.
enum ActionKind: Sendable, Hashable, CaseIterable {
    case kick, disconnect, join, leave, send, ping, tap, untap
    case broadcast, pauseAdmission, resumeAdmission, drain, drill

    /// The letter that chooses it in the menu.
    var key: Character {
        switch self {
        case .kick: "x"
        case .disconnect: "n"
        case .join: "j"
        case .leave: "l"
        case .send: "s"
        case .ping: "p"
        case .tap: "t"
        case .untap: "u"
        case .broadcast: "b"
        case .pauseAdmission: "h"
        case .resumeAdmission: "r"
        case .drain: "D"
        case .drill: "d"
        }
    }

    /// One or two words; the first is also what a confirmation asks for.
    var title: String {
        switch self {
        case .kick: "kick"
        case .disconnect: "disconnect"
        case .join: "join"
        case .leave: "leave"
        case .send: "send"
        case .ping: "ping"
        case .tap: "tap"
        case .untap: "untap"
        case .broadcast: "broadcast"
        case .pauseAdmission: "hold admission"
        case .resumeAdmission: "resume admission"
        case .drain: "drain"
        case .drill: "drill"
        }
    }

    var meaning: String {
        switch self {
        case .kick: "close with a code and a reason, hold out for a while"
        case .disconnect: "take out of a namespace and its rooms"
        case .join: "put into a room, and into its namespace"
        case .leave: "take out of a room"
        case .send: "send an event"
        case .ping: "measure the round trip"
        case .tap: "show the messages in the feed"
        case .untap: "show them no more"
        case .broadcast: "send an event to a namespace or a room"
        case .pauseAdmission: "answer no probe, refuse newcomers; all stay"
        case .resumeAdmission: "take newcomers in again"
        case .drain: "send everybody away with 1001, and stop"
        case .drill: "cut connections, stay away, measure the return"
        }
    }

    /// Whether it is about the server and not about connections one by one.
    var isOfServer: Bool {
        switch self {
        case .broadcast, .pauseAdmission, .resumeAdmission, .drain, .drill: true
        case .kick, .disconnect, .join, .leave, .send, .ping, .tap, .untap: false
        }
    }

    /// What has to be filled in before.
    var fields: [ActionField] {
        switch self {
        case .kick: [.code, .reason, .holdOff]
        case .disconnect: [.namespace]
        case .join, .leave: [.namespace, .room]
        case .send: [.namespace, .optionalRoom, .event, .body]
        case .broadcast: [.namespace, .optionalRoom, .event, .body]
        case .drill: [.percent, .away]
        case .ping, .tap, .untap, .pauseAdmission, .resumeAdmission, .drain: []
        }
    }

    /// Whether it is confirmed even for one target.
    var isGrave: Bool { self == .drain || self == .drill }
}
