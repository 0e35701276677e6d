import Logging
import NIOCore
import NeffosSession

/// From fresh headers to the ack: what makes a connection.
extension Reconnector {
    /// - Parameter tries: 0 for a first connection, which has not been lost before.
    func dial(tries: Int) {
        let step = nextStep()
        guard let freshHeaders = configuration.freshHeaders else { return upgrade(tries: tries, headers: []) }
        let headers = Task {
            do {
                let headers = try await freshHeaders()
                self.loop.execute { self.upgrade(after: step, tries: tries, headers: headers) }
            } catch {
                self.loop.execute { self.dialEnded(step, error) }
            }
        }
        state.value.work = headers
        state.value.headersTimer = loop.scheduleTask(in: TimeAmount(configuration.dialWithin)) {
            headers.cancel()
            self.dialEnded(step, ClientError.dialTimedOut)
        }
    }

    private func upgrade(after step: Int, tries: Int, headers: [(String, String)]) {
        guard step == state.value.step else { return }
        state.value.headersTimer?.cancel()
        upgrade(tries: tries, headers: headers)
    }

    private func upgrade(tries: Int, headers fresh: [(String, String)]) {
        let step = nextStep()
        var headers = configuration.headers + fresh
        if tries > 0 {
            headers.append(("X-Websocket-Reconnect", String(tries)))
            // An id that the server could not have accepted as one is no header either.
            let previous = status.id
            if UpgradeRequest.isIdentity(previous) { headers.append(("X-Websocket-Previous", previous)) }
        }
        let line = state.value.line
        state.value.line = nil
        let dial = dialer.upgrade(over: line, on: loop, within: configuration.dialWithin, headers: headers) { remote in
            self.makeConnection(step, tries: tries, remote: remote)
        }
        state.value.dial = dial
        dial.result.whenComplete { result in
            guard case .failure(let error) = result else { return self.state.value.dial = nil }
            if line != nil, error as? ClientError == .dialTimedOut { self.state.value.avoidsLines = true }
            self.dialEnded(step, error)
        }
    }

    private func makeConnection(_ step: Int, tries: Int, remote: String) -> (Connection, any ChannelHandler & Sendable)? {
        guard step == state.value.step, state.value.connection == nil else { return nil }
        let connection = Connection(id: "", remote: remote, tries: tries, endpoint: endpoint, loop: state.value.context, owner: self)
        state.value.connection = connection
        state.value.membership = []
        // The time for the ack begins before the connection does: in native-only mode it is there at once.
        state.value.ackTimer = loop.scheduleTask(in: TimeAmount(configuration.ackWithin)) { self.ackMissed(connection) }
        let witness = MembershipWitness(connection) { connection, membership in
            if connection === self.state.value.connection { self.state.value.membership = membership }
            self.status.detach(connection)
        }
        return (connection, witness)
    }

    private func ackMissed(_ connection: Connection) {
        guard connection === state.value.connection else { return }
        // A client that closes waits for the end of its connection.
        guard state.value.phase != .closing else { return connection.drop() }
        state.value.connection = nil
        endWatches()
        connection.drop()
        dialFailed(with: ClientError.ackTimedOut)
    }

    private func dialEnded(_ step: Int, _ error: any Error) {
        guard step == state.value.step else { return }
        state.value.connection = nil
        endWatches()
        dialFailed(with: error)
    }

    /// There is no connection of this dial, or none any more.
    func dialFailed(with error: any Error) {
        // What was begun for this dial is over.
        _ = nextStep()
        closeLine()
        switch state.value.phase {
        case .connecting:
            let isPermanent = error as? ClientError == .invalidHeaders
            guard !isPermanent, configuration.reconnect.policy.retriesFirstDial else { return firstFailed(error) }
            state.value.dialError = error
            report(.dialFailed(error, tries: max(1, state.value.machine.tries)))
            input(state.value.machine.state == .connected ? .firstDialFailed : .dialFailed)
        case .running:
            report(.dialFailed(error, tries: state.value.machine.tries))
            input(.dialFailed)
        case .idle, .closing, .ended: break
        }
    }

    /// Tells those who look after the application; nobody waits for this.
    func report(_ problem: ClientProblem) {
        switch problem {
        case .probeFailed, .dialFailed: logger.debug("an attempt to reach the server failed", metadata: ["problem": "\(problem)"])
        case .namespaceLost, .roomLost: logger.warning("not all could be entered again", metadata: ["problem": "\(problem)"])
        }
        configuration.onProblem?(problem)
    }
}
