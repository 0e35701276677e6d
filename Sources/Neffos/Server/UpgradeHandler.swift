import Logging
import NIOCore
import NIOHTTP1
import NeffosFeed

/// The HTTP side of a server's channel: answers probes and refusals, and turns the channel into a ``Connection`` (protocol section 1).
///
/// NIO's upgrade handlers serve only the first request of a channel; a probe and then an upgrade on the same one must both work.
final class UpgradeHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// An endpoint that requests of this channel may be for, on the channel's loop.
    struct Route {
        let server: Server
        let loop: LoopContext
    }

    /// Whose the HTTP pipeline is.
    enum Hosting {
        /// Our own: what is for no endpoint is answered 404, and whoever dribbles is closed.
        case own
        /// Somebody else's: what is for no endpoint goes on to the handlers behind, which leave with `removing` when a connection begins.
        case embedded(removing: [any RemovableChannelHandler])
    }

    struct Request {
        let route: Route?
        let head: HTTPRequestHead
        var hasBody = false
    }

    enum Phase {
        case answering
        /// A probe's answer is held back. What comes behind it waits, and reads are withheld.
        case holding(HeldProbe)
        /// The application decides about an upgrade; likewise.
        case deciding(Route)
        /// The application answers a request that is for no endpoint; likewise.
        case asking
        /// The last answer is out, or the channel is a connection: what still comes as HTTP is nobody's.
        case over
    }

    struct HeldProbe {
        let route: Route
        let agent: String?
        let since: NIODeadline
        let turn: Scheduled<Void>
    }

    let hosting: Hosting
    let routes: [Route]
    var deadline: Scheduled<Void>?
    var phase = Phase.answering
    private var pending: Request?
    /// Whether the current request is for the handlers behind.
    private var isPassing = false
    /// Parts of requests behind one that waits.
    private var waiting: [HTTPServerRequestPart] = []
    private static let mostWaiting = 64

    /// The other side of the channel, or who its proxy said in a PROXY header.
    private var peer: ClientAddress?
    /// Who sent the current request.
    private var client: ClientAddress?
    /// The decoder of now, where it is not the channel's first.
    private var decoder: ByteToMessageHandler<HTTPRequestDecoder>?
    /// The address whose probe came last on this channel.
    var probed: String?
    private var answered = 0
    /// Requests that are answered before the channel is closed: whoever sends on and on without reading holds no more answers than these.
    private static let mostRequests = 128

    init(_ routes: [Route], hosting: Hosting = .own) {
        self.routes = routes
        self.hosting = hosting
    }

    static func makeDecoder() -> ByteToMessageHandler<HTTPRequestDecoder> { HTTPDecoders.requests(headerBytes: 16 * 1024) }

    private var isOwn: Bool { if case .own = hosting { true } else { false } }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        peer = routes.first?.server.edge.peer(of: context.channel)
        armDeadline(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let told = event as? ClientAddress { peer = told }
        context.fireUserInboundEventTriggered(event)
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        let last = phase
        phase = .over
        waiting = []
        switch last {
        case .holding(let probe):
            probe.turn.cancel()
            _ = probe.route.server.admitTurn(of: Self.address(context), isPresent: false)
            publish(probe, admitted: false, context)
        case .deciding(let route): route.server.release(Self.address(context))
        case .answering, .asking, .over: break
        }
        context.fireChannelInactive()
    }

    /// Whoever dribbles a request, or sits on an idle keep-alive, is closed.
    private func armDeadline(_ context: ChannelHandlerContext) {
        guard isOwn, let within = routes.first?.server.limits.handshakeWithin, within > .zero else { return }
        closeChannel(in: TimeAmount(within), context)
    }

    func closeChannel(in within: TimeAmount, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: within) { channel.close(promise: nil) }
    }

    private var isWaiting: Bool {
        switch phase {
        case .holding, .deciding, .asking: true
        case .answering, .over: false
        }
    }

    func read(context: ChannelHandlerContext) {
        if !isWaiting { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch phase {
        case .over: break
        case .answering: take(part, context)
        case .holding, .deciding, .asking:
            waiting.append(part)
            if waiting.count > Self.mostWaiting { context.close(promise: nil) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard isOwn else { return context.fireErrorCaught(error) }
        guard case .answering = phase, let error = error as? HTTPParserError else {
            // The decoder reports each read after its first error.
            if case .over = phase, error is ByteToMessageDecoderError { return }
            return context.close(promise: nil)
        }
        let isTooLarge = error == .headerOverflow
        let status = isTooLarge ? HTTPResponseStatus.requestHeaderFieldsTooLarge : .badRequest
        respond(status, body: isTooLarge ? "headers are larger than 16 KiB" : "malformed request", close: true, context)
        guard let route = routes.first else { return }
        reject(route, context, status: Int(status.code), reason: isTooLarge ? "headers too large" : "malformed request", tries: 0)
    }

    // MARK: Requests

    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head):
            let route = routes.first { $0.server.isEndpoint(of: head) }
            isPassing = route == nil && !isOwn
            if !isPassing { pending = Request(route: route, head: head) }
        case .body: pending?.hasBody = true
        case .end:
            guard let request = pending else { break }
            pending = nil
            return answer(request, context)
        }
        if isPassing { context.fireChannelRead(wrapInboundOut(part)) }
    }

    private func answer(_ request: Request, _ context: ChannelHandlerContext) {
        let head = request.head
        armDeadline(context)
        let nobody = ClientAddress(nil)
        let sender = routes.first?.server.edge.client(peer: peer ?? nobody, headers: head.headers) ?? nobody
        client = sender
        answered += 1
        let close =
            !head.isKeepAlive || request.hasBody || head.headers.contains(name: "Transfer-Encoding") || head.version != .http1_1
            || isOwn && answered >= Self.mostRequests
        let isHead = head.method == .HEAD
        guard let route = request.route else {
            if isOwn, ask(request, close: close, context) { return }
            respond(.notFound, body: "not found", isHead: isHead, close: close, context)
            return afterRefusal(of: head, context)
        }
        switch route.server.judge(head, from: sender) {
        case .probe: return probe(route, head, close: close, context)
        case .upgrade(let upgraded) where request.hasBody:
            respond(.badRequest, body: "an upgrade has no body", close: true, context)
            reject(route, context, status: 400, reason: "an upgrade has no body", tries: upgraded.tries)
        case .upgrade(var upgraded):
            upgraded.remote = Self.remote(context)
            return upgrade(route, head, upgraded, context)
        case .refuse(let refusal, let tries):
            respond(refusal.status, headers: refusal.headers, body: refusal.reason, isHead: isHead, close: close, context)
            if refusal.wasUpgrade {
                reject(route, context, status: Int(refusal.status.code), reason: refusal.reason, tries: tries)
            }
        }
        afterRefusal(of: head, context)
    }

    /// The decoder stops for good at a request that would upgrade, whatever becomes of it.
    private func afterRefusal(of head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard case .answering = phase, UpgradeRequest.wantsUpgrade(head) else { return }
        guard isOwn else { return endOutput(context) }
        renewDecoder(context)
    }

    /// A new decoder behind the old one, which hands over what it holds when it leaves.
    private func renewDecoder(_ context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let old = try decoderContext(pipeline)
            let new = Self.makeDecoder()
            try pipeline.addHandler(new, position: .after(old.handler))
            decoder = new
            pipeline.removeHandler(context: old, promise: nil)
        } catch {
            context.close(promise: nil)
        }
    }

    /// The place of the decoder that this handler's requests come from. By its type it would not be found for sure: one that it took over from
    /// stays until it has handed on what it held, which may hold the very request that this is about.
    func decoderContext(_ pipeline: ChannelPipeline.SynchronousOperations) throws -> ChannelHandlerContext {
        guard let decoder else { return try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self) }
        return try pipeline.context(handler: decoder)
    }

    /// Goes on with what came behind a request that had to wait.
    func goOn(_ context: ChannelHandlerContext) {
        let channel = context.channel
        while case .answering = phase, !waiting.isEmpty { take(waiting.removeFirst(), context) }
        if case .answering = phase { armDeadline(context) }
        // Not through the context: an upgrade has taken this handler out of the pipeline.
        channel.read()
    }

    // MARK: Addresses

    /// Whether the client is known to speak TLS, with us or with its proxy.
    var isSecure: Bool { client?.isSecure ?? false }

    static func remote(_ context: ChannelHandlerContext) -> String {
        guard let handler = context.handler as? UpgradeHandler, let client = handler.client ?? handler.peer else { return "" }
        return client.remote
    }

    /// `address:port`, an IPv6 address in brackets.
    static func remote(_ address: SocketAddress) -> String {
        switch (address.ipAddress, address.port) {
        case (let ip?, let port?): ip.contains(":") ? "[\(ip)]:\(port)" : "\(ip):\(port)"
        default: address.pathname ?? ""
        }
    }

    static func address(_ context: ChannelHandlerContext) -> String { (context.handler as? UpgradeHandler)?.client?.address ?? "" }
}
