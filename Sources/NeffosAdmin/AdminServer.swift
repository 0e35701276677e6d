public import Logging
public import Neffos
public import NeffosFeed
public import NeffosObservatory
import NIOCore
import NIOHTTP1

/// The admin address of a server: consoles attach to it, metrics are scraped from it, and health checks ask it.
///
/// ```swift
/// let feed = EventFeed(node: "web-1")
/// let model = ObservatorySink(feed: feed)
/// feed.add(model)
/// let server = Server(configuration: configuration, handlers: handlers, feed: feed, logger: logger)
/// let address = AdminConfiguration(address: .socket(path: "/run/app/admin.sock"))
/// let admin = try AdminServer(address, of: server, feed: feed, model: model, logger: logger)
/// feed.start()
/// try await server.start()
/// try await admin.start()
/// ```
///
/// `neffos attach /run/app/admin.sock` then shows the console. One address, and on it
///
/// - `/feed`: an endpoint of our own, for consoles; it takes the token in the upgrade. Each gets the feed from a picture on, without a hole; one
///   that is slow loses samples first, then its place, is told how many it missed and gets a snapshot. The server waits for none.
/// - `/metrics`: in the text format of Prometheus, or OpenMetrics for who prefers that; with the token where there is one.
/// - `/healthz`: 200 while the process lives. `/readyz`: 200 while newcomers are taken in, else 503, and why in one line. Both without a token,
///   which those who check health seldom have.
///
/// It runs on an event loop of its own, beside the server's.
public final class AdminServer: Sendable {
    private let configuration: AdminConfiguration
    private let server: Server
    private let feed: EventFeed
    private let model: ObservatorySink
    private let metrics = MetricsSink()
    private let hub: FeedHub
    private let desk: OperatorDesk
    private let address: Server

    /// Adds what it needs to the feed: to be made after `model` was added, and before the feed starts.
    ///
    /// - Parameters:
    ///   - configuration: where it listens, and who may come in.
    ///   - server: whose admin address it is.
    ///   - feed: the server's.
    ///   - model: the model that consoles get their picture from; a sink of the same feed.
    ///   - control: where commands go; nil: this server takes none.
    ///   - logger: told of consoles that come and go.
    /// - Throws: ``AdminError``.
    public init(
        _ configuration: AdminConfiguration, of server: Server, feed: EventFeed, model: ObservatorySink,
        control: (any OperatorControl)?, logger: Logger
    ) throws(AdminError) {
        try configuration.check()
        self.configuration = configuration
        self.server = server
        self.feed = feed
        self.model = model
        hub = FeedHub(configuration, model: model, feed: feed)
        desk = OperatorDesk(hub: hub, model: model, control: control, isConfiguredReadOnly: configuration.isReadOnly)
        let endpoint = FeedEndpoint(
            hub: hub, desk: desk, server: server, node: feed.node, version: configuration.version, logger: logger)
        let token = configuration.token.map(BearerToken.init)
        let pages = AdminPages(
            server: server, feed: feed, model: model, metrics: metrics, hub: hub, token: token, version: configuration.version)
        var hooks = ServerHooks()
        hooks.authorize = { request in
            guard token?.allows(request.headers) ?? true else {
                logger.notice("a console was refused: its token is missing or wrong", metadata: ["remote": "\(request.remote)"])
                return .refuse(status: .unauthorized, reason: "the token is missing or wrong", headers: BearerToken.challenge)
            }
            return .accept()
        }
        hooks.onConnected = { connection in logger.info("a console attached", metadata: ["remote": "\(connection.remote)"]) }
        hooks.onDisconnect = { connection, _ in
            endpoint.ended(connection)
            logger.info("a console left", metadata: ["remote": "\(connection.remote)"])
        }
        hooks.onRequest = { head, _ in await pages.answer(head) }
        address = Server(
            configuration: Self.address(configuration, node: feed.node), handlers: endpoint.handlers, hooks: hooks, feed: nil,
            logger: logger)
        feed.add(hub)
        feed.add(metrics)
    }

    private static func address(_ configuration: AdminConfiguration, node: String) -> ServerConfiguration {
        var address = ServerConfiguration()
        switch configuration.address {
        case .socket(let path): address.listener = .unixSocket(path: path, mode: 0o600)
        case .tcp(let host, let port):
            address.host = host
            address.port = port
        }
        address.tls = configuration.tls
        address.path = FeedAsk.path
        address.node = node
        address.version = configuration.version
        address.eventLoops = 1
        address.limits.connections = configuration.consoles
        address.limits.namespacesPerConnection = 1
        // A command may name 100,000 connections, whose ids have up to 128 bytes each. Only who may come in sends any.
        address.limits.messageBytes = 16 << 20
        // A snapshot of very many connections is one message, and answers have to find room beside it.
        address.limits.outboxBytes = 128 << 20
        return address
    }

    /// Listens.
    ///
    /// - Returns: the URL of the feed, such as `ws+unix:///run/app/admin.sock:/feed`.
    /// - Throws: `ListenError`, or what the system says, where it cannot listen; an error of the certificate or key.
    @discardableResult
    public func start() async throws -> String {
        try await address.start()
        return url
    }

    /// The URL of the feed, once it was started.
    public var url: String { address.url }

    /// The way of a console in this very process to the same commands, so that it and those that are attached do not end each other's taps.
    public var control: any OperatorControl { LocalControl(desk: desk) }

    /// Consoles that are attached.
    public var consoles: Int { hub.consoles }

    /// Reads certificates again. Throws like `Server.reloadTLS()`.
    public func reloadTLS() async throws { try await address.reloadTLS() }

    /// Sends the consoles what there still is, and stops; to be called after the server was stopped, so that they see how it went.
    ///
    /// - Parameter grace: how long that may take.
    public func stop(grace: Duration = .seconds(1)) async {
        let deadline = ContinuousClock.now + grace
        while !hub.isIdle, ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(5)) }
        await address.shutdown(grace: grace, reason: "the server stops")
    }
}
