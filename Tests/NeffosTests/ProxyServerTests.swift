import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NeffosFeed
import TestSupport
import Testing

@testable import Neffos

/// Who a client is behind proxies: protocol section 1, on the wire.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ProxyServerTests {
    private static let line = "PROXY TCP4 203.0.113.7 127.0.0.1 4711 80\r\n"

    private static func run(
        _ change: (inout ServerConfiguration) -> Void = { _ in }, _ body: (ServerFixture) async throws -> Void
    ) async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.trustedProxies = ["127.0.0.1"]
            change(&$0)
        } _: {
            try await body($0)
        }
    }

    private static func opened(_ server: ServerFixture, _ remote: String) async -> Bool {
        await server.wait { if case .connectionOpened(let event) = $0 { event.remote == remote } else { false } }
    }

    // MARK: PROXY

    @Test func `A trusted proxy's line and binary header tell who connects`() async throws {
        try await Self.run { server in
            let first = try await server.dial()
            try await first.write(Self.line + RawClient.upgradeRequest())
            #expect(try await first.response().status == 101)
            try await first.acknowledge()
            #expect(await Self.opened(server, "203.0.113.7:4711"))
            let connection = try #require(server.server.connection(await first.id))
            #expect(connection.remote == "203.0.113.7:4711")
            #expect(connection.key == "203.0.113.7")

            let second = try await server.dial()
            let payload: [UInt8] =
                [0x20, 1, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [7] + Array(repeating: 0, count: 16) + [1, 0, 0, 80]
            try await second.write(ByteBuffer(bytes: ProxyHeaderTests.binary(0x21, 0x21, payload + [4, 0, 1, 0])))
            #expect(try await second.http("HEAD").status == 302)
            #expect(await server.wait { $0 == .probe(.init(remote: "[2001:db8::7]:256", userAgent: nil, admitted: true)) })
            #expect(try await second.upgrade().status == 101)
            #expect(await Self.opened(server, "[2001:db8::7]:256"))
        }
    }

    @Test func `A line that comes byte by byte is one`() async throws {
        try await Self.run { server in
            let client = try await server.dial()
            for byte in Self.line.utf8 { try await client.write(ByteBuffer(bytes: [byte])) }
            #expect(try await client.upgrade().status == 101)
            #expect(await Self.opened(server, "203.0.113.7:4711"))
        }
    }

    @Test func `Without a header, and with one that tells nobody, the proxy itself is the client`() async throws {
        try await Self.run { server in
            for start in ["", "PROXY UNKNOWN\r\n"] {
                let client = try await server.dial()
                try await client.write(start + RawClient.upgradeRequest())
                #expect(try await client.response().status == 101)
                #expect(await Self.opened(server, client.local))
            }
            let check = try await server.dial()
            try await check.write(ByteBuffer(bytes: ProxyHeaderTests.binary(0x20, 0x00, [])))
            #expect(try await check.http("HEAD").status == 302)
            let local = check.local
            #expect(await server.wait { $0 == .probe(.init(remote: local, userAgent: nil, admitted: true)) })
        }
    }

    @Test func `A malformed header closes without an answer, and is published`() async throws {
        try await Self.run { server in
            let client = try await server.dial()
            try await client.write("PROXY TCP4 nonsense\r\n" + RawClient.upgradeRequest())
            #expect(await client.awaitEnd() == 0)
            let local = client.local
            #expect(
                await server.wait {
                    $0
                        == .connectionRejected(
                            .init(remote: local, status: 400, reason: "malformed PROXY header: the line is not of its form", tries: 0))
                })
        }
    }

    @Test func `A proxy that never ends its header is closed`() async throws {
        try await Self.run {
            $0.limits.handshakeWithin = .milliseconds(50)
        } _: { server in
            let client = try await server.dial()
            try? await client.write("PROXY TCP4 203.")
            await client.awaitEnd()
        }
    }

    @Test func `A stranger's PROXY line is a malformed request`() async throws {
        try await Self.run {
            $0.trustedProxies = ["10.0.0.0/8"]
        } _: { server in
            let client = try await server.dial()
            try await client.write(Self.line + RawClient.upgradeRequest())
            #expect(try await client.response().status == 400)
            await client.awaitEnd()
            let local = client.local
            #expect(
                await server.wait { $0 == .connectionRejected(.init(remote: local, status: 400, reason: "malformed request", tries: 0)) })
        }
    }

    @Test func `The header comes before TLS`() async throws {
        let files = try TLSFixture()
        defer { files.remove() }
        try await Self.run {
            $0.tls = .init(certificate: files.certificate, key: files.key)
        } _: { server in
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.trustRoots = .file(files.certificate)
            let context = try NIOSSLContext(configuration: configuration)
            let client = try await RawClient.dial(server.port) { channel in
                try channel.pipeline.syncOperations.addHandlers(
                    Preface(Self.line), NIOSSLClientHandler(context: context, serverHostname: "localhost"))
            }
            #expect(try await client.upgrade([("Origin", "https://test")]).status == 101)
            #expect(await Self.opened(server, "203.0.113.7:4711"))
        }
    }

    /// Sends a text before anything else.
    private final class Preface: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let text: String
        init(_ text: String) { self.text = text }
        func channelActive(context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            context.fireChannelActive()
        }
    }

    // MARK: X-Forwarded-For

    @Test func `A trusted proxy's X-Forwarded-For tells who sent each request, on one connection too`() async throws {
        try await Self.run { server in
            let proxy = try await server.dial()
            #expect(try await proxy.http("HEAD", "/echo", [("Host", "test"), ("X-Forwarded-For", "203.0.113.7")]).status == 302)
            #expect(await server.wait { $0 == .probe(.init(remote: "203.0.113.7:0", userAgent: nil, admitted: true)) })
            #expect(try await proxy.upgrade([("Origin", "http://evil"), ("X-Forwarded-For", "203.0.113.8")]).status == 403)
            #expect(await server.wait { if case .connectionRejected(let event) = $0 { event.remote == "203.0.113.8:0" } else { false } })
            #expect(try await proxy.upgrade([("X-Forwarded-For", "6.6.6.6, 2001:db8::9")]).status == 101)
            #expect(await Self.opened(server, "[2001:db8::9]:0"))
        }
    }

    @Test func `Who is not trusted is the address it has`() async throws {
        try await Self.run {
            $0.trustedProxies = ["10.0.0.0/8"]
        } _: { server in
            let client = try await server.dial()
            #expect(try await client.upgrade([("X-Forwarded-For", "203.0.113.7")]).status == 101)
            #expect(await Self.opened(server, client.local))
        }
    }

    @Test func `A client behind the PROXY header is not believed`() async throws {
        try await Self.run { server in
            let client = try await server.dial()
            try await client.write(Self.line + RawClient.upgradeRequest("/echo", [("X-Forwarded-For", "1.1.1.1")]))
            #expect(try await client.response().status == 101)
            #expect(await Self.opened(server, "203.0.113.7:4711"))
        }
    }

    @Test func `Bounds per address count clients, not their proxy, and places come back`() async throws {
        try await Self.run {
            $0.limits.connectionsPerAddress = 1
        } _: { server in
            func from(_ address: String) -> [(String, String)] { [("X-Forwarded-For", address)] }
            let first = try await server.acknowledged(from("203.0.113.7"))
            _ = try await server.acknowledged(from("203.0.113.8"))
            #expect(try await server.dial().upgrade(from("203.0.113.7")).status == 429)
            let prober = try await server.dial()
            try await prober.write(RawClient.request("HEAD", "/echo", [("Host", "test")] + from("203.0.113.7")))
            #expect(await prober.awaitEnd() == 0)
            await first.cut()
            _ = try await server.closed(first.id)
            _ = try await server.acknowledged(from("203.0.113.7"))
            // One subscriber's network.
            _ = try await server.acknowledged(from("2001:db8::1"))
            #expect(try await server.dial().upgrade(from("2001:db8::2")).status == 429)
            _ = try await server.acknowledged(from("2001:db8:0:1::1"))
        }
    }

    @Test func `In an HTTP server of one's own the proxies are believed likewise`() async throws {
        var configuration = ServerConfiguration()
        configuration.trustedProxies = ["127.0.0.1"]
        let server = Server(configuration: configuration, handlers: .defaultRelay, logger: ServerFixture.logger)
        let group = MultiThreadedEventLoopGroup.singleton
        try await server.start(on: group)
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(HTTPResponseEncoder())
                    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes)))
                    try server.addUpgradeHandler(to: channel)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let client = try await RawClient.dial(try #require(listener.localAddress?.port))
        #expect(try await client.upgrade([("X-Forwarded-For", "203.0.113.7")]).status == 101)
        try await client.acknowledge()
        let connection = try #require(server.connection(await client.id))
        #expect(connection.remote == "203.0.113.7:0")
        await server.shutdown(grace: .zero)
        try await listener.close()
    }

    @Test func `A page without TLS is not the same as one with it, as the proxy tells`() async throws {
        try await Self.run { server in
            func status(_ page: String, _ scheme: String) async throws -> Int {
                try await server.dial().upgrade([("Origin", page), ("X-Forwarded-Proto", scheme)]).status
            }
            let statuses = [
                try await status("http://test", "https"), try await status("http://test", "http"),
                try await status("https://test", "https"),
            ]
            #expect(statuses == [403, 101, 101])
        }
    }
}
