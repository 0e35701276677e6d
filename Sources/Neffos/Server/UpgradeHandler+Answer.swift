import NIOCore
import NIOHTTP1
import NeffosFeed

/// Answers that end a request without a connection.
extension UpgradeHandler {
    /// How long the other side may take to close after our last answer: closing at once could cost it the answer.
    private static let closeWithin = TimeAmount.seconds(1)

    func respond(
        _ status: HTTPResponseStatus, headers: HTTPHeaders = [:], body: String = "", isHead: Bool = false, close: Bool,
        _ context: ChannelHandlerContext
    ) {
        var fields = headers
        let text = body.isEmpty ? "" : body + "\n"
        fields.replaceOrAdd(name: "Content-Length", value: String(text.utf8.count))
        if !text.isEmpty, !fields.contains(name: "Content-Type") {
            fields.replaceOrAdd(name: "Content-Type", value: "text/plain; charset=utf-8")
        }
        if close { fields.replaceOrAdd(name: "Connection", value: "close") }
        context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: fields))), promise: nil)
        // The answer to a HEAD says how long a body would be, and has none.
        if !text.isEmpty, !isHead { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil) }
        let done = close ? context.eventLoop.makePromise(of: Void.self) : nil
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: done)
        guard let done else { return }
        phase = .over
        let channel = context.channel
        done.futureResult.whenComplete { _ in channel.close(mode: .output, promise: nil) }
        closeChannel(in: Self.closeWithin, context)
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
