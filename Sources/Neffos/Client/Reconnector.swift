import Logging
import NIOCore
import NeffosSession
import NeffosWire

/// The engine of a ``Client``: dials, notices what becomes of the connection, and carries out the way back (protocol section 7).
///
/// What it does next is for ``ReconnectMachine`` to say. All of its state is in ``state``, which belongs to the client's loop.
final class Reconnector: Sendable, ConnectionOwner {
    let loop: any EventLoop
    let endpoint: Endpoint
    let dialer: Dialer
    let configuration: ClientConfiguration
    let environment: ClientEnvironment
    let logger: Logger
    let status = ClientStatus()
    let state: NIOLoopBoundBox<State>

    struct State {
        let context: LoopContext
        var machine: ReconnectMachine
        var phase = Phase.idle
        /// From the upgrade until it is gone.
        var connection: Connection?
        /// What `connection` was in when its channel ended.
        var membership: [Membership] = []
        /// Counts what was begun, so that the outcome of what was given up is told from that of what goes on.
        var step = 0
        var work: Task<Void, Never>?
        var dial: Dial<Void>?
        /// Watches for the ack.
        var ackTimer: Scheduled<Void>?
        var heartbeat: RepeatedTask?
        /// How the last connection ended, and what the server refused with.
        var lastEnd = CloseInfo(code: .abnormal, reason: "connection lost", by: .network)
        var refusal = ""
        /// Who waits for the first ack, and for the end.
        var connecting: CheckedContinuation<Void, any Error>?
        var closing: [CheckedContinuation<Void, Never>] = []
    }

    enum Phase {
        case idle
        /// The first dial.
        case connecting
        /// Acknowledged once; the machine decides.
        case running
        /// Our side closes.
        case closing
        case ended
    }

    init(
        loop: any EventLoop, endpoint: Endpoint, dialer: Dialer, configuration: ClientConfiguration, environment: ClientEnvironment,
        logger: Logger
    ) {
        self.loop = loop
        self.endpoint = endpoint
        self.dialer = dialer
        self.configuration = configuration
        self.environment = environment
        self.logger = logger
        let policy = configuration.reconnect.policy
        let context = LoopContext(loop: loop, feed: nil)
        context.wheel.configure(seconds: Int(clamping: configuration.heartbeat.every.components.seconds))
        state = NIOLoopBoundBox.makeBoxSendingValue(State(context: context, machine: ReconnectMachine(policy: policy)), eventLoop: loop)
    }

    // MARK: The first connection

    func connect() async throws {
        try await withTaskCancellationHandler {
            try Task.checkCancellation()
            try await withCheckedThrowingContinuation { continuation in
                loop.execute { self.begin(continuation) }
            }
        } onCancel: {
            loop.execute { self.firstFailed(CancellationError()) }
        }
    }

    private func begin(_ continuation: CheckedContinuation<Void, any Error>) {
        switch state.value.phase {
        case .idle:
            state.value.phase = .connecting
            state.value.connecting = continuation
            status.publish(.connecting)
            dial(tries: 0)
        case .connecting, .running: continuation.resume(throwing: ClientError.alreadyConnected)
        case .closing, .ended: continuation.resume(throwing: ClientError.ended)
        }
    }

    func firstFailed(_ error: any Error) {
        guard state.value.phase == .connecting else { return }
        state.value.phase = .idle
        giveUpWork()
        endWatches()
        state.value.connection?.drop()
        state.value.connection = nil
        status.publish(.idle)
        state.value.connecting?.resume(throwing: error)
        state.value.connecting = nil
    }

    // MARK: Dialing

    /// - Parameter tries: 0 for the first connection, which says nothing of tries.
    func dial(tries: Int) {
        let step = nextStep()
        guard let freshHeaders = configuration.freshHeaders else { return upgrade(step, tries: tries, headers: []) }
        state.value.work = Task {
            do {
                let headers = try await freshHeaders()
                self.loop.execute { self.upgrade(step, tries: tries, headers: headers) }
            } catch {
                self.loop.execute { self.dialEnded(step, error) }
            }
        }
    }

    private func upgrade(_ step: Int, tries: Int, headers fresh: [(String, String)]) {
        guard step == state.value.step else { return }
        var headers = configuration.headers + fresh
        if tries > 0 {
            headers.append(("X-Websocket-Reconnect", String(tries)))
            // An id that the server could not have accepted as one is no header either.
            let previous = status.id
            if UpgradeRequest.isIdentity(previous) { headers.append(("X-Websocket-Previous", previous)) }
        }
        let dial = dialer.upgrade(on: loop, within: configuration.dialWithin, headers: headers) { remote in
            self.makeConnection(step, remote: remote)
        }
        state.value.dial = dial
        dial.result.whenFailure { self.dialEnded(step, $0) }
    }

    private func makeConnection(_ step: Int, remote: String) -> (Connection, any ChannelHandler & Sendable)? {
        guard step == state.value.step, state.value.connection == nil else { return nil }
        let connection = Connection(id: "", remote: remote, endpoint: endpoint, loop: state.value.context, owner: self)
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

    private func dialEnded(_ step: Int, _ error: any Error) {
        guard step == state.value.step else { return }
        state.value.connection = nil
        endWatches()
        switch state.value.phase {
        case .connecting: firstFailed(error)
        case .running:
            logger.debug("the dial failed", metadata: ["error": "\(error)"])
            input(.dialFailed)
        case .idle, .closing, .ended: break
        }
    }

    private func ackMissed(_ connection: Connection) {
        guard connection === state.value.connection else { return }
        if state.value.phase == .connecting { return firstFailed(ClientError.ackTimedOut) }
        connection.drop()
    }

    // MARK: The connection's owner

    func decideAcknowledgement(of connection: Connection) {}

    /// A client has nobody to broadcast to.
    func broadcast(_ message: Message, from connection: Connection?) {}

    func acknowledged(_ connection: Connection) {
        guard connection === state.value.connection else { return }
        state.value.ackTimer?.cancel()
        state.value.ackTimer = nil
        startHeartbeat()
        let phase = state.value.phase
        guard phase == .connecting || phase == .running else { return }
        status.attach(connection, id: connection.id, away: phase == .running ? Set(state.value.machine.snapshot.map(\.namespace)) : [])
        if phase == .running { return input(.acknowledged) }
        state.value.phase = .running
        status.publish(.connected(connection.id))
        state.value.connecting?.resume()
        state.value.connecting = nil
    }

    func refused(_ connection: Connection, text: String) {
        guard connection === state.value.connection else { return }
        state.value.refusal = text
        // The server closes next; where it does not, our close frame's deadline does.
        state.value.connection = nil
        endWatches()
        connection.close()
        if state.value.phase == .connecting { return firstFailed(ClientError.refused(text)) }
        if state.value.phase == .closing { return end(.requested) }
        input(.dialRefused)
    }

    func closed(_ connection: Connection, info: CloseInfo) {
        status.detach(connection)
        guard connection === state.value.connection else { return }
        state.value.connection = nil
        state.value.lastEnd = info
        endWatches()
        switch state.value.phase {
        case .connecting: firstFailed(ClientError.closedBeforeAck(info))
        case .running:
            giveUpWork()
            input(.dropped(info.code, membership: state.value.membership))
        case .closing: end(.requested)
        case .idle, .ended: break
        }
    }

    // MARK: Watching

    private func startHeartbeat() {
        guard configuration.heartbeat.every > .zero else { return }
        state.value.heartbeat = loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            self.state.value.context.tick()
        }
    }

    func endWatches() {
        state.value.ackTimer?.cancel()
        state.value.ackTimer = nil
        state.value.heartbeat?.cancel()
        state.value.heartbeat = nil
    }

    // MARK: Steps

    func nextStep() -> Int {
        state.value.step += 1
        return state.value.step
    }

    /// What was begun and goes on by itself has no consequences any more.
    func giveUpWork() {
        _ = nextStep()
        state.value.work?.cancel()
        state.value.work = nil
        state.value.dial?.abandon()
        state.value.dial = nil
    }
}
