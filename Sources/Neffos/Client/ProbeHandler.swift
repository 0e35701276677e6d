import NIOCore
import NIOHTTP1

/// Sends a `HEAD` and waits for any answer to it.
final class ProbeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let request: HTTPRequestHead
    private let answer: EventLoopPromise<Void>
    private let trace: (@Sendable (ClientTrace) -> Void)?

    init(_ request: HTTPRequestHead, answer: EventLoopPromise<Void>, trace: (@Sendable (ClientTrace) -> Void)?) {
        self.request = request
        self.answer = answer
        self.trace = trace
    }

    func handlerAdded(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(request)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func handlerRemoved(context: ChannelHandlerContext) { answer.fail(ClientError.unreachable("the probe was not answered")) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        trace?(.probeAnswered(status: Int(head.status.code)))
        answer.succeed()
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(ClientError.unreachable(Dialer.text(of: error)))
        context.close(promise: nil)
    }
}
