import Logging
import NIOCore
import NIOHTTP1
import NIOWebSocket
import NeffosFeed

/// The HTTP side of a server's channel: answers probes and refusals, and turns the channel into a ``Connection`` (protocol section 1).
///
/// NIO's upgrade handlers serve only the first request of a channel; a probe and then an upgrade on the same one must both work.
final class UpgradeHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private typealias Request = (head: HTTPRequestHead, hasBody: Bool)

    private enum Phase {
        case answering
        /// A probe's answer is held back. Requests behind it wait, and reads are withheld.
        case holding(HeldProbe)
        /// The last answer is out, or the channel is a connection: what still comes as HTTP is nobody's.
        case over
    }

    private struct HeldProbe {
        let remote: String
        let address: String
        let agent: String?
        let since: NIODeadline
        let turn: Scheduled<Void>
    }

    private let server: Server
    private let loop: LoopContext
    private var deadline: Scheduled<Void>?
    private var phase = Phase.answering
    private var pending: Request?
    /// Whole requests behind a held probe.
    private var waiting: [Request] = []
    private static let mostWaiting = 16
    /// How long the other side may take to close after our last answer: closing at once could cost it the answer.
    private static let closeWithin = TimeAmount.seconds(1)

    init(server: Server, loop: LoopContext) {
        self.server = server
        self.loop = loop
    }

    static func makeDecoder() -> ByteToMessageHandler<HTTPRequestDecoder> {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderListSize = 16 * 1024
        limits.maxHeaderFieldSize = 16 * 1024
        return ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
    }

    func handlerAdded(context: ChannelHandlerContext) { armDeadline(context) }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        if case .holding(let probe) = phase {
            phase = .over
            probe.turn.cancel()
            _ = server.admitTurn(of: probe.address, isPresent: false)
            publish(probe, admitted: false)
        }
        context.fireChannelInactive()
    }

    /// Whoever dribbles a request, or sits on an idle keep-alive, is closed.
    private func armDeadline(_ context: ChannelHandlerContext) {
        let within = server.configuration.limits.handshakeWithin
        if within > .zero { closeChannel(in: TimeAmount(within), context) }
    }

    private func closeChannel(in within: TimeAmount, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: within) { channel.close(promise: nil) }
    }

    func read(context: ChannelHandlerContext) {
        if case .holding = phase { return }
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .over = phase { return }
        switch unwrapInboundIn(data) {
        case .head(let head): pending = (head, false)
        case .body: pending?.hasBody = true
        case .end:
            guard let request = pending else { return }
            pending = nil
            guard case .holding = phase else { return answer(request, context) }
            waiting.append(request)
            if waiting.count > Self.mostWaiting { context.close(promise: nil) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard case .answering = phase, let error = error as? HTTPParserError else {
            // The decoder reports each read after its first error.
            if case .over = phase, error is ByteToMessageDecoderError { return }
            return context.close(promise: nil)
        }
        let tooLarge = error == .headerOverflow
        respond(
            tooLarge ? .requestHeaderFieldsTooLarge : .badRequest, body: tooLarge ? "headers are larger than 16 KiB" : "malformed request",
            close: true, context)
        reject(context, status: tooLarge ? 431 : 400, reason: tooLarge ? "headers too large" : "malformed request", tries: 0)
    }

    // MARK: Requests

    private func answer(_ request: Request, _ context: ChannelHandlerContext) {
        let head = request.head
        armDeadline(context)
        let close = !head.isKeepAlive || request.hasBody || head.version != .http1_1
        let isHead = head.method == .HEAD
        switch server.judge(head) {
        case .probe: probe(head, close: close, context)
        case .upgrade(let upgraded) where request.hasBody:
            respond(.badRequest, body: "an upgrade has no body", close: true, context)
            reject(context, status: 400, reason: "an upgrade has no body", tries: upgraded.tries)
        case .upgrade(let upgraded): upgrade(head, upgraded, context)
        case .refuse(let refusal, let tries):
            respond(refusal.status, headers: refusal.headers, body: refusal.reason, isHead: isHead, close: close, context)
            if refusal.wasUpgrade { reject(context, status: Int(refusal.status.code), reason: refusal.reason, tries: tries) }
        }
        // The decoder stops for good at a request that would upgrade, whatever becomes of it.
        if case .answering = phase, UpgradeRequest.wantsUpgrade(head) { renewDecoder(context) }
    }

    /// A new decoder behind the old one, which hands over what it holds when it leaves.
    private func renewDecoder(_ context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let old = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(Self.makeDecoder(), position: .after(old.handler))
            pipeline.removeHandler(context: old, promise: nil)
        } catch {
            context.close(promise: nil)
        }
    }

    private func probe(_ head: HTTPRequestHead, close: Bool, _ context: ChannelHandlerContext) {
        loop.counters.probes += 1
        let remote = Self.remote(context)
        let address = Self.address(context)
        let agent = head.headers.first(name: "User-Agent")
        switch server.admitProbe(from: address) {
        case .drop:
            loop.feed?.publish(.probe(.init(remote: remote, userAgent: agent, admitted: false)))
            phase = .over
            context.close(promise: nil)
        case .answer(let wait) where wait <= .zero:
            loop.feed?.publish(.probe(.init(remote: remote, userAgent: agent, admitted: true)))
            respond(.found, isHead: true, close: close, context)
        case .answer(let wait):
            deadline?.cancel()
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let turn = context.eventLoop.scheduleTask(in: wait) {
                let (handler, context) = bound.value
                handler.takeTurn(close: close, context)
            }
            phase = .holding(HeldProbe(remote: remote, address: address, agent: agent, since: .now(), turn: turn))
        }
    }

    private func takeTurn(close: Bool, _ context: ChannelHandlerContext) {
        guard case .holding(let probe) = phase else { return }
        let isAdmitted = server.admitTurn(of: probe.address, isPresent: true)
        publish(probe, admitted: isAdmitted)
        guard isAdmitted else {
            phase = .over
            return context.close(promise: nil)
        }
        phase = .answering
        let channel = context.channel
        respond(.found, isHead: true, close: close, context)
        while case .answering = phase, !waiting.isEmpty { answer(waiting.removeFirst(), context) }
        if case .answering = phase { armDeadline(context) }
        // Not through the context: an upgrade has taken this handler out of the pipeline.
        channel.read()
    }

    private func publish(_ probe: HeldProbe, admitted: Bool) {
        let held = Int((NIODeadline.now() - probe.since).nanoseconds / 1_000_000)
        loop.feed?.publish(.probe(.init(remote: probe.remote, userAgent: probe.agent, admitted: admitted, held: held)))
    }

    private func respond(
        _ status: HTTPResponseStatus, headers: [String: String] = [:], body: String = "", isHead: Bool = false, close: Bool,
        _ context: ChannelHandlerContext
    ) {
        var fields = HTTPHeaders(headers.map { ($0.key, $0.value) })
        let text = body.isEmpty ? "" : body + "\n"
        fields.replaceOrAdd(name: "Content-Length", value: String(text.utf8.count))
        if !text.isEmpty { fields.replaceOrAdd(name: "Content-Type", value: "text/plain; charset=utf-8") }
        if close { fields.replaceOrAdd(name: "Connection", value: "close") }
        context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: fields))), promise: nil)
        // The answer to a HEAD says how long a body would be, and has none.
        if !text.isEmpty, !isHead { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil) }
        guard close else { return context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil) }
        phase = .over
        let channel = context.channel
        let done = context.eventLoop.makePromise(of: Void.self)
        done.futureResult.whenComplete { _ in channel.close(mode: .output, promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: done)
        closeChannel(in: Self.closeWithin, context)
    }

    private func reject(_ context: ChannelHandlerContext, status: Int, reason: String, tries: Int) {
        let remote = Self.remote(context)
        loop.feed?.publish(.connectionRejected(.init(remote: remote, status: status, reason: reason, tries: tries)))
        if status == 403 {
            server.logger.warning("refused a page's connection: \(reason); add it to security.origins if it may connect")
        }
    }

    // MARK: Upgrade

    private func upgrade(_ head: HTTPRequestHead, _ request: UpgradeRequest, _ context: ChannelHandlerContext) {
        let address = Self.address(context)
        if case .refuse(let status, let reason) = server.admitUpgrade(from: address) {
            respond(HTTPResponseStatus(statusCode: status), body: reason, close: true, context)
            return reject(context, status: status, reason: reason, tries: request.tries)
        }
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
        phase = .over
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        // Computes `Sec-WebSocket-Accept`; it is done at once, having nothing to wait for.
        upgrader.buildUpgradeResponse(channel: context.channel, upgradeRequest: head, initialResponseHeaders: [:]).whenComplete { result in
            let (handler, context) = bound.value
            switch result {
            case .success(let headers): handler.complete(request, agent: head.headers.first(name: "User-Agent"), headers: headers, context)
            case .failure:
                handler.server.release(address)
                handler.respond(.badRequest, body: "malformed upgrade", close: true, context)
                handler.reject(context, status: 400, reason: "malformed upgrade", tries: request.tries)
            }
        }
    }

    private func complete(_ request: UpgradeRequest, agent: String?, headers: HTTPHeaders, _ context: ChannelHandlerContext) {
        var headers = headers
        headers.replaceOrAdd(name: "Upgrade", value: "websocket")
        headers.replaceOrAdd(name: "Connection", value: "Upgrade")
        // Known before the client is told, so that nobody who was told finds it missing.
        let connection = server.makeConnection(
            request, remote: Self.remote(context), agent: agent, address: Self.address(context), loop: loop)
        let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)

        let pipeline = context.pipeline.syncOperations
        do {
            // The connection first: what the decoder still holds goes on to it when the decoder is removed.
            try pipeline.addHandler(connection)
            let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
            let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
            pipeline.removeHandler(context: context, promise: nil)
            pipeline.removeHandler(context: encoder, promise: nil)
            let channel = context.channel
            // What came behind the request was no read of its own: its end has to be told.
            pipeline.removeHandler(context: decoder).whenComplete { _ in channel.pipeline.fireChannelReadComplete() }
        } catch {
            // The channel has gone meanwhile, and nobody else tells the connection.
            connection.ended()
            context.close(promise: nil)
        }
    }

    // MARK: Addresses

    static func remote(_ context: ChannelHandlerContext) -> String {
        guard let address = context.channel.remoteAddress else { return "" }
        return remote(address)
    }

    /// `address:port`, an IPv6 address in brackets.
    static func remote(_ address: SocketAddress) -> String {
        switch (address.ipAddress, address.port) {
        case (let ip?, let port?): ip.contains(":") ? "[\(ip)]:\(port)" : "\(ip):\(port)"
        default: address.pathname ?? ""
        }
    }

    private static func address(_ context: ChannelHandlerContext) -> String { context.channel.remoteAddress?.ipAddress ?? "" }
}
