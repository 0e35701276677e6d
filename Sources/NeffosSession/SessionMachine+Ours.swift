package import NeffosWire

/// What we ask: the asker's side of the table in protocol section 5.
///
/// Each operation ends with exactly one `finish`: with the peer's answer, a refusal, ``expire(_:)`` or ``closed()``. Operations for the
/// same change of the same namespace and room share one ask and its answer.
extension SessionMachine {
    /// Connects to a namespace. The local `Connect` is called first; where it refuses, nothing is sent.
    package mutating func connect(_ namespace: String, operation: OperationID) -> [SessionAction] {
        if let actions = unable(operation) { return actions }
        if table.contains(namespace) { return [.finish(operation, .done(.namespaceConnect, namespace))] }
        if pending.join(.connect, namespace, "", operation) { return [] }
        if let error = namespaceRefusal(namespace) {
            return [.denied(namespace: namespace, error: error), .finish(operation, .refused(error))]
        }
        _ = add(.connect, namespace, operation: operation, isSent: false)
        return [.call(.deciding(.namespaceConnect, namespace, operation: operation))]
    }

    package mutating func disconnect(_ namespace: String, operation: OperationID) -> [SessionAction] {
        if let actions = unable(operation) { return actions }
        guard table.contains(namespace) else { return [.finish(operation, .refused(ErrorText.badNamespace))] }
        return change(.disconnect, .namespaceDisconnect, namespace, operation: operation)
    }

    package mutating func join(_ namespace: String, _ room: String, operation: OperationID) -> [SessionAction] {
        if let actions = unable(operation) { return actions }
        if table.contains(namespace, room: room) { return [.finish(operation, .done(.roomJoin, namespace, room))] }
        if pending.join(.join, namespace, room, operation) { return [] }
        if let error = roomRefusal(namespace, room) {
            return [.deniedRoom(namespace: namespace, room: room, error: error), .finish(operation, .refused(error))]
        }
        return change(.join, .roomJoin, namespace, room, operation: operation)
    }

    package mutating func leave(_ namespace: String, _ room: String, operation: OperationID) -> [SessionAction] {
        if let actions = unable(operation) { return actions }
        guard table.contains(namespace) else { return [.finish(operation, .refused(ErrorText.badNamespace))] }
        guard table.contains(namespace, room: room) else { return [.finish(operation, .refused(ErrorText.badRoom))] }
        return change(.leave, .roomLeave, namespace, room, operation: operation)
    }

    /// Asks, with a wait token of ours in place of the message's. In a room that is not joined nothing is asked: an original server would take
    /// the message but cannot answer there.
    package mutating func ask(_ message: Message, operation: OperationID) -> [SessionAction] {
        if let actions = unable(operation) { return actions }
        guard table.contains(message.namespace) else { return [.finish(operation, .refused(ErrorText.badNamespace))] }
        guard message.room.isEmpty || table.contains(message.namespace, room: message.room) else {
            return [.finish(operation, .refused(ErrorText.badRoom))]
        }
        let token = nextToken()
        pending.addAsk(token, operation)
        var ask = message
        ask.wait = waitToken(token)
        return [.send(ask)]
    }

    /// Sends a plain message; nothing where the namespace is not connected. A wait token that the message has is somebody else's and stays
    /// behind (protocol section 3): a reply goes out as it is, not through here.
    package mutating func emit(_ message: Message) -> [SessionAction] {
        guard !isClosed, isAcknowledged, table.contains(message.namespace) else { return [] }
        var emit = message
        emit.wait = .none
        return [.send(emit)]
    }

    /// The operation's time is over, or its asker has gone. What still comes for it is a late arrival.
    package mutating func expire(_ operation: OperationID) -> [SessionAction] {
        pending.expire(operation) ? [.finish(operation, .expired)] : []
    }

    // MARK: what stands in the way

    /// Why we cannot be in the namespace: undeclared, or one too many. A pending connect has its place already.
    func namespaceRefusal(_ namespace: String) -> String? {
        guard rules.declaredNamespaces.contains(namespace) else { return ErrorText.badNamespace }
        guard rules.namespacesPerConnection > 0 else { return nil }
        let coming = pending.changes.count {
            $0.kind == .connect && $0.namespace != namespace && !table.contains($0.namespace)
        }
        return table.count + coming < rules.namespacesPerConnection ? nil : ErrorText.limitReached
    }

    /// Why we cannot be in the room: its namespace is not connected, it has no name, or it is one too many. A pending join has its place.
    func roomRefusal(_ namespace: String, _ room: String) -> String? {
        guard table.contains(namespace) else { return ErrorText.badNamespace }
        guard !room.isEmpty else { return ErrorText.badRoom }
        // As many rooms as there may be are kept: their names are bounded too.
        guard room.utf8.count <= rules.roomNameBytes else { return ErrorText.limitReached }
        guard rules.roomsPerConnection > 0 else { return nil }
        let coming = pending.changes.count {
            $0.kind == .join && !($0.namespace == namespace && $0.room == room) && !table.contains($0.namespace, room: $0.room)
        }
        return table.roomCount + coming < rules.roomsPerConnection ? nil : ErrorText.limitReached
    }

    private func unable(_ operation: OperationID) -> [SessionAction]? {
        if isClosed { return [.finish(operation, .closed)] }
        guard isAcknowledged else { return [.finish(operation, .refused(ErrorText.notAcknowledged))] }
        return rules.nativeMessages == .only ? [.finish(operation, .refused(ErrorText.badNamespace))] : nil
    }

    // MARK: asking

    private mutating func change(
        _ kind: PendingAsks.Change.Kind, _ event: SystemEvent, _ namespace: String, _ room: String = "", operation: OperationID
    ) -> [SessionAction] {
        if pending.join(kind, namespace, room, operation) { return [] }
        let token = add(kind, namespace, room, operation: operation, isSent: true)
        return [.send(Message(wait: waitToken(token), namespace: namespace, room: room, event: event.rawValue))]
    }

    private mutating func add(
        _ kind: PendingAsks.Change.Kind, _ namespace: String, _ room: String = "", operation: OperationID, isSent: Bool
    ) -> UInt64 {
        let token = nextToken()
        pending.add(
            PendingAsks.Change(
                token: token, kind: kind, namespace: namespace, room: room, isSent: isSent, origin: operation, waiting: [operation]))
        return token
    }

    /// The local `Connect` has decided on a connect of ours.
    mutating func resolveConnect(_ call: HandlerCall, _ operation: OperationID, refusal: String?) -> [SessionAction] {
        guard let connect = pending.undecidedConnect(call.namespace, origin: operation) else { return [] }
        // The peer may have connected us meanwhile.
        if table.contains(connect.namespace) {
            pending.removeChange(connect.token)
            return finish(connect, .done(.namespaceConnect, connect.namespace))
        }
        if let refusal {
            pending.removeChange(connect.token)
            return [.denied(namespace: connect.namespace, error: refusal)] + finish(connect, .refused(refusal))
        }
        pending.markSent(connect.token)
        let event = SystemEvent.namespaceConnect.rawValue
        return [.send(Message(wait: waitToken(connect.token), namespace: connect.namespace, event: event))]
    }

    private mutating func nextToken() -> UInt64 {
        lastToken += 1
        return lastToken
    }

    private func waitToken(_ number: UInt64) -> WaitToken {
        switch rules.role {
        case .client: WaitToken(client: number)
        case .server: WaitToken(server: number)
        }
    }

    // MARK: answers

    /// The consequences of the answer to our ask `token`; nil where nobody waits for it. The peer's own requests may have changed the
    /// membership since we asked: then there is nothing left to do but to finish.
    mutating func answer(_ token: UInt64, _ message: Message) -> [SessionAction]? {
        let outcome: SessionOutcome = message.isError ? .refused(message.text) : .success(message)
        if let operation = pending.takeAsk(token) { return [.finish(operation, outcome)] }
        guard let change = pending.takeChange(token) else { return nil }
        let namespace = change.namespace
        let room = change.room
        if message.isError { return refused(change, message.text) }
        switch change.kind {
        case .connect:
            guard !table.contains(namespace) else { break }
            table.add(namespace)
            return [.entered(namespace: namespace), .call(.told(.namespaceConnected, namespace))] + finish(change, outcome)
        case .disconnect:
            guard table.contains(namespace) else { break }
            return forcedLeaves(namespace, table.remove(namespace), isLocal: true)
                + [.left(namespace: namespace, forced: false), .call(.told(.namespaceDisconnect, namespace))] + finish(change, outcome)
        case .join:
            guard table.contains(namespace) else { return refused(change, ErrorText.badNamespace) }
            guard !table.contains(namespace, room: room) else { break }
            table.add(namespace, room: room)
            return [
                .call(.told(.roomJoin, namespace, room)), .joined(namespace: namespace, room: room),
                .call(.told(.roomJoined, namespace, room)),
            ] + finish(change, outcome)
        case .leave:
            guard table.contains(namespace, room: room) else { break }
            table.remove(namespace, room: room)
            return [
                .call(.told(.roomLeave, namespace, room)), .parted(namespace: namespace, room: room, forced: false),
                .call(.told(.roomLeft, namespace, room)),
            ] + finish(change, outcome)
        }
        return finish(change, outcome)
    }

    private func refused(_ change: PendingAsks.Change, _ error: String) -> [SessionAction] {
        let finished = finish(change, .refused(error))
        switch change.kind {
        case .connect: return [.denied(namespace: change.namespace, error: error)] + finished
        case .join: return [.deniedRoom(namespace: change.namespace, room: change.room, error: error)] + finished
        case .disconnect, .leave: return finished
        }
    }

    private func finish(_ change: PendingAsks.Change, _ outcome: SessionOutcome) -> [SessionAction] {
        change.waiting.map { .finish($0, outcome) }
    }
}

extension SessionOutcome {
    /// Success without an ask: it was so already.
    fileprivate static func done(_ event: SystemEvent, _ namespace: String, _ room: String = "") -> SessionOutcome {
        .success(Message(namespace: namespace, room: room, event: event.rawValue))
    }
}
