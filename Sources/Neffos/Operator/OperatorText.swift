import NIOCore
package import NeffosFeed
import NeffosWire

/// How commands read in the feed. All of it is bounded: an operator's words come over a network too.
package enum OperatorText {
    static let mostNameBytes = 128
    static let mostTextBytes = 400

    /// `text`, or its beginning and a mark, between characters.
    static func cut(_ text: String, to bytes: Int) -> String {
        guard text.utf8.count > bytes else { return text }
        var kept = String.UnicodeScalarView()
        var length = 0
        for scalar in text.unicodeScalars {
            length += UTF8.width(scalar)
            if length > bytes - 3 { break }
            kept.append(scalar)
        }
        return String(kept) + "…"
    }

    /// What the feed says of a command.
    /// - Parameter away: for how long a drill that begins is going to keep the listener away.
    package static func event(
        of command: OperatorCommand, target: String, _ outcome: OperatorOutcome, away: Milliseconds? = nil
    ) -> FeedEvent.Kind {
        .operatorAction(
            .init(
                action: command.action.name, by: cut(command.by, to: mostNameBytes), target: target, count: outcome.count,
                result: cut(outcome.result, to: mostTextBytes), away: away))
    }

    static func message(_ namespace: String, _ room: String, _ event: String, _ body: String) -> Message {
        Message(namespace: namespace, room: room, event: event, body: ByteBuffer(string: body))
    }

    // MARK: Targets

    /// The `target` of the audit event.
    package static func targets(_ command: OperatorCommand) -> String { targets(command, found: nil) }

    /// - Parameter found: who is here of those that the command is about; nil where nobody was looked for.
    static func targets(_ command: OperatorCommand, found: [Connection]?) -> String {
        let place = place(of: command.action)
        guard command.action.hasTargets else { return cut(place.isEmpty ? "server" : place, to: mostTextBytes) }
        let who =
            switch command.targets {
            case .connections(let ids) where ids.count == 1: cut(ids[0], to: mostNameBytes)
            case .connections(let ids): count(found?.count ?? ids.count)
            case .matching(let filter): "matching " + cut(filter, to: mostNameBytes)
            case .all: found.map { "all " + count($0.count) } ?? "all"
            }
        return cut(place.isEmpty ? who : "\(who) in \(place)", to: mostTextBytes)
    }

    static func count(_ number: Int) -> String { number == 1 ? "1 connection" : "\(number) connections" }

    private static func place(of action: OperatorCommand.Action) -> String {
        switch action {
        case .disconnect(let namespace): name(namespace)
        case .join(let namespace, let room), .leave(let namespace, let room): name(namespace) + "/" + name(room)
        case .send(let namespace, let room, let event, _), .broadcast(let namespace, let room, let event, _):
            (room.isEmpty ? name(namespace) : name(namespace) + "/" + name(room)) + " " + cut(event, to: 80)
        case .kick, .ping, .tap, .pauseAdmission, .resumeAdmission, .drain, .drill: ""
        }
    }

    private static func name(_ text: String) -> String { text.isEmpty ? "\"\"" : cut(text, to: 80) }

    // MARK: Results

    /// What became of each of those that something was asked of.
    enum Part: Sendable {
        case done
        /// It is not where it was to be taken from, or sent to.
        case absent
        case failed(String)
    }

    /// - Parameter total: how many it was about; what is not told of them was given up, or went with the server.
    static func outcome(of parts: [Part], total: Int) -> OperatorOutcome {
        var done = 0
        var absent = 0
        var failed = total - parts.count
        var failure = failed > 0 ? "given up" : ""
        for part in parts {
            switch part {
            case .done: done += 1
            case .absent: absent += 1
            case .failed(let text):
                if failure.isEmpty { failure = text }
                failed += 1
            }
        }
        if done == total { return OperatorOutcome(count: done) }
        var pieces = done > 0 ? ["\(done) of \(total)"] : []
        if absent > 0 { pieces.append(absent == total && absent == 1 ? "it is not there" : "\(absent) not there") }
        if failed > 0 { pieces.append((total == 1 ? "" : "\(failed) failed: ") + cut(failure, to: mostNameBytes)) }
        return OperatorOutcome(count: done, result: pieces.joined(separator: "; "), isRefused: done == 0)
    }

    /// `0.42 ms`, `12 ms`, `3.1 s`.
    static func duration(microseconds: Int) -> String {
        func number(_ value: Double) -> String {
            let digits = value < 10 ? 2 : value < 100 ? 1 : 0
            var text = String(Int((value * [1, 10, 100][digits]).rounded()))
            if digits == 0 { return text }
            while text.count <= digits { text = "0" + text }
            text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
            return text
        }
        return microseconds < 1_000_000 ? number(Double(microseconds) / 1000) + " ms" : number(Double(microseconds) / 1_000_000) + " s"
    }
}
