import NIOCore
import NIOHTTP1
import NIOPosix

/// What a server runs on: its own event loops and listener, or somebody else's loops.
struct ServerHost: Sendable {
    /// Nil where they are not ours to stop.
    private let ownedGroup: MultiThreadedEventLoopGroup?
    private let listener: (any Channel)?

    /// Somebody else's loops and HTTP server.
    static let embedded = ServerHost(ownedGroup: nil, listener: nil)

    private init(ownedGroup: MultiThreadedEventLoopGroup?, listener: (any Channel)?) {
        self.ownedGroup = ownedGroup
        self.listener = listener
    }

    /// - Throws: what the system says where the address cannot be listened on.
    static func listening(
        _ configuration: ServerConfiguration, on group: MultiThreadedEventLoopGroup, edge: Edge,
        routes: @escaping @Sendable (any EventLoop) -> [UpgradeHandler.Route]
    ) async throws -> ServerHost {
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: false)
            // A channel keeps its last read buffer while it is idle: small at first, and never large.
            .childChannelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 256, initial: 512, maximum: 16384))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let routes = routes(channel.eventLoop)
                    let outbox = routes.first?.server.limits.outboxBytes ?? 0
                    try channel.syncOptions.map { try ServerHost.boundOutbox(outbox, $0) }
                    let pipeline = channel.pipeline.syncOperations
                    try edge.prepare(channel, feed: routes.first?.loop.feed)
                    try pipeline.addHandler(HTTPResponseEncoder())
                    try pipeline.addHandler(UpgradeHandler.makeDecoder())
                    try pipeline.addHandler(UpgradeHandler(routes))
                }
            }
            .bind(host: configuration.host, port: configuration.port).get()
        return ServerHost(ownedGroup: group, listener: listener)
    }

    /// An outbox that holds its bound is full: a connection asks whether its channel is writable.
    static func boundOutbox(_ bytes: Int, _ options: any NIOSynchronousChannelOptions) throws {
        guard bytes > 0 else { return }
        let mark = ChannelOptions.Types.WriteBufferWaterMark(low: max(1, bytes - 1), high: max(1, bytes - 1))
        try options.setOption(.writeBufferWaterMark, value: mark)
    }

    /// Whether the loops end with the server.
    var ownsLoops: Bool { ownedGroup != nil }

    var address: SocketAddress? { listener?.localAddress }

    /// Accepts from here on.
    func accept() async throws {
        guard let listener else { return }
        try await listener.setOption(.autoRead, value: true).get()
        listener.read()
    }

    func stopListening() async { try? await listener?.close().get() }

    func stop() async { try? await ownedGroup?.shutdownGracefully() }
}
