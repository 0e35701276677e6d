import NeffosFeed
import Terminal

/// The question before something is done to more than one, or to the server. It is answered in writing.
struct Confirmation: Sendable {
    /// The ids are those of the moment of the question: what it says is what is done.
    let command: OperatorCommand
    let kind: ActionKind
    /// How many it will be done to.
    let count: Int
    private(set) var prompt = Prompt(label: "", maximum: 20)
    /// What was typed is not what was asked for.
    private(set) var isWrong = false

    init(_ command: OperatorCommand, kind: ActionKind, count: Int) {
        self.command = command
        self.kind = kind
        self.count = count
    }

    /// The word that may be typed in place of the number.
    var word: String { String(kind.title.prefix { $0 != " " }) }

    mutating func type(_ key: Key) {
        if prompt.update(key) == .editing { isWrong = false }
    }

    /// Whether the operator agreed.
    mutating func accept() -> Bool {
        let typed = prompt.text.filter { $0 != " " }
        isWrong = typed != word && typed != String(count)
        return !isWrong
    }

    /// What will happen to how many.
    var sentences: [String] {
        let many = ConsoleFormat.plural(count, "connection")
        let verb = count == 1 ? "is" : "are"
        func quoted(_ text: String) -> String { "\"\(SafeText.escaped(text, maximum: 60))\"" }
        func place(_ namespace: String, _ room: String) -> String {
            room.isEmpty ? "namespace \(quoted(namespace))" : "room \(quoted(room)) of namespace \(quoted(namespace))"
        }
        switch command.action {
        case .kick(let code, let reason, let holdOff):
            let told = reason.isEmpty ? "" : " and \(quoted(reason))"
            let out = holdOff == 0 ? "They may come back at once." : "They are held out for \(ConsoleFormat.duration(holdOff))."
            return ["\(many) \(verb) closed with \(code)\(told).", out]
        case .disconnect(let namespace): return ["\(many) \(verb) taken out of \(place(namespace, ""))", "and of all its rooms."]
        case .join(let namespace, let room): return ["\(many) \(verb) put into \(place(namespace, room))."]
        case .leave(let namespace, let room): return ["\(many) \(verb) taken out of \(place(namespace, room))."]
        case .send(let namespace, let room, let event, let body):
            return [
                "\(quoted(event)), \(ConsoleFormat.bytes(body.utf8.count)), is sent to \(many)", "in \(place(namespace, room)).",
            ]
        case .broadcast(let namespace, let room, let event, let body):
            return ["\(quoted(event)), \(ConsoleFormat.bytes(body.utf8.count)), is sent to all in \(place(namespace, room))."]
        case .ping: return ["\(many) \(verb) pinged."]
        case .tap(true): return ["The messages of \(many) are shown in the feed", "to everybody who reads it."]
        case .tap(false): return ["The messages of \(many) are shown no more."]
        case .pauseAdmission: return ["Probes are not answered and newcomers refused. Who is here stays."]
        case .resumeAdmission: return ["Newcomers are taken in again."]
        case .drain: return ["\(many) \(verb) closed with 1001, and the server stops."]
        case .drill(_, let away):
            return [
                "\(many) \(verb) cut, and the listener is closed for \(ConsoleFormat.duration(away)).",
                "Then it listens again, and the return is measured as an incident.",
            ]
        }
    }
}
