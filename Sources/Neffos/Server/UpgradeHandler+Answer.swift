import NIOCore
import NIOHTTP1
import NeffosFeed

/// Answers that end a request without a connection.
extension UpgradeHandler {
    /// How long the other side may take to close after our last answer: closing at once could cost it the answer.
    private static let closeWithin = TimeAmount.seconds(1)
    /// The same for an answer that a socket may not take at once.
    private static let closeLargeWithin = TimeAmount.seconds(10)
    private static let largeBytes = 16 * 1024

    func respond(
        _ status: HTTPResponseStatus, headers: HTTPHeaders = [:], body: String = "", isHead: Bool = false, close: Bool,
        _ context: ChannelHandlerContext
    ) {
        var fields = headers
        let text = body.isEmpty ? "" : body + "\n"
        if !text.isEmpty, !fields.contains(name: "Content-Type") {
            fields.replaceOrAdd(name: "Content-Type", value: "text/plain; charset=utf-8")
        }
        send(HTTPAnswer(status: status, headers: fields, body: ByteBuffer(string: text)), isHead: isHead, close: close, context)
    }

    func send(_ answer: HTTPAnswer, isHead: Bool, close: Bool, _ context: ChannelHandlerContext) {
        var fields = answer.headers
        fields.replaceOrAdd(name: "Content-Length", value: String(answer.body.readableBytes))
        if close { fields.replaceOrAdd(name: "Connection", value: "close") }
        context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: answer.status, headers: fields))), promise: nil)
        // The answer to a HEAD says how long a body would be, and has none.
        if answer.body.readableBytes > 0, !isHead { context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil) }
        let done = close ? context.eventLoop.makePromise(of: Void.self) : nil
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: done)
        guard let done else { return }
        phase = .over
        let channel = context.channel
        done.futureResult.whenComplete { _ in channel.close(mode: .output, promise: nil) }
        closeChannel(in: answer.body.readableBytes > Self.largeBytes ? Self.closeLargeWithin : Self.closeWithin, context)
    }

    /// No more requests: what was answered is still delivered.
    func endOutput(_ context: ChannelHandlerContext) {
        phase = .over
        context.channel.close(mode: .output, promise: nil)
        closeChannel(in: Self.closeWithin, context)
    }

    func reject(_ route: Route, _ context: ChannelHandlerContext, status: Int, reason: String, tries: Int) {
        let remote = Self.remote(context)
        route.loop.feed?.publish(.connectionRejected(.init(remote: remote, status: status, reason: reason, tries: tries)))
        route.server.hooks.onUpgradeError?(
            UpgradeError(remote: remote, status: status, reason: reason, tries: tries, isTryingToReconnect: false))
        if status == 403, reason.hasPrefix("origin ") {
            route.server.edge.refusals.warn(
                "refused a page's connection: \(reason); add it to security.origins if it may connect", logger: route.server.logger)
        }
    }
}
