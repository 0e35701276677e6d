/// What an operator asks of a server, in one value that travels: from the console, `neffos drill`, or an attached console.
public struct OperatorCommand: Sendable, Hashable, Codable {
    /// What is to be done.
    public enum Action: Sendable, Hashable, Codable {
        /// Close with a code and a reason, and hold the same client (its id, key or address) out for a while; 0 does not.
        case kick(code: Int, reason: String, holdOff: Milliseconds)
        /// Take out of a namespace and all its rooms.
        case disconnect(namespace: String)
        /// Put into a room, and into its namespace before.
        case join(namespace: String, room: String)
        /// Take out of a room.
        case leave(namespace: String, room: String)
        /// Send an event to the targets; those who are not in the namespace get nothing.
        case send(namespace: String, room: String, event: String, body: String)
        /// Send an event to all members of a namespace, or of a room where one is named. The targets do not matter.
        case broadcast(namespace: String, room: String, event: String, body: String)
        /// Ping by a control frame, and tell the round trip.
        case ping
        /// Publish the messages of the targets as `message` events, or stop that.
        case tap(Bool)
        /// Answer no probe and refuse newcomers, while those who are here stay. The targets do not matter.
        case pauseAdmission
        /// Take newcomers in again.
        case resumeAdmission
        /// Send everybody away with 1001 and stop.
        case drain
        /// Cut the targets, or the share `percent` of them, and close the listener for `away`: probes fail as in a real outage.
        case drill(percent: Double, away: Milliseconds)
    }

    /// Whom it is about.
    public enum Targets: Sendable, Hashable, Codable {
        /// The connections with these ids.
        case connections([String])
        /// Those that a filter (console.md, section 3) finds when the command comes.
        case matching(String)
        /// Everybody.
        case all
    }

    public var action: Action
    public var targets: Targets
    /// Who asks, for the audit event: `console`, `admin 127.0.0.1:4711`, a user's name.
    public var by: String

    public init(_ action: Action, targets: Targets = .all, by: String) {
        self.action = action
        self.targets = targets
        self.by = by
    }
}

extension OperatorCommand.Action {
    /// The `action` of the audit event.
    public var name: String {
        switch self {
        case .kick: "kick"
        case .disconnect: "disconnect"
        case .join: "join"
        case .leave: "leave"
        case .send: "send"
        case .broadcast: "broadcast"
        case .ping: "ping"
        case .tap(true): "tap"
        case .tap(false): "untap"
        case .pauseAdmission: "pause admission"
        case .resumeAdmission: "resume admission"
        case .drain: "drain"
        case .drill: "drill"
        }
    }

    /// Whether it is about connections one by one, and not about the server.
    public var hasTargets: Bool {
        switch self {
        case .kick, .disconnect, .join, .leave, .send, .ping, .tap, .drill: true
        case .broadcast, .pauseAdmission, .resumeAdmission, .drain: false
        }
    }
}
