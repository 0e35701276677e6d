import NIOCore
import NIOHTTP1
import NIOPosix
import NeffosFeed
import TestSupport
import Testing

@testable import Neffos

/// Several endpoints at one address, and one in an HTTP server of one's own.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ServerEndpointsTests {
    private static func server(_ path: String, _ namespace: String) -> Server {
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.path = path
        configuration.eventLoops = 2
        return Server(
            configuration: configuration, handlers: .relay([namespace: ["echo": .reply, "chat": .broadcast]]), logger: ServerFixture.logger)
    }

    private static func member(_ port: Int, _ path: String, _ namespace: String) async throws -> RawClient {
        let client = try await RawClient.dial(port)
        guard try await client.upgrade(target: path).status == 101 else { throw RawError.ended }
        try await client.acknowledge()
        try await client.enter(namespace, rooms: [])
        return client
    }

    @Test func `Endpoints at one address have their own namespaces and connections, and stop together`() async throws {
        let chat = Self.server("/chat", "chat")
        let news = Self.server("/news", "news")
        let port = try #require(try await chat.start(with: [news]).port)
        #expect(news.url == "ws://127.0.0.1:\(port)/news")
        let one = try await Self.member(port, "/chat", "chat")
        let two = try await Self.member(port, "/news?x=1", "news")
        #expect(try await two.ask("chat;;_OnNamespaceConnect;0;0;") == ";chat;;_OnNamespaceConnect;1;0;bad namespace")
        try await one.send(";chat;;chat;0;0;hi")
        #expect(try await one.text() == ";chat;;chat;0;0;hi")
        #expect(chat.connectionCount == 1 && news.connectionCount == 1)
        let other = try await RawClient.dial(port)
        #expect(try await other.http("HEAD", "/news").status == 302)
        #expect(try await other.http("HEAD", "/echo").status == 404)
        #expect(try await other.upgrade(target: "/chat").status == 101)
        await chat.shutdown(grace: .seconds(5))
        #expect(try await one.closed().code == .goingAway)
        #expect(try await two.closed().code == .goingAway)
        #expect(news.url == "")
    }

    @Test func `Endpoints that cannot share an address say why`() async throws {
        let one = Self.server("/same", "a")
        await #expect(throws: ServerError.samePath) { try await one.start(with: [Self.server("/same", "b")]) }
        try await one.start()
        await #expect(throws: ServerError.alreadyStarted) { try await one.start() }
        await #expect(throws: ServerError.alreadyStarted) { try await one.start(on: MultiThreadedEventLoopGroup.singleton) }
        await one.shutdown(grace: .zero)
        #expect(throws: ServerError.notStarted) { try one.addUpgradeHandler(to: EmbeddedLike.channel()) }
    }

    private enum EmbeddedLike {
        static func channel() throws -> any Channel {
            try DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0).wait()
        }
    }

    /// The application's own page on every path that is not ours.
    private final class Page: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        private var isProbe = false

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): isProbe = UpgradeRequest.isTryingToReconnect(head)
            case .body: break
            case .end:
                let body = isProbe ? "" : "page"
                let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["Content-Length": "\(body.utf8.count)"])
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }

    @Test func `In an HTTP server of one's own it takes what is for its path and lets the rest pass`() async throws {
        let server = Self.server("/echo", "default")
        let group = MultiThreadedEventLoopGroup.singleton
        try await server.start(on: group)
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(HTTPResponseEncoder())
                    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes)))
                    let order = HTTPServerPipelineHandler()
                    try pipeline.addHandler(order)
                    let page = Page()
                    try server.addUpgradeHandler(to: channel, removing: [order, page])
                    try pipeline.addHandler(page)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        let client = try await RawClient.dial(port)
        #expect(try await client.http("GET", "/index").body == "page")
        #expect(try await client.http("HEAD", "/echo").status == 302)
        #expect(try await client.http("POST", "/echo").status == 405)
        #expect(try await client.http("GET", "/echo/").body == "page")
        #expect(try await client.upgrade().status == 101)
        try await client.acknowledge()
        try await client.enter("default", rooms: [])
        #expect(try await client.ask("default;;echo;0;0;hi") == ";default;;echo;0;0;hi")
        // The decoder of somebody else's pipeline cannot go on behind a refused upgrade: the answer is the last.
        let refused = try await RawClient.dial(port)
        #expect(try await refused.upgrade([("Origin", "http://elsewhere")]).status == 403)
        #expect(await refused.awaitEnd() == 0)
        await server.shutdown(grace: .seconds(5))
        #expect(try await client.closed().code == .goingAway)
        try await listener.close()
    }
}
