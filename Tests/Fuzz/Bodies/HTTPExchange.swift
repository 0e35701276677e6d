import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
@testable import Neffos
import NeffosSession
import NeffosWire

/// The engine's own handlers on a channel without a network.
struct HTTPExchange: Equatable {
    /// The statuses that a server answered, in order.
    private var statuses: [Int] = []
    /// What it said as a WebSocket, but for ids.
    private var events: [String] = []

    private static let logger = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }

    /// One for all inputs: it is never started, and each input gives back what it took.
    private static let server = {
        var configuration = ServerConfiguration()
        configuration.eventLoops = 1
        configuration.identity = .init(header: "X-Username", use: .id)
        configuration.limits.messageBytes = 4096
        configuration.limits.connections = 8
        configuration.limits.connectionsPerAddress = 4
        // Nobody's clock goes on here.
        configuration.limits.ackWithin = .zero
        return Server(configuration: configuration, handlers: .defaultRelay, logger: logger)
    }()

    // MARK: Server

    /// What a server makes of these reads.
    static func serve(_ reads: [ArraySlice<UInt8>]) throws -> HTTPExchange {
        let channel = EmbeddedChannel()
        let context = LoopContext(loop: channel.embeddedEventLoop, feed: nil)
        // As with an accepted channel, whose other side is known before any handler is there.
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 9)).wait()
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(HTTPResponseEncoder())
        try pipeline.addHandler(UpgradeHandler.makeDecoder())
        try pipeline.addHandler(UpgradeHandler([.init(server: server, loop: context)]))
        for read in reads where channel.isActive {
            // Errors were dealt with on the way; what is thrown here is only told.
            _ = try? channel.writeInbound(ByteBuffer(bytes: read))
            channel.embeddedEventLoop.run()
        }
        var said = ByteBuffer()
        while let part = try channel.readOutbound(as: ByteBuffer.self) { said.writeImmutableBuffer(part) }
        _ = try? channel.finish(acceptAlreadyClosed: true)
        channel.embeddedEventLoop.run()
        let exchange = try HTTPExchange(said: said)
        // A real one's places become free with time.
        for _ in exchange.statuses where exchange.statuses.contains(302) { _ = server.admitTurn(of: "127.0.0.1", isPresent: false) }
        try require(
            server.connectionCount == 0 && server.places == 0, "\(server.connectionCount) connections, \(server.places) places are left")
        return exchange
    }

    /// Reads what a server said.
    private init(said: ByteBuffer) throws {
        var rest = said.readableBytesView[...]
        while !rest.isEmpty {
            guard let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) else { throw FuzzFault(description: "half an answer: \(said)") }
            let head = String(decoding: rest[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
            rest = rest[end.upperBound...]
            guard let line = head.first, line.hasPrefix("HTTP/1.1 "), let status = Int(line.dropFirst(9).prefix(3)) else {
                throw FuzzFault(description: "no status: \(head)")
            }
            statuses.append(status)
            try require([101, 302, 400, 403, 404, 405, 426, 429, 431, 503].contains(status), "the status is \(status)")
            if status == 101 {
                try listen(rest)
                return
            }
            // The answer to a HEAD says how long its body would be, and has none.
            let length = head.compactMap { $0.lowercased().hasPrefix("content-length: ") ? Int($0.dropFirst(16)) : nil }.first ?? 0
            let isNextHead =
                rest.starts(with: Array("HTTP/1.1 ".utf8)) && rest.dropFirst(9).first.map { (0x31...0x35).contains($0) } == true
            if !isNextHead { rest = rest.dropFirst(length) }
        }
    }

    private mutating func listen(_ bytes: ByteBufferView) throws {
        var parser = FrameParser(role: .client, limits: WireLimits(messageBytes: 0))
        parser.append(ByteBuffer(bytes))
        while let event = try parser.next() {
            // An id is another each time.
            if case .message(let payload, _) = event, String(buffer: payload).hasPrefix("A") {
                events.append("A")
            } else {
                events.append("\(event)")
            }
        }
        try require(parser.bufferedBytes == 0, "half a frame is sent")
    }

    // MARK: Client

    /// Our client, answered by these bytes: it has its connection or an error, once.
    ///
    /// - Parameter probes: whether the first answer is that to a probe, on the same line.
    static func dial(_ answer: [UInt8], probes: Bool = false) throws {
        let channel = EmbeddedChannel()
        let url = try EndpointURL("ws://localhost/echo")
        let handshake = ClientHandshake(url: url, userAgent: "fuzz", headers: [], key: "dGhlIHNhbXBsZSBub25jZQ==")
        let promise = channel.embeddedEventLoop.makePromise(of: Void.self)
        let endings = NIOLoopBoundBox(0, eventLoop: channel.embeddedEventLoop)
        promise.futureResult.whenComplete { _ in endings.value += 1 }
        let owner = FuzzOwner()
        let endpoint = Endpoint(
            rules: SessionRules(role: .client, declaredNamespaces: ["default"]), handlers: .defaultRelay, messageBytes: 4096,
            outboxBytes: 0, heartbeatEvery: .zero, heartbeatTimeout: .zero, logger: logger)
        let context = NIOLoopBound(LoopContext(loop: channel.embeddedEventLoop, feed: nil), eventLoop: channel.embeddedEventLoop)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 9)).wait()
        let line = try HTTPLine(channel, host: "localhost")
        let lost = probes ? { promise.fail(ClientError.ended) } : nil
        let upgrade = ClientUpgradeHandler(handshake, over: line, answer: promise, lost: lost) { remote in
            let connection = Connection(id: "", remote: remote, endpoint: endpoint, loop: context.value, owner: owner)
            return (connection, MembershipWitness(connection) { _, _ in })
        }
        if probes {
            let probed = channel.embeddedEventLoop.makePromise(of: HTTPLine?.self)
            let bound = NIOLoopBound(upgrade, eventLoop: channel.embeddedEventLoop)
            probed.futureResult.whenComplete { result in
                guard case .success(let line?) = result else { return promise.fail(ClientError.ended) }
                do { try line.handOver(to: bound.value) } catch { promise.fail(error) }
            }
            let head = HTTPRequestHead(version: .http1_1, method: .HEAD, uri: "/echo", headers: ["Host": "localhost"])
            try line.hand(to: ProbeHandler(head, over: line, answer: probed, trace: nil))
        } else {
            try line.hand(to: upgrade)
        }
        for read in [answer[..<(answer.count / 2)], answer[(answer.count / 2)...]] where channel.isActive {
            _ = try? channel.writeInbound(ByteBuffer(bytes: read))
            channel.embeddedEventLoop.run()
        }
        _ = try? channel.finish(acceptAlreadyClosed: true)
        channel.embeddedEventLoop.run()
        try require(endings.value == 1, "the dial ended \(endings.value) times")
    }
}

/// Whose connections a fuzzed client's are.
private final class FuzzOwner: ConnectionOwner {
    func decideAcknowledgement(of connection: Connection) {}
    func acknowledged(_ connection: Connection) {}
    func refused(_ connection: Connection, text: String) { connection.close() }
    func broadcast(_ message: Message, from connection: Connection?) {}
    func closed(_ connection: Connection, info: CloseInfo) {}
}
