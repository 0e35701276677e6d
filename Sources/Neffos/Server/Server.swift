public import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
public import NeffosFeed
import NeffosSession
public import ServiceLifecycle
import Synchronization

/// A neffos server: takes clients in at one endpoint, and gives what they send to its handlers.
///
/// ```swift
/// let server = Server(configuration: .init(), handlers: .defaultRelay, logger: logger)
/// try await server.run()
/// ```
///
/// Several endpoints can share one address (``start(with:)``), and one can live in an HTTP server of one's own (``start(on:)``).
public final class Server: Service {
    /// What it was made with, whatever ``reconfigure(limits:origins:tls:)`` has changed since; `limits.connections` clamped to the file descriptors that the process may have.
    public let configuration: ServerConfiguration
    let hooks: ServerHooks
    let logger: Logger
    let feed: EventFeed?
    /// What connections begin with; replaced when the limits change.
    let current: Mutex<Current>
    let registry = ConnectionRegistry()
    let admission: Mutex<Admission>
    let running = Mutex<Running?>(nil)
    let congestion = Congestion()
    let holdOuts = Mutex(HoldOuts())
    /// The connections whose messages are shown.
    let taps = Mutex<Set<ObjectIdentifier>>([])
    /// The one that is under way.
    let drilling = Mutex<Task<OperatorOutcome, Never>?>(nil)
    /// Tells ``run()`` that an operator wants an end.
    let drainLatch = DrainLatch()
    /// The stop that is under way, or over.
    private let stopping = Mutex<Task<Void, Never>?>(nil)
    private let parameters: ParameterHeaders
    let edge: Edge

    /// What there is from the start on.
    struct Running: Sendable {
        let host: ServerHost
        let url: String
        let contexts: [ObjectIdentifier: NIOLoopBound<LoopContext>]
        let loops: [any EventLoop]
        let broadcaster: Broadcaster
        let ticks: [RepeatedTask]
        let sampler: Sampler?
        /// Endpoints that share our address, and stop with us.
        let others: [Server]
    }

    /// - Parameters:
    ///   - configuration: how it listens, whom it takes and what it bounds.
    ///   - handlers: the namespaces that can be connected to and their events.
    ///   - hooks: what the application decides and hears beside them.
    ///   - feed: where events go; nothing is built for it while nobody listens. A feed is one server's.
    ///   - logger: told of what an operator should know.
    public init(
        configuration: ServerConfiguration, handlers: EventHandlers, hooks: ServerHooks = ServerHooks(), feed: EventFeed? = nil,
        logger: Logger
    ) {
        var configuration = configuration
        configuration.limits.connections = Descriptors.clamp(connections: configuration.limits.connections, logger: logger)
        self.configuration = configuration
        self.hooks = hooks
        self.feed = feed
        self.logger = logger
        let limits = configuration.limits
        let rules = SessionRules(
            role: .server, declaredNamespaces: handlers.declaredNamespaces, nativeMessages: handlers.nativeMessages,
            namespacesPerConnection: limits.namespacesPerConnection, roomsPerConnection: limits.roomsPerConnection)
        let endpoint = Endpoint(
            rules: rules, handlers: handlers, messageBytes: limits.messageBytes, outboxBytes: limits.outboxBytes,
            heartbeatEvery: TimeAmount(configuration.heartbeat.every), heartbeatTimeout: TimeAmount(configuration.heartbeat.timeout),
            logger: logger)
        current = Mutex(Current(limits: limits, endpoint: endpoint))
        parameters = ParameterHeaders(additional: configuration.parameterHeaders + (configuration.identity.header.map { [$0] } ?? []))
        edge = Edge(configuration)
        admission = Mutex(Admission(limits: .init(limits)))
    }

    /// Where clients connect, once the server was started; in an HTTP server of one's own, the endpoint's path.
    public var url: String { running.withLock { $0?.url } ?? "" }

    /// Places that are taken, or held for those whose probe was answered.
    package var places: Int { admission.withLock { $0.places(at: .now()) } }

    /// Tells whom an earlier run of this server lost: a client that names one of these ids as its last is believed.
    public func rememberLost(_ ids: some Sequence<String>) { registry.rememberLost(ids) }

    // MARK: Running

    /// Starts, if that was not done yet, serves until a graceful shutdown is asked for, an operator drains it or the task is cancelled, and
    /// stops.
    ///
    /// - Throws: like ``start()``.
    public func run() async throws {
        if running.withLock({ $0 == nil }) { try await start() }
        await withTaskGroup { group in
            group.addTask { try? await gracefulShutdown() }
            group.addTask { [drainLatch] in await drainLatch.wait() }
            await group.next()
            group.cancelAll()
        }
        // In a task of its own: this one may have been cancelled, and could wait for nothing any more.
        await Task { await shutdown(grace: configuration.grace) }.value
    }

    /// Answers no more probes, closes all connections with 1001 once their outboxes are empty, and stops; the endpoints that share the
    /// address stop with it. A second call waits for the end of the first.
    ///
    /// - Parameters:
    ///   - grace: how long that may take; then what is left is cut.
    ///   - reason: what clients and the feed are told.
    public func shutdown(grace: Duration, reason: String = "shutdown") async { await beginShutdown(grace: grace, reason: reason)?.value }

    /// From here on the stop is this one, with its reason: another that comes meanwhile only waits for it.
    ///
    /// - Returns: when it is over; nil where there was nothing to stop.
    @discardableResult
    func beginShutdown(grace: Duration, reason: String) -> Task<Void, Never>? {
        stopping.withLock { stopping in
            let current = running.withLock { running in
                defer { running = nil }
                return running
            }
            // Nothing to stop: it is being done, or was.
            guard let current else { return stopping }
            let task = Task { await stop(current, grace: grace, reason: reason) }
            stopping = task
            return task
        }
    }

    private func stop(_ current: Running, grace: Duration, reason: String) async {
        let others = current.others.compactMap { other in
            let theirs = other.running.withLock { running in
                defer { running = nil }
                return running
            }
            return theirs.map { (server: other, running: $0) }
        }
        let all = [(server: self, running: current)] + others
        for (server, running) in all { server.drain(running, reason: reason) }
        await endDrill()
        await withDiscardingTaskGroup { group in
            let deadline = ContinuousClock.now + grace
            for (server, _) in all { group.addTask { await server.sendAway(until: deadline, reason: reason) } }
        }
        await current.host.stopListening()
        await edge.close()
        for (server, running) in all {
            await server.end(running, reason: reason)
            if current.host.ownsLoops { await Self.shutGates(of: running) }
        }
        await current.host.stop()
    }

    private func state(_ running: Running, reason: String) -> FeedEvent.ServerState {
        FeedEvent.ServerState(url: running.url, version: configuration.version, reason: reason)
    }

    private func drain(_ running: Running, reason: String) {
        admission.withLock { $0.drain() }
        feed?.publish(.serverDraining(state(running, reason: reason)))
    }

    /// Those whose probe was answered before may still come, and are sent away too: their places count.
    private func sendAway(until deadline: ContinuousClock.Instant, reason: String) async {
        var told: Set<MemberIndex.Member> = []
        while places > 0 {
            for connection in registry.all where told.insert(.init(connection: connection)).inserted {
                connection.close(.goingAway, reason: reason)
            }
            if ContinuousClock.now >= deadline { break }
            try? await Task.sleep(for: .milliseconds(10))
        }
        admission.withLock { $0.stop() }
    }

    private func end(_ running: Running, reason: String) async {
        let deadline = ContinuousClock.now + .seconds(1)
        while admission.withLock({ $0.connections }) > 0, ContinuousClock.now < deadline {
            for connection in registry.all { connection.drop() }
            try? await Task.sleep(for: .milliseconds(5))
        }
        for tick in running.ticks { tick.cancel() }
        await running.sampler?.stop()
        feed?.publish(.serverStopped(state(running, reason: reason)))
    }

    /// Whoever keeps a connection of ours must not wait on loops that are gone. All connections have ended by then: each loop has run what was
    /// put on it before, their cuts included.
    private static func shutGates(of running: Running) async {
        for context in running.contexts.values {
            try? await context.eventLoop.submit { context.value.gate }.get().shut()
        }
    }

    // MARK: Requests

    /// Whether a request is for this endpoint: its path matches exactly, the query aside (protocol section 1).
    func isEndpoint(of head: HTTPRequestHead) -> Bool { UpgradeRequest.path(of: head) == configuration.path }

    func judge(_ head: HTTPRequestHead, from client: ClientAddress) -> UpgradeRequest.Verdict {
        UpgradeRequest.judge(
            head, path: configuration.path, identityHeader: configuration.identity.header, parameters: parameters, origins: edge.origins,
            isSecure: client.isSecure)
    }

    /// The id that a new connection is to have; nil: a UUID.
    func id(for request: UpgradeRequest) -> String? {
        hooks.makeID?(request) ?? (configuration.identity.use == .id ? request.identity : nil)
    }

    func admitProbe(from address: String, isAnother: Bool) -> Admission.Probe {
        if isHeldOut(address) { return .drop }
        return admission.withLock { isAnother ? $0.probeAgain(from: address, at: .now()) : $0.probe(from: address, at: .now()) }
    }
    func admitTurn(of address: String, isPresent: Bool) -> Bool {
        let isWelcome = isPresent && !isHeldOut(address)
        return admission.withLock { $0.turn(of: address, isPresent: isWelcome, at: .now()) }
    }
    func admitUpgrade(from address: String) -> Admission.Upgrade {
        if isHeldOut(address) { return .refuse(status: 403, reason: Self.heldOut) }
        return admission.withLock { $0.upgrade(from: address, at: .now()) }
    }
    func release(_ address: String) { admission.withLock { $0.release(address) } }
}
