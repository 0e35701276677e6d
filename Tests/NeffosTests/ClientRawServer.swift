import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import NeffosWire

/// A server whose every byte a test decides: `accept()` gives the next TCP connection, which the test then serves, well or badly.
final class ClientRawServer: Sendable {
    let port: Int
    private let listener: any Channel
    let arrivals: AsyncStream<RawPeer>
    private let arrived: AsyncStream<RawPeer>.Continuation

    var url: String { "ws://127.0.0.1:\(port)/echo?x=1" }

    private init(listener: any Channel, port: Int, arrivals: AsyncStream<RawPeer>, arrived: AsyncStream<RawPeer>.Continuation) {
        self.listener = listener
        self.port = port
        self.arrivals = arrivals
        self.arrived = arrived
    }

    /// - Parameters:
    ///   - port: 0: the kernel picks one.
    ///   - tls: what it speaks TLS with, if it does.
    static func start(port: Int = 0, tls: NIOSSLContext? = nil) async throws -> ClientRawServer {
        let (arrivals, arrived) = AsyncStream.makeStream(of: RawPeer.self)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let (bytes, received) = AsyncStream.makeStream(of: ByteBuffer.self)
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(Collector(received))
                    arrived.yield(RawPeer(channel, bytes))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        return ClientRawServer(listener: listener, port: listener.localAddress?.port ?? 0, arrivals: arrivals, arrived: arrived)
    }

    /// The next connection.
    func accept() async throws -> RawPeer {
        var iterator = arrivals.makeAsyncIterator()
        guard let peer = await iterator.next() else { throw RawError.ended }
        return peer
    }

    /// Nobody listens any more: a probe fails as it does when a server is down.
    func stop() async throws {
        try await listener.close()
        arrived.finish()
    }

    /// Accepts, upgrades, answers `M` with `A` and gives the connection with its upgrade request.
    func serve(id: String) async throws -> (peer: RawPeer, request: RawRequest) {
        let peer = try await accept()
        let request = try await peer.upgrade()
        _ = try await peer.text()
        try await peer.send("A" + id)
        return (peer, request)
    }

    /// Accepts a probe and answers it, the last on its connection.
    @discardableResult
    func answerProbe(_ answer: String = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n") async throws -> RawRequest {
        let peer = try await accept()
        let request = try await peer.request()
        try await peer.write(answer)
        return request
    }

    /// Accepts a probe and answers it, so that more may be asked on its connection. As the original's server does, without a length.
    func keepProbe(_ answer: String = keepingAnswer) async throws -> RawPeer {
        let peer = try await accept()
        let request = try await peer.request()
        guard request.line.hasPrefix("HEAD ") else { throw RawError.malformed(request.line) }
        try await peer.write(answer)
        return peer
    }

    static let keepingAnswer = "HTTP/1.1 302 Found\r\nDate: Thu, 26 Nov 2026 03:45:20 GMT\r\n\r\n"

    /// Accepts a probe and closes without an answer.
    func dropProbe() async throws {
        let peer = try await accept()
        _ = try await peer.request()
        try await peer.cut()
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let received: AsyncStream<ByteBuffer>.Continuation
        init(_ received: AsyncStream<ByteBuffer>.Continuation) { self.received = received }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) { received.yield(unwrapInboundIn(data)) }
        func channelInactive(context: ChannelHandlerContext) { received.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

enum RawError: Error { case ended, malformed(String) }

struct RawRequest: Sendable {
    var line: String
    var headers: HTTPHeaders
    func first(_ name: String) -> String? { headers.first(name: name) }
}

/// One connection of a ``ClientRawServer``.
actor RawPeer {
    private let channel: any Channel
    private let incoming: AsyncStream<ByteBuffer>
    private var bytes = ByteBuffer()
    private var parser = FrameParser(role: .server, limits: WireLimits(messageBytes: 1 << 20))

    init(_ channel: any Channel, _ incoming: AsyncStream<ByteBuffer>) {
        self.channel = channel
        self.incoming = incoming
    }

    private func receive() async throws -> ByteBuffer {
        var iterator = incoming.makeAsyncIterator()
        guard let next = await iterator.next() else { throw RawError.ended }
        return next
    }

    func request() async throws -> RawRequest {
        while true {
            let text = String(buffer: bytes)
            if let end = text.firstRange(of: "\r\n\r\n") {
                bytes.moveReaderIndex(forwardBy: text[..<end.upperBound].utf8.count)
                var lines = text[..<end.lowerBound].split(separator: "\r\n").map(String.init)
                let line = lines.removeFirst()
                let headers = lines.map { line -> (String, String) in
                    let parts = line.split(separator: ":", maxSplits: 1)
                    return (String(parts[0]), parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
                }
                return RawRequest(line: line, headers: HTTPHeaders(headers))
            }
            var next = try await receive()
            bytes.writeBuffer(&next)
        }
    }

    func write(_ text: String) async throws { try await write(ByteBuffer(string: text)) }
    func write(_ buffer: ByteBuffer) async throws { try await channel.writeAndFlush(buffer) }

    /// Answers the upgrade; `behind` follows in the same packet.
    @discardableResult
    func upgrade(extra: String = "", behind: ByteBuffer = ByteBuffer()) async throws -> RawRequest {
        let request = try await request()
        var answer = try await answer(to: request, extra: extra)
        answer.writeImmutableBuffer(behind)
        try await write(answer)
        return request
    }

    /// Takes an upgrade request and leaves it to the test to send the right answer.
    func upgradeAnswer() async throws -> ByteBuffer { try await answer(to: try await request()) }

    private func answer(to request: RawRequest, extra: String = "") async throws -> ByteBuffer {
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: request.headers)
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
        let fields = try await channel.eventLoop.flatSubmit { [channel] in
            upgrader.buildUpgradeResponse(channel: channel, upgradeRequest: head, initialResponseHeaders: [:])
        }.get()
        let lines = fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        return ByteBuffer(string: "HTTP/1.1 101 Switching Protocols\r\n\(lines)\(extra)\r\n")
    }

    /// The next event of the WebSocket.
    func event() async throws -> WireEvent {
        while true {
            if let event = try parser.next() { return event }
            parser.append(bytes.readableBytes > 0 ? bytes : try await receive())
            bytes.clear()
        }
    }

    func text() async throws -> String {
        guard case .message(let payload, _) = try await event() else { throw RawError.malformed("no text frame") }
        return String(buffer: payload)
    }

    func message() async throws -> Message {
        guard case .message(let payload, let isBinary) = try await event() else { throw RawError.malformed("no message") }
        return try MessageCodec.parse(payload, isBinary: isBinary)
    }

    static func frame(_ text: String) -> ByteBuffer {
        var out = ByteBuffer()
        FrameSerializer.writeText(ByteBuffer(string: text), mask: nil, into: &out)
        return out
    }

    func send(_ text: String) async throws { try await write(Self.frame(text)) }

    /// Answers the next message, which must be this event, with the empty reply or an error.
    func answer(_ event: String, error: String? = nil) async throws -> Message {
        let message = try await message()
        guard message.event == event else { throw RawError.malformed("\(message.event) instead of \(event)") }
        var reply = ByteBuffer()
        MessageCodec.write(error.map(message.failure) ?? Message(wait: message.wait), into: &reply)
        try await send(String(buffer: reply))
        return message
    }

    /// Sends a close frame, waits for the client's, and closes TCP. Gives the client's code.
    func close(_ code: CloseCode?, reason: String = "") async throws -> CloseCode? {
        var out = ByteBuffer()
        FrameSerializer.writeClose(code, reason: reason, mask: nil, into: &out)
        try await write(out)
        while true {
            if case .close(let code, _) = try await event() {
                try await cut()
                return code
            }
        }
    }

    /// Waits for the client's close frame, answers it and closes TCP.
    func awaitClose() async throws -> (CloseCode?, String) {
        while true {
            guard case .close(let code, let reason) = try await event() else { continue }
            var out = ByteBuffer()
            FrameSerializer.writeClose(code, reason: "", mask: nil, into: &out)
            try await write(out)
            try await cut()
            return (code, reason)
        }
    }

    var isOpen: Bool { channel.isActive }

    func cut() async throws { try await channel.close() }

    /// Returns when the client has closed TCP.
    func awaitEnd() async throws { try await channel.closeFuture.get() }
}
