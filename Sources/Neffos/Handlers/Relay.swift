import NeffosSession

/// What the ready relay does with an event (the `namespaces` of the configuration).
public enum RelayAction: String, Sendable, Hashable, CaseIterable {
    /// Answers the sender with the same body.
    case reply
    /// To the message's room, or the namespace where it names none, the sender too.
    case broadcast
    /// The same without the sender.
    case broadcastOthers = "broadcast-others"
    /// Does nothing. An asker waits until its deadline.
    case ignore
    /// Answers with an error; for the system events that can be refused, and for ordinary ones.
    case refuse
}

extension EventHandlers {
    /// The relay of a server without configuration: `default` with `echo`, `chat` and `notify`.
    public static let defaultRelay = relay([
        "default": ["echo": .reply, "chat": .broadcast, "notify": .broadcastOthers, "*": .ignore]
    ])

    /// Handlers that need no code: for each namespace, what to do with each event. `*` stands for any event without an entry of its own.
    public static func relay(_ namespaces: [String: [String: RelayAction]]) -> EventHandlers {
        var handlers = EventHandlers()
        for (namespace, events) in namespaces {
            handlers.declare(namespace)
            for (event, action) in events {
                let name = event == "*" ? SystemEventName.any : event
                guard let handler = relayHandler(action) else { continue }
                handlers.on(name, in: namespace, handler)
            }
        }
        return handlers
    }

    private static func relayHandler(_ action: RelayAction) -> Synchronous? {
        switch action {
        // An error that answers no ask is dropped (protocol section 3): what a handler returns for one is never sent.
        case .reply: { _, message in .body(message.body) }
        case .broadcast: { connection, message in try relay(message, from: connection, toSender: true) }
        case .broadcastOthers: { connection, message in try relay(message, from: connection, toSender: false) }
        case .ignore: nil
        case .refuse: { _, _ in throw NeffosError("refused") }
        }
    }

    /// A relay drops errors that answer no ask (protocol section 3), and gives no token to another client (section 4): the asker gets an empty
    /// reply once the copies are queued, after its own copy.
    private static func relay(_ message: Message, from sender: NamespaceConnection, toSender: Bool) throws -> Reply {
        if message.isError { return .none }
        var copy = message
        copy.wait = .none
        sender.connection.broadcast(copy, toSender: toSender)
        // Native messages have no token, and no empty reply.
        if message.wait.isNone { return .none }
        sender.connection.sendEmptyReply(to: message)
        return .none
    }
}
