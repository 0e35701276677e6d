import NIOCore
import Neffos

/// What each command does.
extension DialRun {
    /// - Returns: Why it did not work.
    func perform(_ step: DialStep, on client: Client) async -> String? {
        // Whether it was away before anything was asked, and so the server has heard nothing of it.
        let wasAway = client.connection == nil && !client.isClosed
        do {
            switch step {
            case .connect(let namespace):
                guard namespaces.contains(namespace) else {
                    return "connect \(namespace): this client did not declare it; start it with --namespace \(namespace)"
                }
                try await client.connect(to: namespace)
            case .disconnect(let namespace): try await client.disconnect(from: namespace)
            case .join(let namespace, let room): try await client.namespace(namespace).join(room)
            case .leave(let namespace, let room): try await client.namespace(namespace).leave(room)
            case .emit(let namespace, let room, let event, let body):
                let message = try message(namespace, room, event, body)
                if let problem = await whyNot(message, client) { return "\(step.name): \(problem)" }
                guard client.emit(message) else { return "emit: the connection is away, so nothing was sent; try again once it is back" }
            case .ask(let namespace, let room, let event, let body):
                printer.reply(try await client.ask(try message(namespace, room, event, body)))
            case .wait(let wait?):
                guard await printer.mailbox.wait(for: wait, within: timeout) else {
                    return "\(step.name): \(whyItDidNotCome(client))"
                }
            case .wait(nil):
                guard await isConnected(client) else {
                    if client.isClosed { return "wait: the connection has ended; dial again" }
                    return "wait: the connection did not come back in time; give it more with --timeout"
                }
            case .sleep(let time): try await Task.sleep(for: time.duration)
            case .rooms:
                for namespace in await client.namespaces {
                    printer.room(namespace, nil)
                    for room in await client.rooms(in: namespace) { printer.room(namespace, room) }
                }
            case .help: printer.help()
            case .quit: break
            }
            return nil
        } catch {
            return "\(step.name): \(text(of: error, at: step, wasAway: wasAway))"
        }
    }

    private func text(of error: any Error, at step: DialStep, wasAway: Bool) -> String {
        if wasAway, (error as? NeffosError)?.code == .writeClosed { return "the connection is away; try again once it is back" }
        let lost = configuration.reconnect == .never ? "dial again" : "try again once it is back"
        return step.wish.flatMap { ProtocolWords(error, of: $0, lost: lost) }?.text ?? "\(error)"
    }

    private func message(_ namespace: String, _ room: String, _ event: String, _ body: String) throws(ValueError) -> Message {
        let (body, isBinary) = try DialBody.read(body)
        return Message(namespace: namespace, room: room, event: event, isBinary: isBinary, body: body)
    }

    /// An event is sent without an answer: what would only be dropped is told here.
    private func whyNot(_ message: Message, _ client: Client) async -> String? {
        guard await client.isConnected(to: message.namespace) else {
            return "not in that namespace; connect \(message.namespace) first"
        }
        let rooms = await client.rooms(in: message.namespace)
        if !message.room.isEmpty, !rooms.contains(message.room) {
            return "not in that room; join \(message.namespace) \(message.room) first"
        }
        return nil
    }

    private func whyItDidNotCome(_ client: Client) -> String {
        if client.isClosed { return "the connection has ended before it came; dial again" }
        if client.connection != nil { return "it did not come in time; give it more with --timeout" }
        return "the connection is away, so it did not come in time; check that the server runs, or give it more with --timeout"
    }

    private func isConnected(_ client: Client) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await state in client.states {
                    if case .connected = state { return true }
                    if !state.isOpen { return false }
                }
                return false
            }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
    }
}
