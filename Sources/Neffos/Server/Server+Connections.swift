import Logging
import NIOCore
import NeffosFeed
import NeffosSession

/// The life of a server's connections, each on its own event loop.
extension Server: ConnectionOwner {
    func makeConnection(_ request: UpgradeRequest, id: String?, isSecure: Bool, loop: LoopContext) -> Connection {
        let previous = request.previous.flatMap { registry.claim($0) ? $0 : nil }
        let info = RequestInfo(target: request.target, headers: request.headers, given: request.given)
        let connection = registry.reserve(id ?? ConnectionID.random()) { id in
            Connection(
                id: id, request: info, identityKey: request.identity, remote: request.remote, tries: request.tries, previous: previous,
                isSecure: isSecure, endpoint: endpoint, loop: loop, owner: self)
        }
        loop.counters.opened += 1
        loop.feed?.publish(
            .connectionOpened(
                .init(
                    connection: connection.id, key: connection.key, previous: previous, remote: connection.remote,
                    userAgent: connection.userAgent, tries: request.tries, tls: isSecure)))
        if request.hasBadTries { connection.violation(kind: "tries", detail: "X-Websocket-Reconnect is no number of tries") }
        if configuration.limits.ackWithin > .zero {
            loop.expectAcknowledgement(of: connection, by: .now() + TimeAmount(configuration.limits.ackWithin))
        }
        return connection
    }

    func decideAcknowledgement(of connection: Connection) {
        if let text = configuration.onConnect.refuse { return connection.perform(connection.machine.refuse(text)) }
        guard let decide = hooks.onConnect else {
            return connection.perform(connection.machine.accept(id: connection.id))
        }
        Task.immediate(executorPreference: connection.loop.executor) {
            do {
                let welcome = try await decide(connection)
                connection.onLoop {
                    connection.perform(connection.machine.accept(id: connection.id))
                    if connection.isAcknowledged { self.welcome(connection, welcome) }
                }
            } catch {
                let text = connection.text(of: error)
                connection.onLoop { connection.perform(connection.machine.refuse(text)) }
            }
        }
    }

    func acknowledged(_ connection: Connection) {
        let after = Int((NIODeadline.now() - connection.openedAt).nanoseconds / 1_000_000)
        connection.loop.feed?.publish(.connectionAcknowledged(connection: connection.id, after: after))
        // Where a hook decides, what follows the ack is its answer.
        guard let decide = hooks.onConnect else {
            let usual = configuration.onConnect
            return welcome(connection, Welcome(connect: usual.connect, join: usual.join))
        }
        guard endpoint.rules.nativeMessages == .only else { return }
        // Native messages know no ack that could be refused (protocol section 2).
        Task.immediate(executorPreference: connection.loop.executor) {
            do {
                _ = try await decide(connection)
                await self.hooks.onConnected?(connection)
            } catch {
                connection.close(.policyViolation, reason: connection.text(of: error))
            }
        }
    }

    private func welcome(_ connection: Connection, _ welcome: Welcome) {
        let onConnected = hooks.onConnected
        guard !welcome.connect.isEmpty || !welcome.join.isEmpty || onConnected != nil else { return }
        Task.immediate(executorPreference: connection.loop.executor) { [logger] in
            func attempt(_ step: () async throws -> Void) async {
                do { try await step() } catch {
                    // A client that says no is not connected, and stays (protocol section 2).
                    logger.debug("a client was not connected or joined", metadata: ["error": "\(error)"])
                }
            }
            for namespace in welcome.connect { await attempt { try await connection.connect(to: namespace) } }
            for (namespace, rooms) in welcome.join.sorted(by: { $0.key < $1.key }) {
                for room in rooms { await attempt { try await connection.join(room, in: namespace) } }
            }
            await onConnected?(connection)
        }
    }

    func refused(_ connection: Connection, text: String) {}

    func broadcast(_ message: Message, from connection: Connection?) { broadcast(message, except: connection) }

    func throttle(_ connection: Connection) { congestion.throttle(connection) }

    func closed(_ connection: Connection, info: CloseInfo) {
        connection.loop.counters.closed += 1
        if connection.isAcknowledged { hooks.onDisconnect?(connection, info) }
        connection.loop.feed?.publish(
            .connectionClosed(
                .init(
                    connection: connection.id, code: Int(info.code.rawValue), reason: info.reason,
                    by: FeedEvent.ClosedBy(rawValue: info.by.rawValue) ?? .network,
                    lived: Int((NIODeadline.now() - connection.openedAt).nanoseconds / 1_000_000),
                    messagesIn: connection.traffic.messagesIn, messagesOut: connection.traffic.messagesOut,
                    bytesIn: connection.traffic.bytesIn, bytesOut: connection.traffic.bytesOut)))
        // After the event: who sees the place free may publish that the server has stopped.
        registry.remove(connection.id, lost: info.isDrop)
        release(connection.address)
    }
}
