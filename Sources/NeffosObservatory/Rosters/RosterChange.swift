import NeffosFeed

/// What one line of the roster's file says. Each carries its time, so that the last one tells how old the roster is.
enum RosterChange: Hashable, Sendable {
    static let magic = "neffos-roster"
    static let version: Int64 = 1

    /// The first line of a file.
    case header
    /// The server started anew: who was here is awaited now.
    case reset
    /// The server goes; who leaves from now on stays in the roster.
    case drain
    /// Still here, and nothing has changed.
    case tick
    case opened(connection: String, key: String?, remote: String)
    case closed(connection: String)
    case entered(connection: String, namespace: String)
    case left(connection: String, namespace: String)
    case joined(connection: String, namespace: String, room: String)
    case parted(connection: String, namespace: String, room: String)

    func append(at time: FeedTime, to bytes: inout [UInt8]) {
        let now = RosterLine.Value.number(time.milliseconds)
        let values: [RosterLine.Value] =
            switch self {
            case .header: [.text(RosterChange.magic), .number(RosterChange.version), now]
            case .reset: [.text("s"), now]
            case .drain: [.text("d"), now]
            case .tick: [.text("t"), now]
            case .opened(let connection, let key, let remote):
                [.text("+"), now, .text(connection), key.map(RosterLine.Value.text) ?? .null, .text(remote)]
            case .closed(let connection): [.text("-"), now, .text(connection)]
            case .entered(let connection, let namespace): [.text("n"), now, .text(connection), .text(namespace)]
            case .left(let connection, let namespace): [.text("m"), now, .text(connection), .text(namespace)]
            case .joined(let connection, let namespace, let room): [.text("r"), now, .text(connection), .text(namespace), .text(room)]
            case .parted(let connection, let namespace, let room): [.text("l"), now, .text(connection), .text(namespace), .text(room)]
            }
        RosterLine.append(values, to: &bytes)
    }

    /// A line other than the first.
    static func decode(_ line: ArraySlice<UInt8>) -> (change: RosterChange, time: FeedTime)? {
        guard let values = RosterLine.decode(line), values.count >= 2, case .text(let name) = values[0], case .number(let time) = values[1]
        else { return nil }
        var texts: [String?] = []
        for value in values[2...] {
            switch value {
            case .text(let text): texts.append(text)
            case .null: texts.append(nil)
            case .number: return nil
            }
        }
        guard let change = RosterChange(name, texts) else { return nil }
        return (change, FeedTime(milliseconds: time))
    }

    private init?(_ name: String, _ texts: [String?]) {
        switch (name, texts.count) {
        case ("s", 0): self = .reset
        case ("d", 0): self = .drain
        case ("t", 0): self = .tick
        case ("+", 3):
            guard let connection = texts[0], let remote = texts[2] else { return nil }
            self = .opened(connection: connection, key: texts[1], remote: remote)
        case ("-", 1):
            guard let connection = texts[0] else { return nil }
            self = .closed(connection: connection)
        case ("n", 2), ("m", 2):
            guard let connection = texts[0], let namespace = texts[1] else { return nil }
            self =
                name == "n" ? .entered(connection: connection, namespace: namespace) : .left(connection: connection, namespace: namespace)
        case ("r", 3), ("l", 3):
            guard let connection = texts[0], let namespace = texts[1], let room = texts[2] else { return nil }
            self =
                name == "r"
                ? .joined(connection: connection, namespace: namespace, room: room)
                : .parted(connection: connection, namespace: namespace, room: room)
        default: return nil
        }
    }

    static func decodeHeader(_ line: ArraySlice<UInt8>) throws(RosterError) -> FeedTime {
        guard let values = RosterLine.decode(line), values.count == 3, values[0] == .text(magic), case .number(let version) = values[1],
            case .number(let time) = values[2]
        else { throw .notARoster }
        guard version == RosterChange.version else { throw .version(Int(version)) }
        return FeedTime(milliseconds: time)
    }
}
