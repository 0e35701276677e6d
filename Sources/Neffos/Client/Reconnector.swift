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
    let status: ClientStatus
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
        /// Ends the wait before an attempt.
        var waitTimer: Scheduled<Void>?
        var probe: Dial<HTTPLine?>?
        var dial: Dial<Void>?
        /// Where the last probe was answered, until the dial after it takes it.
        var line: HTTPLine?
        /// A server, or what is between, kept a probe's line open and then did not answer on it: none is used until the next ack.
        var avoidsLines = false
        /// What is being entered again right now.
        var entering: Restoration.Entry?
        /// Whether that is only being asked for: an outcome that comes now comes within the call.
        var isAsking = false
        /// Those who wait for the outcome, to leave it again.
        var leaving: [CheckedContinuation<Void, Never>] = []
        /// Watches for fresh headers.
        var headersTimer: Scheduled<Void>?
        /// Watches for the ack.
        var ackTimer: Scheduled<Void>?
        var heartbeat: RepeatedTask?
        /// How the last connection ended, and what the server refused with.
        var lastEnd = CloseInfo(code: .abnormal, reason: "connection lost", by: .network)
        var refusal = ""
        /// Why the last dial failed.
        var dialError: (any Error)?
        /// Who waits for the first ack, for a connection, and for the end.
        var connecting: ClientWaiter<Void>?
        var waiting: [Waiting] = []
        var closing: [CheckedContinuation<Void, Never>] = []
    }

    enum Phase {
        case idle
        /// Not acknowledged yet; where the first dial is tried again, the machine decides.
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
        status = ClientStatus(trace: configuration.trace)
        let machine = ReconnectMachine(policy: configuration.reconnect.policy)
        state = NIOLoopBoundBox.makeBoxSendingValue(State(context: LoopContext(loop: loop, feed: nil), machine: machine), eventLoop: loop)
    }

    // MARK: The first connection

    func connect() async throws {
        try Task.checkCancellation()
        let waiter = ClientWaiter<Void>()
        loop.execute { self.begin(waiter) }
        try await waiter.value {
            self.loop.execute {
                // Another call's dial is not ours to give up.
                if self.state.value.connecting === waiter { self.firstFailed(CancellationError()) }
            }
        }
    }

    private func begin(_ waiter: ClientWaiter<Void>) {
        switch state.value.phase {
        case .idle:
            state.value.phase = .connecting
            state.value.connecting = waiter
            status.publish(.connecting)
            dial(tries: 0)
        case .connecting, .running: waiter.resume(.failure(ClientError.alreadyConnected))
        case .closing, .ended: waiter.resume(.failure(ClientError.ended))
        }
    }

    /// It may be tried again by another call.
    func firstFailed(_ error: any Error) {
        guard state.value.phase == .connecting else { return }
        state.value.phase = .idle
        giveUpWork()
        endWatches()
        state.value.connection?.drop()
        state.value.connection = nil
        state.value.machine = ReconnectMachine(policy: configuration.reconnect.policy)
        status.publish(.idle)
        let waiter = state.value.connecting
        state.value.connecting = nil
        waiter?.resume(.failure(error))
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
        state.value.avoidsLines = false
        configuration.trace?(.acknowledged)
        status.attach(connection, id: connection.id, away: phase == .running ? Set(state.value.machine.snapshot.map(\.namespace)) : [])
        state.value.phase = .running
        input(.acknowledged)
        resumeWaiting(with: connection)
        let waiter = state.value.connecting
        state.value.connecting = nil
        waiter?.resume(.success(()))
    }

    func refused(_ connection: Connection, text: String) {
        guard connection === state.value.connection else { return }
        state.value.refusal = text
        // The server closes next; where it does not, our close frame's deadline does.
        state.value.connection = nil
        endWatches()
        connection.close()
        if state.value.phase == .connecting {
            let error = endpoint.errors.error(for: text)
            return firstFailed(error is NeffosError ? ClientError.refused(text) : error)
        }
        if state.value.phase == .closing { return end(.requested) }
        input(.dialRefused)
    }

    func closed(_ connection: Connection, info: CloseInfo) {
        status.detach(connection)
        guard connection === state.value.connection else { return }
        state.value.connection = nil
        state.value.lastEnd = info
        endWatches()
        if connection.isAcknowledged { status.ended(info) }
        switch state.value.phase {
        case .connecting:
            let error = ClientError.closedBeforeAck(info)
            if ReconnectMachine.comesBack(after: info.code) { dialFailed(with: error) } else { firstFailed(error) }
        case .running:
            giveUpWork()
            if !connection.isAcknowledged {
                report(.dialFailed(ClientError.closedBeforeAck(info), tries: state.value.machine.tries))
            }
            input(.dropped(info.code, membership: state.value.membership))
        case .closing: end(.requested)
        case .idle, .ended: break
        }
    }

    // MARK: Watching

    private func startHeartbeat() {
        let every = TimeAmount(configuration.heartbeat.every)
        guard every > .zero else { return }
        // A client's wheel has one slot: its only connection is looked at each time.
        let period = min(max(every, .milliseconds(100)), .seconds(1))
        state.value.heartbeat = loop.scheduleRepeatedTask(initialDelay: period, delay: period) { _ in
            self.state.value.context.tick()
        }
    }

    func endWatches() {
        state.value.headersTimer?.cancel()
        state.value.headersTimer = nil
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
        state.value.waitTimer?.cancel()
        state.value.waitTimer = nil
        state.value.probe?.abandon()
        state.value.probe = nil
        state.value.dial?.abandon()
        state.value.dial = nil
        closeLine()
    }

    /// What a probe was answered on is not used.
    func closeLine() {
        state.value.line?.close()
        state.value.line = nil
    }
}
