import Dispatch
import NIOCore
import NIOHTTP1
import NIOPosix
import NeffosWire

/// Runs what blocks.
enum DispatchQueueOfTests {
    static func run(_ body: @escaping @Sendable () -> Void) { DispatchQueue.global().async(execute: body) }
}

struct RawResponse: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: String
    func first(_ name: String) -> String? { headers.first(name: name) }
}

/// A client whose every byte a test decides.
actor RawClient {
    private let channel: any Channel
    private let incoming: AsyncStream<ByteBuffer>
    private var bytes = ByteBuffer()
    private var parser = FrameParser(role: .client, limits: WireLimits(messageBytes: 0))
    private(set) var id = ""
    private var lastToken = 0
    /// Address and port as the server sees them.
    nonisolated let local: String

    private init(_ channel: any Channel, _ incoming: AsyncStream<ByteBuffer>) {
        self.channel = channel
        self.incoming = incoming
        local = "127.0.0.1:\(channel.localAddress?.port ?? 0)"
    }

    /// - Parameter prepare: adds handlers in front.
    static func dial(_ port: Int, _ prepare: @escaping @Sendable (any Channel) throws -> Void = { _ in }) async throws -> RawClient {
        try await dial(SocketAddress(ipAddress: "127.0.0.1", port: port), prepare)
    }

    /// Over a Unix socket.
    static func dial(path: String) async throws -> RawClient { try await dial(SocketAddress(unixDomainSocketPath: path)) { _ in } }

    private static func dial(_ address: SocketAddress, _ prepare: @escaping @Sendable (any Channel) throws -> Void) async throws
        -> RawClient
    {
        let (bytes, received) = AsyncStream.makeStream(of: ByteBuffer.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try prepare(channel)
                    try channel.pipeline.syncOperations.addHandler(Collector(received))
                }
            }
            .connect(to: address).get()
        return RawClient(channel, bytes)
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let received: AsyncStream<ByteBuffer>.Continuation
        init(_ received: AsyncStream<ByteBuffer>.Continuation) { self.received = received }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) { received.yield(unwrapInboundIn(data)) }
        func channelInactive(context: ChannelHandlerContext) { received.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private func receive() async throws {
        var iterator = incoming.makeAsyncIterator()
        guard var next = await iterator.next() else { throw RawError.ended }
        bytes.writeBuffer(&next)
    }

    // MARK: TCP

    func write(_ text: String) async throws { try await write(ByteBuffer(string: text)) }
    func write(_ buffer: ByteBuffer) async throws { try await channel.writeAndFlush(buffer) }
    /// Writes without waiting for the socket to take it.
    func post(_ buffer: ByteBuffer) { channel.writeAndFlush(buffer, promise: nil) }

    func stopReading() async throws { try await channel.setOption(.autoRead, value: false).get() }
    func startReading() async throws { try await channel.setOption(.autoRead, value: true).get() }

    func cut() async { try? await channel.close() }

    /// Cuts with a reset.
    func reset() async throws {
        try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try? await channel.close()
    }

    /// Returns when the server has closed TCP; gives what still came.
    @discardableResult
    func awaitEnd() async -> Int {
        while (try? await receive()) != nil {}
        return bytes.readableBytes
    }

    // MARK: HTTP

    func response(toHead: Bool = false) async throws -> RawResponse {
        while true {
            let text = String(buffer: bytes)
            if let end = text.firstRange(of: "\r\n\r\n") {
                var lines = text[..<end.lowerBound].split(separator: "\r\n").map(String.init)
                let parts = lines.removeFirst().split(separator: " ")
                let headers = HTTPHeaders(
                    lines.map { line in
                        let pair = line.split(separator: ":", maxSplits: 1)
                        return (String(pair[0]), pair.count > 1 ? String(pair[1].drop { $0 == " " }) : "")
                    })
                let length = toHead ? 0 : headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
                let headBytes = text[..<end.upperBound].utf8.count
                if bytes.readableBytes >= headBytes + length {
                    bytes.moveReaderIndex(forwardBy: headBytes)
                    let body = bytes.readString(length: length) ?? ""
                    return RawResponse(status: Int(parts[1]) ?? 0, headers: headers, body: body)
                }
            }
            try await receive()
        }
    }

    static func request(_ method: String, _ target: String = "/echo", _ headers: [(String, String)] = [("Host", "test")]) -> String {
        "\(method) \(target) HTTP/1.1\r\n" + headers.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n"
    }

    static func upgradeRequest(_ target: String = "/echo", _ headers: [(String, String)] = []) -> String {
        request(
            "GET", target,
            [
                ("Host", "test"), ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
                ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ] + headers)
    }

    func http(_ method: String, _ target: String = "/echo", _ headers: [(String, String)] = [("Host", "test")]) async throws -> RawResponse
    {
        try await write(Self.request(method, target, headers))
        return try await response(toHead: method == "HEAD")
    }

    func upgrade(_ headers: [(String, String)] = [], target: String = "/echo") async throws -> RawResponse {
        try await write(Self.upgradeRequest(target, headers))
        return try await response()
    }

    // MARK: WebSocket

    private static let mask: UInt32 = 0x9A3C_51E7

    static func frame(_ text: String, isBinary: Bool = false) -> ByteBuffer {
        frame(ByteBuffer(string: text), isBinary ? .binary : .text)
    }

    static func frame(_ payload: ByteBuffer, _ opcode: Opcode, fin: Bool = true) -> ByteBuffer {
        var out = ByteBuffer()
        FrameSerializer.write(opcode: opcode, fin: fin, payload: payload, mask: mask, into: &out)
        return out
    }

    static func frames(_ texts: [String]) -> ByteBuffer {
        var out = ByteBuffer()
        for text in texts { out.writeImmutableBuffer(frame(text)) }
        return out
    }

    static func closeFrame(_ code: CloseCode?, _ reason: String = "") -> ByteBuffer {
        var out = ByteBuffer()
        FrameSerializer.writeClose(code, reason: reason, mask: mask, into: &out)
        return out
    }

    func send(_ text: String) async throws { try await write(Self.frame(text)) }

    func event() async throws -> WireEvent {
        while true {
            if bytes.readableBytes > 0 {
                parser.append(bytes)
                bytes = ByteBuffer()
            }
            if let event = try parser.next() { return event }
            try await receive()
        }
    }

    /// The next text or binary message's payload.
    func text() async throws -> String {
        switch try await event() {
        case .message(let payload, _): String(buffer: payload)
        case let other: throw RawError.malformed("\(other) instead of a message")
        }
    }

    func texts(_ count: Int) async throws -> [String] {
        var texts: [String] = []
        while texts.count < count { texts.append(try await text()) }
        return texts
    }

    func acknowledge() async throws {
        try await send("M")
        let answer = try await text()
        guard answer.hasPrefix("A") else { throw RawError.malformed(answer) }
        id = String(answer.dropFirst())
    }

    /// Sends an ask of these fields, from the namespace to the body; gives what comes next.
    func ask(_ fields: String) async throws -> String {
        lastToken += 1
        try await send("$\(lastToken);\(fields)")
        let text = try await text()
        guard text.hasPrefix("$\(lastToken);") else { throw RawError.malformed(text) }
        return String(text.drop { $0 != ";" })
    }

    func enter(_ namespace: String, rooms: [String] = []) async throws {
        guard try await ask("\(namespace);;_OnNamespaceConnect;0;0;") == ";;;;;;" else { throw RawError.malformed("not connected") }
        for room in rooms {
            guard try await ask("\(namespace);\(room);_OnRoomJoin;0;0;") == ";;;;;;" else { throw RawError.malformed("not joined") }
        }
    }

    /// The server's close frame, whatever comes before it, and then the end of TCP. The client answers it.
    func closed() async throws -> (code: CloseCode?, reason: String) {
        while true {
            guard case .close(let code, let reason) = try await event() else { continue }
            try? await write(Self.closeFrame(code))
            await awaitEnd()
            return (code, reason)
        }
    }
}
