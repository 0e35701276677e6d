import NIOCore
import NeffosFeed
import NeffosSession
import NeffosWire
import Synchronization

/// Sending clients away, moving them between namespaces and rooms, and writing to them.
extension Server {
    /// How long a client may take to answer what an operator asks of it.
    static let operatorWaits = Duration.seconds(5)

    // MARK: Kick

    func kick(_ targets: [Connection], code: CloseCode, reason: String, holdOff: Milliseconds) async -> OperatorOutcome {
        // What a close frame can hold; the feed tells the same.
        let reason = OperatorText.cut(reason, to: FrameSerializer.reasonBytes)
        // First: whoever comes back at once finds the door shut.
        let notHeld = holdOff > 0 ? holdOut(targets, for: holdOff) : 0
        let kicked = await visit(targets, atOnce: Self.changedAtOnce) { connection -> Int? in
            guard connection.phase == .open else { return nil }
            connection.close(code, reason: reason, by: .operator)
            return 1
        }.count
        guard kicked > 0 else { return .refused(targets.count == 1 ? "it is closing already" : "they are closing already") }
        var result = kicked == targets.count ? "done" : "\(kicked) of \(targets.count); the others were closing already"
        if notHeld > 0 {
            result += "; \(OperatorText.count(notHeld)) not held out: there is nothing to know the client by, or too many are held out"
        }
        return OperatorOutcome(count: kicked, result: result)
    }

    /// - Returns: how many could not be held out.
    private func holdOut(_ targets: [Connection], for holdOff: Milliseconds) -> Int {
        let now = NIODeadline.now()
        let until = now + .milliseconds(Int64(holdOff))
        let clients = targets.map(\.holdOutClient)
        return holdOuts.withLock { held in
            clients.count { client in
                guard let client else { return true }
                return !held.hold(client, until: until, at: now)
            }
        }
    }

    // MARK: Namespaces and rooms

    enum Move: Sendable {
        case disconnect(String)
        case join(String, String)
        case leave(String, String)
    }

    func move(_ targets: [Connection], _ move: Move) async -> OperatorOutcome {
        OperatorText.outcome(
            of: await ask(targets) { connection in
                do {
                    switch move {
                    case .disconnect(let namespace): try await connection.disconnect(from: namespace, within: Self.operatorWaits)
                    case .join(let namespace, let room):
                        try await connection.connect(to: namespace, within: Self.operatorWaits)
                        try await connection.join(room, in: namespace, within: Self.operatorWaits)
                    case .leave(let namespace, let room): try await connection.leave(room, in: namespace, within: Self.operatorWaits)
                    }
                    return .done
                } catch let error as NeffosError where error.code == .badNamespace || error.code == .badRoom {
                    if case .join = move { return .failed(error.text) }
                    return .absent
                } catch {
                    return .failed(connection.text(of: error))
                }
            }, total: targets.count)
    }

    // MARK: Messages

    func send(_ message: Message, to targets: [Connection]) async -> OperatorOutcome {
        OperatorText.outcome(
            of: await visit(targets, atOnce: Self.changedAtOnce) { connection -> OperatorText.Part? in
                guard connection.phase == .open else { return .failed("it is closing already") }
                if message.isNative {
                    guard connection.machine.takesNative else { return .absent }
                    connection.sendNative(message.body, isBinary: false)
                    return .done
                }
                // A room is not asked for: a client may hear of one before it is in it.
                let actions = connection.machine.emit(message)
                connection.perform(actions, lane: .immediate)
                return actions.isEmpty ? .absent : .done
            }, total: targets.count)
    }

    func broadcastAll(_ message: Message) async -> OperatorOutcome {
        let isForAll = message.isNative && endpoint.rules.nativeMessages == .only
        let count = isForAll ? connectionCount : await memberCount(of: message.namespace, room: message.room)
        guard count > 0 else { return .refused("nobody is there") }
        broadcast(message)
        return OperatorOutcome(count: count)
    }
}
