import NeffosWire

extension HandlerCall {
    /// The peer asks, the handler decides.
    static func deciding(_ event: SystemEvent, _ message: Message) -> HandlerCall {
        HandlerCall(
            event: event, namespace: message.namespace, room: message.room, message: message, isLocal: false, isForced: false,
            awaitsOutcome: true, continuation: .answerPeer)
    }

    /// We ask, and the local handler decides first whether anything is sent.
    static func deciding(_ event: SystemEvent, _ namespace: String, operation: OperationID) -> HandlerCall {
        HandlerCall(
            event: event, namespace: namespace, message: Message(namespace: namespace, event: event.rawValue), isLocal: true,
            isForced: false, awaitsOutcome: true, continuation: .askPeer(operation))
    }

    /// Tells of what the peer's `message` led to.
    static func told(_ event: SystemEvent, by message: Message) -> HandlerCall {
        var told = message
        told.event = event.rawValue
        return HandlerCall(
            event: event, namespace: message.namespace, room: message.room, message: told, isLocal: false, isForced: false,
            awaitsOutcome: false, continuation: .none)
    }

    /// Tells of what came without a message of the peer's.
    static func told(
        _ event: SystemEvent, _ namespace: String, _ room: String = "", isLocal: Bool = true, isForced: Bool = false
    ) -> HandlerCall {
        HandlerCall(
            event: event, namespace: namespace, room: room, message: Message(namespace: namespace, room: room, event: event.rawValue),
            isLocal: isLocal, isForced: isForced, awaitsOutcome: false, continuation: .none)
    }
}

extension SystemEvent {
    /// Whether only the local side may fire it: from the wire it is a forgery (protocol section 5).
    var isLocalOnly: Bool {
        switch self {
        case .namespaceConnect, .namespaceDisconnect, .roomJoin, .roomLeave: false
        case .namespaceConnected, .roomJoined, .roomLeft, .any, .nativeMessage: true
        }
    }
}
