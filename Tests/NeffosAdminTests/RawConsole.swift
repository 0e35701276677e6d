import Foundation
import NIOCore
import NIOPosix

/// A client of the admin address whose every byte a test decides: HTTP, then a WebSocket without any library.
actor RawConsole {
    struct Ended: Error {}
    struct Response: Sendable {
        var status: Int
        var head: String
        var body: String
    }

    private let channel: any Channel
    private let incoming: AsyncStream<ByteBuffer>
    private var bytes = ByteBuffer()
    private var token = 0

    private init(_ channel: any Channel, _ incoming: AsyncStream<ByteBuffer>) {
        self.channel = channel
        self.incoming = incoming
    }

    /// - Parameter url: `ws+unix://…:/feed` or `ws://host:port/feed`.
    static func dial(_ url: String) async throws -> RawConsole {
        let (stream, received) = AsyncStream.makeStream(of: ByteBuffer.self)
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Collector(received)) }
            }
        if url.hasPrefix("ws+unix://") {
            let path = url.dropFirst("ws+unix://".count).prefix { $0 != ":" }
            return RawConsole(try await bootstrap.connect(unixDomainSocketPath: String(path)).get(), stream)
        }
        let place = try URL(string: url).unwrapped
        return RawConsole(try await bootstrap.connect(host: place.host().unwrapped, port: place.port.unwrapped).get(), stream)
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
        guard var next = await iterator.next() else { throw Ended() }
        bytes.writeBuffer(&next)
    }

    func stopReading() async throws { try await channel.setOption(.autoRead, value: false).get() }
    func startReading() async throws {
        try await channel.setOption(.autoRead, value: true).get()
        channel.read()
    }
    func close() async { try? await channel.close() }

    // MARK: HTTP

    func get(_ target: String, _ headers: [String] = []) async throws -> Response {
        let lines = ["GET \(target) HTTP/1.1", "Host: test"] + headers
        try await channel.writeAndFlush(ByteBuffer(string: lines.joined(separator: "\r\n") + "\r\n\r\n"))
        return try await response()
    }

    private func response() async throws -> Response {
        while true {
            let text = String(buffer: bytes)
            if let end = text.range(of: "\r\n\r\n") {
                let head = String(text[..<end.lowerBound])
                let length =
                    head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
                    .flatMap { Int($0.dropFirst("content-length:".count).drop { $0 == " " }) } ?? 0
                let headBytes = text[..<end.upperBound].utf8.count
                if bytes.readableBytes >= headBytes + length {
                    bytes.moveReaderIndex(forwardBy: headBytes)
                    let body = bytes.readString(length: length) ?? ""
                    return Response(status: Int(head.split(separator: " ")[1]) ?? 0, head: head, body: body)
                }
            }
            try await receive()
        }
    }

    // MARK: WebSocket

    func upgrade(_ headers: [String] = []) async throws -> Response {
        try await get(
            "/feed",
            [
                "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            ] + headers)
    }

    /// Upgraded, acknowledged and in the namespace.
    func enter() async throws {
        _ = try await upgrade()
        try await send("M")
        _ = try await text()
        _ = try await ask("_OnNamespaceConnect", "")
    }

    func send(_ text: String) async throws {
        let payload = Array(text.utf8)
        var frame = ByteBuffer(bytes: [0x81])
        if payload.count < 126 {
            frame.writeInteger(UInt8(0x80 | payload.count))
        } else if payload.count < 65_536 {
            frame.writeInteger(UInt8(0x80 | 126))
            frame.writeInteger(UInt16(payload.count))
        } else {
            frame.writeInteger(UInt8(0x80 | 127))
            frame.writeInteger(UInt64(payload.count))
        }
        // A mask of zeros leaves the payload as it is.
        frame.writeInteger(UInt32(0))
        frame.writeBytes(payload)
        try await channel.writeAndFlush(frame)
    }

    /// The next text or binary message, pings passed over.
    func text() async throws -> String {
        while true {
            guard let (opcode, payload) = frame() else {
                try await receive()
                continue
            }
            switch opcode {
            case 1, 2: return String(decoding: payload, as: UTF8.self)
            case 8: throw Ended()
            default: continue
            }
        }
    }

    private func frame() -> (opcode: UInt8, payload: [UInt8])? {
        var reader = bytes
        guard let first = reader.readInteger(as: UInt8.self), let second = reader.readInteger(as: UInt8.self) else { return nil }
        var length = Int(second & 0x7F)
        if length == 126 {
            guard let long = reader.readInteger(as: UInt16.self) else { return nil }
            length = Int(long)
        } else if length == 127 {
            guard let long = reader.readInteger(as: UInt64.self) else { return nil }
            length = Int(long)
        }
        guard let payload = reader.readBytes(length: length) else { return nil }
        bytes = reader
        bytes.discardReadBytes()
        return (first & 0x0F, payload)
    }

    /// The reply's body; an error is thrown. Events that come before are passed over.
    func ask(_ event: String, _ body: String) async throws -> String {
        token += 1
        let wait = "$\(token)"
        try await send("\(wait);feed;;\(event);0;0;\(body)")
        while true {
            let fields = Self.fields(try await text())
            guard fields.first == wait else { continue }
            if fields[4] == "1" { throw Refused(text: fields[6]) }
            return fields[6]
        }
    }

    struct Refused: Error, Equatable { var text: String }

    /// The line of the next event.
    func line() async throws -> String {
        while true {
            let fields = Self.fields(try await text())
            if fields.count == 7, fields[3] == "event" { return fields[6] }
        }
    }

    private static func fields(_ text: String) -> [String] {
        text.split(separator: ";", maxSplits: 6, omittingEmptySubsequences: false).map(String.init)
    }
}
