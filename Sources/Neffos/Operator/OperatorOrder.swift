import NeffosFeed
import NeffosSession
import NeffosWire
import Synchronization

/// What becomes of a command before anything is done: whom it is about, or why nothing will be.
enum OperatorOrder {
    /// These connections, at least one.
    case about([Connection])
    /// The server.
    case general
    case refused(OperatorOutcome)

    static func of(_ command: OperatorCommand, server: Server) -> OperatorOrder {
        if server.isReadOnly { return .refused(.refused("the server is read-only; start it without that to change anything")) }
        guard server.running.withLock({ $0 != nil }) else { return .refused(.refused("the server is not running")) }
        if let reason = flaw(in: command.action, server: server) { return .refused(.refused(reason)) }
        guard command.action.hasTargets else { return .general }
        let found: [Connection]
        switch command.targets {
        case .matching:
            return .refused(.refused("the engine knows no filter; name the connections, or ask the admin address, which finds them"))
        case .all:
            found = server.connections
            if found.isEmpty { return .refused(.refused(OperatorOutcome.nobodyConnected)) }
        case .connections(let ids):
            var seen: Set<String> = []
            found = ids.compactMap { seen.insert($0).inserted ? server.connection($0) : nil }
            if found.isEmpty {
                let whom = ids.count == 1 ? "no connection \(OperatorText.cut(ids[0], to: OperatorText.mostNameBytes))" : "none of them"
                return .refused(.refused(ids.isEmpty ? OperatorOutcome.nobodyNamed : "\(whom) is here"))
            }
        }
        return .about(found)
    }

    /// What is wrong with the command itself, in a sentence.
    static func flaw(in action: OperatorCommand.Action, server: Server) -> String? {
        switch action {
        case .kick(let code, _, let holdOff):
            guard let code = UInt16(exactly: code), CloseCode(rawValue: code).isValidOnWire else {
                return "a close frame cannot hold the code \(code); choose 1000 to 1003, 1007 to 1014, or 3000 to 4999"
            }
            guard holdOff >= 0, holdOff <= 366 * 86_400_000 else { return "a client is held out for at most a year" }
        case .join(let namespace, let room):
            guard server.endpoint.rules.declaredNamespaces.contains(namespace) else { return undeclared(namespace, server) }
            if room.isEmpty { return "a room needs a name" }
        case .leave(_, let room): if room.isEmpty { return "a room needs a name" }
        case .send(let namespace, _, let event, let body), .broadcast(let namespace, _, let event, let body):
            let isNative = event == SystemEventName.nativeMessage && namespace.isEmpty
            if event.isEmpty { return "a message needs an event" }
            if SystemEventName.isSystemEvent(event) || event == SystemEventName.any || event == SystemEventName.nativeMessage && !isNative {
                return "\(event) is the protocol's own; choose an event of the application"
            }
            let most = server.configuration.limits.messageBytes
            if most > 0, body.utf8.count > most { return "the body has \(body.utf8.count) bytes; a message may have \(most)" }
        case .tap:
            if server.feed == nil { return "there is no feed that messages could be shown in" }
        case .drill(let percent, let away):
            guard percent > 0, percent <= 100 else { return "a drill drops more than 0 and at most 100 percent" }
            guard away >= 0, away <= FeedEvent.OperatorAction.mostAway else { return "a drill stays away for at most an hour" }
        case .disconnect, .ping, .pauseAdmission, .resumeAdmission, .drain: break
        }
        return nil
    }

    private static func undeclared(_ namespace: String, _ server: Server) -> String {
        let names = server.endpoint.rules.declaredNamespaces.sorted().prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
        let name = OperatorText.cut(namespace, to: OperatorText.mostNameBytes)
        return "no handler declares the namespace \"\(name)\"; there \(names.isEmpty ? "is none" : "are \(names)")"
    }
}
