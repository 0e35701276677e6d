import NeffosWire

/// What the peer asks: the replier's side of the table in protocol section 5.
extension SessionMachine {
    /// A system event from the wire that answers nothing of ours.
    mutating func receiveRequest(_ event: SystemEvent, _ message: Message) -> SessionStep {
        if event.isLocalOnly { return forged(event) }
        if message.isError {
            lateAnswers &+= 1
            return .ignore
        }
        if message.wait.isNone {
            return .actions([.violation(kind: ViolationKind.invalidPayload, detail: "\(event.rawValue) without a wait token")])
        }
        switch event {
        case .namespaceConnect: return .actions(peerConnects(message))
        case .namespaceDisconnect: return .actions(peerDisconnects(message))
        case .roomJoin: return .actions(peerJoins(message))
        case .roomLeave: return .actions(peerLeaves(message))
        case .namespaceConnected, .roomJoined, .roomLeft, .any, .nativeMessage: return forged(event)
        }
    }

    /// The outcome of a handler call that awaits one; a nil refusal accepts. Membership may have changed while the handler ran, so all is
    /// checked again. Nothing comes of it once the connection is gone.
    package mutating func resolve(_ call: HandlerCall, refusal: String?) -> [SessionAction] {
        guard !isClosed, isAcknowledged else { return [] }
        switch call.continuation {
        case .none: return []
        case .askPeer(let operation): return resolveConnect(call, operation, refusal: refusal)
        case .answerPeer:
            switch call.event {
            case .namespaceConnect: return resolvePeerConnect(call.message, refusal: refusal)
            case .namespaceDisconnect: return resolvePeerDisconnect(call.message, refusal: refusal)
            case .roomJoin: return resolvePeerJoin(call.message, refusal: refusal)
            case .roomLeave: return resolvePeerLeave(call.message, refusal: refusal)
            case .namespaceConnected, .roomJoined, .roomLeft, .any, .nativeMessage: return []
            }
        }
    }

    // MARK: connect

    private func peerConnects(_ message: Message) -> [SessionAction] {
        answerConnect(message) ?? [.call(.deciding(.namespaceConnect, message))]
    }

    private mutating func resolvePeerConnect(_ message: Message, refusal: String?) -> [SessionAction] {
        if let actions = answerConnect(message) { return actions }
        if let refusal { return denyConnect(message, refusal) }
        table.add(message.namespace)
        return [.entered(namespace: message.namespace), .send(emptyReply(message)), .call(.told(.namespaceConnected, by: message))]
    }

    /// The reply to a connect that no handler need decide.
    private func answerConnect(_ message: Message) -> [SessionAction]? {
        if table.contains(message.namespace) { return [.send(emptyReply(message))] }
        return namespaceRefusal(message.namespace).map { denyConnect(message, $0) }
    }

    private func denyConnect(_ message: Message, _ error: String) -> [SessionAction] {
        [.send(failure(message, error)), .denied(namespace: message.namespace, error: error)]
    }

    // MARK: disconnect

    private mutating func peerDisconnects(_ message: Message) -> [SessionAction] {
        guard table.contains(message.namespace) else { return [.send(emptyReply(message))] }
        switch rules.role {
        case .server: return [.call(.deciding(.namespaceDisconnect, message))]
        case .client: return leaveNamespace(message) + [.send(emptyReply(message)), .call(.told(.namespaceDisconnect, by: message))]
        }
    }

    private mutating func resolvePeerDisconnect(_ message: Message, refusal: String?) -> [SessionAction] {
        guard table.contains(message.namespace) else { return [.send(emptyReply(message))] }
        if let refusal { return [.send(failure(message, refusal))] }
        return leaveNamespace(message) + [.send(emptyReply(message))]
    }

    private mutating func leaveNamespace(_ message: Message) -> [SessionAction] {
        let rooms = table.remove(message.namespace)
        return forcedLeaves(message.namespace, rooms, isLocal: false) + [.left(namespace: message.namespace, forced: false)]
    }

    // MARK: join

    private func peerJoins(_ message: Message) -> [SessionAction] {
        answerJoin(message) ?? [.call(.deciding(.roomJoin, message))]
    }

    private mutating func resolvePeerJoin(_ message: Message, refusal: String?) -> [SessionAction] {
        if let actions = answerJoin(message) { return actions }
        if let refusal { return denyJoin(message, refusal) }
        table.add(message.namespace, room: message.room)
        return [
            .joined(namespace: message.namespace, room: message.room), .call(.told(.roomJoined, by: message)), .send(emptyReply(message)),
        ]
    }

    /// The reply to a join that no handler need decide.
    private func answerJoin(_ message: Message) -> [SessionAction]? {
        if table.contains(message.namespace, room: message.room) { return [.send(emptyReply(message))] }
        return roomRefusal(message.namespace, message.room).map { denyJoin(message, $0) }
    }

    private func denyJoin(_ message: Message, _ error: String) -> [SessionAction] {
        [.send(failure(message, error)), .deniedRoom(namespace: message.namespace, room: message.room, error: error)]
    }

    // MARK: leave

    private mutating func peerLeaves(_ message: Message) -> [SessionAction] {
        if let actions = answerLeave(message) { return actions }
        switch rules.role {
        case .server: return [.call(.deciding(.roomLeave, message))]
        case .client:
            return [.call(.told(.roomLeave, by: message)), part(message), .send(emptyReply(message)), .call(.told(.roomLeft, by: message))]
        }
    }

    private mutating func resolvePeerLeave(_ message: Message, refusal: String?) -> [SessionAction] {
        if let actions = answerLeave(message) { return actions }
        if let refusal { return [.send(failure(message, refusal))] }
        return [part(message), .call(.told(.roomLeft, by: message)), .send(emptyReply(message))]
    }

    /// The reply to a leave that no handler need decide.
    private func answerLeave(_ message: Message) -> [SessionAction]? {
        guard table.contains(message.namespace) else { return [.send(failure(message, ErrorText.badNamespace))] }
        return table.contains(message.namespace, room: message.room) ? nil : [.send(emptyReply(message))]
    }

    private mutating func part(_ message: Message) -> SessionAction {
        table.remove(message.namespace, room: message.room)
        return .parted(namespace: message.namespace, room: message.room, forced: false)
    }

    // MARK: replies

    /// `<wait>;;;;;;`. Replies to system events are text, whatever the ask was (protocol section 3).
    private func emptyReply(_ message: Message) -> Message { Message(wait: message.wait) }

    private func failure(_ message: Message, _ text: String) -> Message {
        var failure = message.failure(text)
        failure.isBinary = false
        return failure
    }
}
