package import NIOCore
import NeffosWire

/// The neffos session of one connection, for a server or a client: ack, namespaces, rooms and what is asked (protocol sections 2 to 6).
///
/// It does nothing itself: each input gives the actions that the engine carries out, in order. Membership changes when the actions are
/// given, not when they are carried out. A peer's mistake becomes a violation, a late answer is dropped and counted in ``lateAnswers``.
package struct SessionMachine {
    let rules: SessionRules
    var ack = AckMachine()
    var table = NamespaceTable()
    var pending = PendingAsks()
    /// The number of the wait token given last.
    var lastToken: UInt64 = 0
    var isClosed = false
    /// Answers that came when nobody waited for them any more.
    package internal(set) var lateAnswers: UInt32 = 0

    package init(rules: SessionRules) { self.rules = rules }

    package var isAcknowledged: Bool { ack.state == .acknowledged }

    /// Whether the peer has asked for the ack, and it is ours to decide.
    package var isDeciding: Bool { ack.state == .deciding }

    /// The connection's id, empty before the ack and in native-only mode.
    package var id: String { ack.id }

    /// In order of connecting.
    package var namespaces: [String] { table.entries.map(\.namespace) }

    /// In order of joining; empty where the namespace is not connected.
    package func rooms(in namespace: String) -> [String] { table.rooms(in: namespace) }

    package func isConnected(_ namespace: String) -> Bool { table.contains(namespace) }

    package func isJoined(_ namespace: String, _ room: String) -> Bool { table.contains(namespace, room: room) }

    /// Whether native messages may come and go: among others they belong to the namespace `""`, and whoever its `Connect` refuses is refused
    /// them too.
    package var takesNative: Bool {
        switch rules.nativeMessages {
        case .none: false
        case .mixed: table.contains("")
        case .only: isAcknowledged
        }
    }

    /// What a client's reconnect comes back to. To be read before ``closed()``, which empties it.
    package var membership: [Membership] { table.entries }

    /// Whether anything of ours awaits an answer.
    package var hasPendingOperations: Bool { !pending.isEmpty }

    /// The transport is open: a client asks for the ack; native-only connections need none.
    package mutating func opened() -> [SessionAction] {
        guard !isClosed, ack.state == .awaiting else { return [] }
        if rules.nativeMessages == .only { return ack.complete(id: "") }
        return rules.role == .client ? [.sendText(AckCodec.write(.request))] : []
    }

    /// Server, after `decideAcknowledgement`: the client is accepted under `id`. `A` goes out before any reply to an early frame.
    package mutating func accept(id: String) -> [SessionAction] {
        guard !isClosed, ack.state == .deciding else { return [] }
        return [.sendText(AckCodec.write(.accepted(id: id)))] + ack.complete(id: id)
    }

    /// Server, after `decideAcknowledgement`: the client is refused with an error text and closed with 1008.
    package mutating func refuse(_ text: String) -> [SessionAction] {
        guard !isClosed, ack.state == .deciding else { return [] }
        ack.fail()
        return [.sendText(AckCodec.write(.refused(text))), .close(.policyViolation, reason: text)]
    }

    /// Takes a whole text or binary message's payload. No handler of this connection may be running.
    package mutating func receive(_ payload: ByteBuffer, isBinary: Bool) -> SessionStep {
        guard !isClosed else { return .ignore }
        guard ack.state == .acknowledged else {
            let actions = ack.receive(payload, isBinary: isBinary, rules: rules)
            return actions.isEmpty ? .ignore : .actions(actions)
        }
        if rules.nativeMessages == .only { return .deliverNative(native(payload, isBinary: isBinary)) }
        let message: Message
        do {
            message = try MessageCodec.parse(payload, isBinary: isBinary)
        } catch {
            if takesNative { return .deliverNative(native(payload, isBinary: isBinary)) }
            return .actions([.violation(kind: ViolationKind.invalidPayload, detail: error.detail)])
        }
        if !message.wait.isNone, case .ours(let token) = TokenOwner(of: message.wait.bytes, role: rules.role) {
            return receiveAnswer(token, message)
        }
        if let event = message.systemEvent { return receiveRequest(event, message) }
        // The hot path: the message is moved on, not copied.
        let standing = table.standing(message.namespace, message.room)
        return standing == .inRoom ? .deliver(consume message) : receiveStray(message, isInNamespace: standing == .inNamespace)
    }

    /// Takes a payload while a handler is running, if it answers an operation of ours; else nil, and it must be received later.
    package mutating func receiveAnswer(_ payload: ByteBuffer, isBinary: Bool) -> [SessionAction]? {
        guard !isClosed, !pending.isEmpty, ack.state == .acknowledged, rules.nativeMessages != .only,
            case .ours(let token?) = TokenOwner(of: payload, role: rules.role), pending.contains(token),
            let message = try? MessageCodec.parse(payload, isBinary: isBinary)
        else { return nil }
        return answer(token, message)
    }

    /// The connection is gone, however it went. Pending operations end first, so that a handler that waits for one of them cannot hold up
    /// the forced leaves and disconnects that follow. Nothing comes of a second call.
    package mutating func closed() -> [SessionAction] {
        guard !isClosed else { return [] }
        isClosed = true
        ack.dropEarlyFrames()
        var actions = pending.removeAll().map { SessionAction.finish($0, .closed) }
        for membership in table.removeAll() {
            actions += forcedLeaves(membership.namespace, membership.rooms, isLocal: true)
            actions.append(.left(namespace: membership.namespace, forced: true))
            actions.append(.call(.told(.namespaceDisconnect, membership.namespace, isLocal: true, isForced: true)))
        }
        return actions
    }

    /// The leaves of all `rooms` of a namespace that is left (protocol section 5).
    func forcedLeaves(_ namespace: String, _ rooms: [String], isLocal: Bool) -> [SessionAction] {
        rooms.flatMap { room -> [SessionAction] in
            [
                .call(.told(.roomLeave, namespace, room, isLocal: isLocal, isForced: true)),
                .parted(namespace: namespace, room: room, forced: true),
                .call(.told(.roomLeft, namespace, room, isLocal: isLocal, isForced: true)),
            ]
        }
    }

    private mutating func receiveAnswer(_ token: UInt64?, _ message: Message) -> SessionStep {
        if let token, let actions = answer(token, message) { return .immediate(actions) }
        if let event = message.systemEvent, event.isLocalOnly { return forged(event) }
        lateAnswers &+= 1
        return .ignore
    }

    /// A user's event from outside its namespace or room. An error is never answered with another, or two peers could go on for ever.
    private mutating func receiveStray(_ message: Message, isInNamespace: Bool) -> SessionStep {
        if !message.isError {
            return .actions([.send(message.failure(isInNamespace ? ErrorText.badRoom : ErrorText.badNamespace))])
        }
        if isInNamespace { return .deliver(message) }
        lateAnswers &+= 1
        return .ignore
    }

    func forged(_ event: SystemEvent) -> SessionStep {
        .actions([.violation(kind: ViolationKind.forgedEvent, detail: event.rawValue)])
    }

    private func native(_ payload: ByteBuffer, isBinary: Bool) -> Message {
        Message(event: SystemEvent.nativeMessage.rawValue, isBinary: isBinary, body: payload)
    }
}

extension Message {
    /// The system event that this message names. A user's event costs one byte's comparison.
    fileprivate var systemEvent: SystemEvent? {
        event.utf8.first == UInt8(ascii: "_") ? SystemEvent(rawValue: event) : nil
    }
}
