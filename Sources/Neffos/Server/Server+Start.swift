public import NIOCore
import NIOPosix
import NeffosFeed
import NeffosSession
import Synchronization

/// Ways to start a server.
extension Server {
    /// Listens and accepts.
    ///
    /// - Returns: the address, with the port that the kernel picked where the configuration says 0.
    /// - Throws: what the system says where the address cannot be listened on, or a ``ListenError``; an error of the certificate or key;
    ///   ``ConfigurationError`` for a value that cannot be one.
    @discardableResult
    public func start() async throws -> SocketAddress { try await start(with: []) }

    /// Listens for several endpoints at one address: this one's `listener`, `host`, `port`, `tls`, `trustedProxies` and `eventLoops` count, and each
    /// one's `path`, which must differ. What is for none of them is this one's ``ServerHooks/onRequest``, or 404. They stop with this one.
    ///
    /// - Throws: like ``start()``; ``ServerError`` where two have the same path, or one was started already.
    @discardableResult
    public func start(with others: [Server]) async throws -> SocketAddress {
        let all = [self] + others
        guard Set(all.map(\.configuration.path)).count == all.count else { throw ServerError.samePath }
        guard all.allSatisfy({ $0.running.withLock { $0 == nil } }) else { throw ServerError.alreadyStarted }
        for server in all { try server.edge.check() }
        try await edge.open(logger: logger)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, configuration.eventLoops))
        var opened: ServerHost?
        do {
            let loops = Array(group.makeIterator())
            var prepared: [(server: Server, contexts: [ObjectIdentifier: NIOLoopBound<LoopContext>])] = []
            for server in all { prepared.append((server, try await server.makeContexts(on: loops))) }
            let table = prepared
            let host = try await ServerHost.listening(configuration, on: group, edge: edge) { loop in
                table.compactMap { server, contexts in
                    contexts[ObjectIdentifier(loop)].map { UpgradeHandler.Route(server: server, loop: $0.value) }
                }
            }
            opened = host
            guard let address = host.listener?.address else { throw ChannelError.unknownLocalAddress }
            for (server, contexts) in prepared.reversed() {
                server.begin(
                    host: server === self ? host : .embedded,
                    url: EndpointURL.text(of: address, path: server.configuration.path, isSecure: configuration.tls != nil),
                    contexts: contexts, loops: loops, others: server === self ? others : [])
            }
            // Only now: nothing of a client comes before the start in the feed.
            try await host.accept()
            return address
        } catch {
            await edge.close()
            await opened?.stopListening()
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// Starts without an address of its own, for an HTTP server that runs on these loops; see ``addUpgradeHandler(to:removing:)``.
    ///
    /// - Throws: ``ServerError/alreadyStarted``; ``ConfigurationError``.
    public func start(on group: any EventLoopGroup) async throws {
        guard running.withLock({ $0 == nil }) else { throw ServerError.alreadyStarted }
        try edge.check()
        let loops = Array(group.makeIterator())
        let contexts = try await makeContexts(on: loops)
        begin(host: .embedded, url: configuration.path, contexts: contexts, loops: loops, others: [])
    }

    /// Adds this endpoint to the HTTP/1 pipeline of a channel, behind NIO's `HTTPRequestDecoder` and `HTTPResponseEncoder` and before the
    /// application's handlers: it answers what is for its path, probes too, and lets the rest pass. When a connection begins, the codec
    /// leaves the pipeline, and with it `removing`: all other HTTP handlers in it. The bounds of a handshake, its headers and its time, are
    /// the HTTP server's matter; NIO's `HTTPServerPipelineHandler` keeps answers in the order of pipelined requests.
    ///
    /// Called on the channel's event loop, such as in its initializer.
    ///
    /// - Throws: ``ServerError/notStarted``, ``ServerError/foreignEventLoop``; NIO's errors of a pipeline.
    public func addUpgradeHandler(to channel: any Channel, removing handlers: [any RemovableChannelHandler] = []) throws {
        guard let contexts = running.withLock({ $0?.contexts }) else { throw ServerError.notStarted }
        guard let context = contexts[ObjectIdentifier(channel.eventLoop)]?.value else { throw ServerError.foreignEventLoop }
        try channel.syncOptions.map { try $0.boundOutbox(limits.outboxBytes) }
        let handler = UpgradeHandler([.init(server: self, loop: context)], hosting: .embedded(removing: handlers))
        try channel.pipeline.syncOperations.addHandler(handler)
    }

    private func makeContexts(on loops: [any EventLoop]) async throws -> [ObjectIdentifier: NIOLoopBound<LoopContext>] {
        // Somebody else's HTTP server on these loops makes its decoders itself.
        HTTPDecoders.typesAreMade
        var contexts: [ObjectIdentifier: NIOLoopBound<LoopContext>] = [:]
        let beat = Int(clamping: configuration.heartbeat.every.components.seconds)
        for loop in loops {
            let buffer = feed?.makeBuffer()
            contexts[ObjectIdentifier(loop)] = try await loop.submit {
                let context = LoopContext(loop: loop, feed: buffer)
                context.wheel.configure(seconds: beat)
                return NIOLoopBound(context, eventLoop: loop)
            }.get()
        }
        return contexts
    }

    private func begin(
        host: ServerHost, url: String, contexts: [ObjectIdentifier: NIOLoopBound<LoopContext>], loops: [any EventLoop], others: [Server]
    ) {
        let ordered = loops.compactMap { loop in contexts[ObjectIdentifier(loop)].map { (loop, $0) } }
        let ticks = ordered.map { loop, bound in
            loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in bound.value.tick() }
        }
        let sampler = feed.map { Sampler(feed: $0, contexts: ordered.map(\.1), loops: ordered.map(\.0)) }
        running.withLock {
            $0 = Running(
                host: host, url: url, contexts: contexts, loops: loops,
                broadcaster: Broadcaster(
                    ordered.map(\.1), loops: ordered.map(\.0), congestion: congestion,
                    isNativeOnly: endpoint.rules.nativeMessages == .only), ticks: ticks, sampler: sampler,
                others: others)
        }
        feed?.setSnapshotSource {
            for (loop, bound) in ordered { loop.execute { bound.value.publishSnapshotPart() } }
        }
        feed?.publish(.serverStarted(.init(url: url, version: configuration.version, reason: nil)))
        sampler?.start()
    }
}

/// Why a ``Server`` cannot do what it was asked.
public enum ServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// It serves already, or is on its way to.
    case alreadyStarted
    /// It was not started, or was stopped.
    case notStarted
    /// Two endpoints at one address have the same path.
    case samePath
    /// A channel is on an event loop that the server was not started on.
    case foreignEventLoop

    public var description: String {
        switch self {
        case .alreadyStarted: "the server was started already"
        case .notStarted: "the server is not started"
        case .samePath: "two endpoints at one address have the same path"
        case .foreignEventLoop: "the channel is on an event loop that the server was not started on"
        }
    }
}
