import NIOCore
import NIOHTTP1
import NIOPosix

/// What a server runs on: its own event loops and listener, or somebody else's loops.
struct ServerHost: Sendable {
    /// Nil where they are not ours to stop.
    private let ownedGroup: MultiThreadedEventLoopGroup?
    /// Nil where requests come from somebody else's HTTP server.
    let listener: Listener?

    /// Somebody else's loops and HTTP server.
    static let embedded = ServerHost(ownedGroup: nil, listener: nil)

    private init(ownedGroup: MultiThreadedEventLoopGroup?, listener: Listener?) {
        self.ownedGroup = ownedGroup
        self.listener = listener
    }

    /// - Throws: what the system says where the address cannot be listened on; ``ListenError``.
    static func listening(
        _ configuration: ServerConfiguration, on group: MultiThreadedEventLoopGroup, edge: Edge,
        routes: @escaping @Sendable (any EventLoop) -> [UpgradeHandler.Route]
    ) async throws -> ServerHost {
        let listener = Listener(configuration, group: group) { channel in
            channel.eventLoop.makeCompletedFuture {
                let routes = routes(channel.eventLoop)
                let outbox = routes.first?.server.limits.outboxBytes ?? 0
                try channel.syncOptions.map { try $0.boundOutbox(outbox) }
                let pipeline = channel.pipeline.syncOperations
                try edge.prepare(channel, feed: routes.first?.loop.feed)
                try pipeline.addHandler(HTTPResponseEncoder())
                try pipeline.addHandler(UpgradeHandler.makeDecoder())
                try pipeline.addHandler(UpgradeHandler(routes))
            }
        }
        try await listener.open()
        return ServerHost(ownedGroup: group, listener: listener)
    }

    /// Whether the loops end with the server.
    var ownsLoops: Bool { ownedGroup != nil }

    /// Accepts from here on.
    func accept() async throws { try await listener?.accept() }

    func stopListening() async { await listener?.end() }

    func stop() async { try? await ownedGroup?.shutdownGracefully() }
}
