import NeffosObservatory

/// One thing to do at the prompt of `neffos dial`.
enum DialStep: Equatable, Sendable {
    case connect(namespace: String)
    case disconnect(namespace: String)
    case join(namespace: String, room: String)
    case leave(namespace: String, room: String)
    case emit(namespace: String, room: String, event: String, body: String)
    case ask(namespace: String, room: String, event: String, body: String)
    case help
    case quit
}

/// Reads what is typed at the prompt, or stands in `--once`.
enum DialScript {
    static let help = """
        connect NAMESPACE                        enter a namespace
        join NAMESPACE ROOM                      enter a room of it
        leave NAMESPACE ROOM                     leave the room
        emit NAMESPACE [#ROOM] EVENT [BODY]      send an event; the body is the rest of the line
        ask NAMESPACE [#ROOM] EVENT [BODY]       send an event and print its reply
        disconnect NAMESPACE                     leave a namespace
        quit                                     close the connection and leave
        A name with blanks stands in double quotes: "my room". An empty one is "".
        """
    static let names = ["connect", "join", "leave", "emit", "ask", "disconnect", "quit", "help"]

    /// The steps of a line for `--once`, divided by semicolons outside of double quotes.
    ///
    /// - Throws: ``ValueError`` for the first step that is none.
    static func steps(of text: String) throws(ValueError) -> [DialStep] {
        var steps: [DialStep] = []
        for part in divide(text) {
            if let step = try step(of: part) { steps.append(step) }
        }
        return steps
    }

    /// The step of one line; nil for an empty one.
    static func step(of line: some StringProtocol) throws(ValueError) -> DialStep? {
        var rest = Substring(line)
        guard let name = try word(&rest) else { return nil }
        switch name {
        case "help", "?": return .help
        case "quit", "exit": return .quit
        case "connect": return .connect(namespace: try only(&rest, of: name, "NAMESPACE"))
        case "disconnect": return .disconnect(namespace: try only(&rest, of: name, "NAMESPACE"))
        case "join", "leave":
            let namespace = try need(&rest, of: name, "NAMESPACE ROOM")
            var room = try only(&rest, of: name, "NAMESPACE ROOM")
            if room.hasPrefix("#") { room.removeFirst() }
            return name == "join" ? .join(namespace: namespace, room: room) : .leave(namespace: namespace, room: room)
        case "emit", "ask":
            let usage = "NAMESPACE [#ROOM] EVENT [BODY]"
            let namespace = try need(&rest, of: name, usage)
            var room = ""
            var event = try need(&rest, of: name, usage)
            if event.hasPrefix("#") {
                room = String(event.dropFirst())
                event = try need(&rest, of: name, usage)
            }
            let body = unquoted(rest)
            return name == "emit"
                ? .emit(namespace: namespace, room: room, event: event, body: body)
                : .ask(namespace: namespace, room: room, event: event, body: body)
        default:
            throw ValueError("\"\(name)\" is no command", advice: NearestName.advice(for: name, among: names))
        }
    }

    private static func need(_ rest: inout Substring, of name: String, _ usage: String) throws(ValueError) -> String {
        guard let word = try word(&rest) else { throw ValueError("\(name) lacks a name", advice: "write \(name) \(usage)") }
        return word
    }

    private static func only(_ rest: inout Substring, of name: String, _ usage: String) throws(ValueError) -> String {
        let word = try need(&rest, of: name, usage)
        guard rest.allSatisfy(\.isWhitespace) else { throw ValueError("\(name) has a word too many", advice: "write \(name) \(usage)") }
        return word
    }

    /// Takes the next word, without its quotes.
    private static func word(_ rest: inout Substring) throws(ValueError) -> String? {
        rest = rest.drop(while: \.isWhitespace)
        guard let first = rest.first else { return nil }
        guard first == "\"" else {
            let word = rest.prefix { !$0.isWhitespace }
            rest = rest.dropFirst(word.count)
            return String(word)
        }
        rest.removeFirst()
        guard let end = rest.firstIndex(of: "\"") else { throw ValueError("a double quote is left open", advice: "close it") }
        let word = rest[..<end]
        rest = rest[rest.index(after: end)...]
        return String(word)
    }

    /// A body, without the blanks around it, and without the quotes that hold the whole of it.
    private static func unquoted(_ text: Substring) -> String {
        var body = text.drop(while: \.isWhitespace)
        while body.last?.isWhitespace == true { body.removeLast() }
        if body.count >= 2, body.first == "\"", body.last == "\"", !body.dropFirst().dropLast().contains("\"") {
            return String(body.dropFirst().dropLast())
        }
        return String(body)
    }

    private static func divide(_ text: String) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var quoted = false
        for index in text.indices {
            if text[index] == "\"" { quoted.toggle() }
            if text[index] == ";", !quoted {
                parts.append(text[start..<index])
                start = text.index(after: index)
            }
        }
        return parts + [text[start...]]
    }
}
