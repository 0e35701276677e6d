public import Logging
public import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
public import NeffosFeed
import NeffosSession
import NeffosWire
public import ServiceLifecycle
import Synchronization

/// A neffos server: listens, takes clients in, and gives what they send to its handlers.
///
/// ```swift
/// let server = Server(configuration: .init(), handlers: .defaultRelay, logger: logger)
/// try await server.run()
/// ```
public final class Server: Service, ConnectionOwner {
    public let configuration: ServerConfiguration
    let logger: Logger
    private let feed: EventFeed?
    private let group: MultiThreadedEventLoopGroup
    private let endpoint: Endpoint
    private let parameters: ParameterHeaders
    private let origins: Origins
    private let registry = ConnectionRegistry()
    private let admission: Mutex<Admission>
    private let running = Mutex<Running?>(nil)
    private let congestion = Congestion()

    /// What there is from the start on.
    private struct Running: Sendable {
        let listener: any Channel
        let url: String
        let contexts: [NIOLoopBound<LoopContext>]
        let broadcaster: Broadcaster
        let ticks: [RepeatedTask]
        let sampler: Sampler?
    }

    /// - Parameters:
    ///   - handlers: the namespaces that can be connected to and their events.
    ///   - feed: where events go; nothing is built for it while nobody listens.
    public init(configuration: ServerConfiguration, handlers: EventHandlers, feed: EventFeed? = nil, logger: Logger) {
        var configuration = configuration
        configuration.limits.connections = Descriptors.clamp(connections: configuration.limits.connections, logger: logger)
        self.configuration = configuration
        self.feed = feed
        self.logger = logger
        let limits = configuration.limits
        group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, configuration.eventLoops))
        let rules = SessionRules(
            role: .server, declaredNamespaces: handlers.declaredNamespaces, nativeMessages: handlers.nativeMessages,
            namespacesPerConnection: limits.namespacesPerConnection, roomsPerConnection: limits.roomsPerConnection)
        endpoint = Endpoint(
            rules: rules, handlers: handlers, messageBytes: limits.messageBytes, outboxBytes: limits.outboxBytes,
            heartbeatEvery: TimeAmount(configuration.heartbeat.every), heartbeatTimeout: TimeAmount(configuration.heartbeat.timeout),
            logger: logger)
        parameters = ParameterHeaders(additional: configuration.parameterHeaders + (configuration.identity.header.map { [$0] } ?? []))
        origins = Origins(configuration.origins)
        admission = Mutex(
            Admission(
                limits: .init(
                    connections: limits.connections, perAddress: limits.connectionsPerAddress, probesPerSecond: limits.admitPerSecond,
                    probeHold: TimeAmount(limits.probeHold),
                    placeHold: TimeAmount(limits.handshakeWithin > .zero ? limits.handshakeWithin : .seconds(10)))))
    }

    /// Where clients connect, once the server was started.
    public var url: String { running.withLock { $0?.url } ?? "" }

    /// How many connections there are.
    public var connectionCount: Int { registry.count }

    /// Places that are taken, or held for those whose probe was answered.
    package var places: Int { admission.withLock { $0.places(at: .now()) } }

    /// The connections there are, in no order.
    package var connections: [Connection] { registry.all }

    /// The connection with this id.
    public func connection(_ id: String) -> Connection? { registry.connection(id) }

    /// Tells whom an earlier run of this server lost: a client that names one of these ids as its last is believed.
    public func rememberLost(_ ids: some Sequence<String>) { registry.rememberLost(ids) }

    // MARK: Starting

    /// Listens and accepts.
    ///
    /// - Returns: the address, with the port that the kernel picked where the configuration says 0.
    /// - Throws: what the system says where the address cannot be listened on; an error of the certificate or key.
    @discardableResult
    public func start() async throws -> SocketAddress {
        let tls = try configuration.tls.map { try TLSContext.server(certificate: $0.certificate, key: $0.key) }
        var contexts: [ObjectIdentifier: NIOLoopBound<LoopContext>] = [:]
        var ordered: [(any EventLoop, NIOLoopBound<LoopContext>)] = []
        let beat = Int(configuration.heartbeat.every.components.seconds)
        for loop in group.makeIterator() {
            let buffer = feed?.makeBuffer()
            let bound = try await loop.submit {
                let context = LoopContext(loop: loop, feed: buffer)
                context.wheel.configure(seconds: beat)
                return NIOLoopBound(context, eventLoop: loop)
            }.get()
            contexts[ObjectIdentifier(loop)] = bound
            ordered.append((loop, bound))
        }
        let listener = try await bind(contexts: contexts, tls: tls)
        guard let address = listener.localAddress else { throw ChannelError.unknownLocalAddress }
        let url = "\(tls == nil ? "ws" : "wss")://\(UpgradeHandler.remote(address))\(configuration.path)"
        let ticks = ordered.map { loop, bound in
            loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in bound.value.tick() }
        }
        let sampler = feed.map { Sampler(feed: $0, contexts: ordered.map(\.1), loops: ordered.map(\.0)) }
        running.withLock {
            $0 = Running(
                listener: listener, url: url, contexts: ordered.map(\.1),
                broadcaster: Broadcaster(ordered.map(\.1), loops: ordered.map(\.0), congestion: congestion), ticks: ticks, sampler: sampler)
        }
        feed?.setSnapshotSource { [loops = ordered] in
            for (loop, bound) in loops { loop.execute { bound.value.publishSnapshotPart() } }
        }
        feed?.publish(.serverStarted(.init(url: url, version: configuration.version, reason: nil)))
        sampler?.start()
        // Only now: nothing of a client comes before the start in the feed.
        try await listener.setOption(.autoRead, value: true).get()
        listener.read()
        return address
    }

    private func bind(contexts: [ObjectIdentifier: NIOLoopBound<LoopContext>], tls: NIOSSLContext?) async throws -> any Channel {
        let outbox = configuration.limits.outboxBytes
        return try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: false)
            // A channel keeps its last read buffer while it is idle: small at first, and never large.
            .childChannelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 256, initial: 512, maximum: 16384))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let context = contexts[ObjectIdentifier(channel.eventLoop)]?.value else { return }
                    if outbox > 0 {
                        // An outbox that holds its bound is full: `makeRoom` asks whether the channel is writable.
                        let mark = ChannelOptions.Types.WriteBufferWaterMark(low: max(1, outbox - 1), high: max(1, outbox - 1))
                        try channel.syncOptions?.setOption(.writeBufferWaterMark, value: mark)
                    }
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.addHandler(HTTPResponseEncoder())
                    try pipeline.addHandler(UpgradeHandler.makeDecoder())
                    try pipeline.addHandler(UpgradeHandler(server: self, loop: context))
                }
            }
            .bind(host: configuration.host, port: configuration.port).get()
    }

    // MARK: Running

    /// Starts, serves until a graceful shutdown is asked for, and stops.
    public func run() async throws {
        try await start()
        try? await gracefulShutdown()
        await shutdown(grace: configuration.grace)
    }

    /// Answers no more probes, closes all connections with 1001 once their outboxes are empty, and stops.
    ///
    /// - Parameter grace: how long that may take; then what is left is cut.
    public func shutdown(grace: Duration, reason: String = "shutdown") async {
        let current = running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let current else { return }
        let state = FeedEvent.ServerState(url: current.url, version: configuration.version, reason: reason)
        admission.withLock { $0.drain() }
        feed?.publish(.serverDraining(state))
        let deadline = ContinuousClock.now + grace
        var told: Set<MemberIndex.Member> = []
        // Those whose probe was answered before may still come, and are sent away too: their places count.
        while places > 0 {
            for connection in registry.all where told.insert(.init(connection: connection)).inserted {
                connection.close(.goingAway, reason: reason)
            }
            if ContinuousClock.now >= deadline { break }
            try? await Task.sleep(for: .milliseconds(10))
        }
        admission.withLock { $0.stop() }
        try? await current.listener.close().get()
        let cutDeadline = ContinuousClock.now + .seconds(1)
        while admission.withLock({ $0.connections }) > 0, ContinuousClock.now < cutDeadline {
            for connection in registry.all { connection.drop() }
            try? await Task.sleep(for: .milliseconds(5))
        }
        for tick in current.ticks { tick.cancel() }
        await current.sampler?.stop()
        feed?.publish(.serverStopped(state))
        try? await group.shutdownGracefully()
    }

    // MARK: Broadcasting

    /// Sends `message` to all members of its room, or of its namespace where it names none, from anywhere; a native message
    /// (``SystemEventName/nativeMessage`` of the namespace `""`) to everybody.
    ///
    /// A client that broadcasts faster than the server's loops deliver is read more slowly; whoever calls this on and on bounds itself.
    public func broadcast(_ message: Message, except connection: Connection? = nil) {
        running.withLock { $0?.broadcaster }?.broadcast(message, except: connection)
    }

    func broadcast(_ message: Message, from connection: Connection?) { broadcast(message, except: connection) }

    func throttle(_ connection: Connection) { congestion.throttle(connection) }

    // MARK: Admission

    func judge(_ head: HTTPRequestHead) -> UpgradeRequest.Verdict {
        UpgradeRequest.judge(
            head, path: configuration.path, identityHeader: configuration.identity.header, parameters: parameters, origins: origins)
    }

    func admitProbe(from address: String) -> Admission.Probe { admission.withLock { $0.probe(from: address, at: .now()) } }
    func admitTurn(of address: String, isPresent: Bool) -> Bool {
        admission.withLock { $0.turn(of: address, isPresent: isPresent, at: .now()) }
    }
    func admitUpgrade(from address: String) -> Admission.Upgrade { admission.withLock { $0.upgrade(from: address, at: .now()) } }
    func release(_ address: String) { admission.withLock { $0.release(address) } }

    // MARK: Connections

    func makeConnection(_ request: UpgradeRequest, remote: String, agent: String?, address: String, loop: LoopContext) -> Connection {
        let previous = request.previous.flatMap { registry.claim($0) ? $0 : nil }
        let wanted = configuration.identity.use == .id ? request.identity : nil
        let connection = registry.reserve(wanted ?? ConnectionID.random()) { id in
            Connection(
                id: id, identityKey: request.identity, remote: remote, userAgent: agent, tries: request.tries, endpoint: endpoint,
                loop: loop,
                owner: self)
        }
        loop.counters.opened += 1
        loop.feed?.publish(
            .connectionOpened(
                .init(
                    connection: connection.id, key: connection.key, previous: previous, remote: remote, userAgent: agent,
                    tries: request.tries,
                    tls: configuration.tls != nil)))
        if request.hasBadTries { connection.violation(kind: "tries", detail: "X-Websocket-Reconnect is no number of tries") }
        if configuration.limits.ackWithin > .zero {
            loop.expectAcknowledgement(of: connection, by: .now() + TimeAmount(configuration.limits.ackWithin))
        }
        return connection
    }

    func decideAcknowledgement(of connection: Connection) {
        if let text = configuration.onConnect.refuse {
            connection.perform(connection.machine.refuse(text))
        } else {
            connection.perform(connection.machine.accept(id: connection.id))
        }
    }

    func acknowledged(_ connection: Connection) {
        let after = Int((NIODeadline.now() - connection.openedAt).nanoseconds / 1_000_000)
        connection.loop.feed?.publish(.connectionAcknowledged(connection: connection.id, after: after))
        let welcome = configuration.onConnect
        guard !welcome.connect.isEmpty || !welcome.join.isEmpty else { return }
        Task.immediate(executorPreference: connection.loop.executor) { [logger] in
            do {
                for namespace in welcome.connect { try await connection.connect(to: namespace) }
                for (namespace, rooms) in welcome.join.sorted(by: { $0.key < $1.key }) {
                    for room in rooms { try await connection.join(room, in: namespace) }
                }
            } catch {
                // A client that says no is not connected, and stays (protocol section 2).
                logger.debug("onConnect: a client was not connected or joined", metadata: ["error": "\(error)"])
            }
        }
    }

    func refused(_ connection: Connection, text: String) {}

    func closed(_ connection: Connection, info: CloseInfo) {
        connection.loop.counters.closed += 1
        connection.loop.feed?.publish(
            .connectionClosed(
                .init(
                    connection: connection.id, code: Int(info.code.rawValue), reason: info.reason,
                    by: FeedEvent.ClosedBy(rawValue: info.by.rawValue) ?? .network,
                    lived: Int((NIODeadline.now() - connection.openedAt).nanoseconds / 1_000_000),
                    messagesIn: connection.traffic.messagesIn,
                    messagesOut: connection.traffic.messagesOut, bytesIn: connection.traffic.bytesIn,
                    bytesOut: connection.traffic.bytesOut)))
        // After the event: who sees the place free may publish that the server has stopped.
        registry.remove(connection.id, lost: info.isDrop)
        release(connection.address)
    }
}
