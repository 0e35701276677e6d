import NIOCore
import NIOHTTP1

/// Sends a `HEAD` and waits for any answer to it. After that it stands guard until it is removed: whatever comes unasked ends the line.
final class ProbeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let request: HTTPRequestHead
    private let line: HTTPLine
    private let answer: EventLoopPromise<HTTPLine?>
    private let trace: (@Sendable (ClientTrace) -> Void)?
    private var head: HTTPResponseHead?

    /// - Parameter answer: told the line where it stays open for a request to come.
    init(
        _ request: HTTPRequestHead, over line: HTTPLine, answer: EventLoopPromise<HTTPLine?>, trace: (@Sendable (ClientTrace) -> Void)?
    ) {
        self.request = request
        self.line = line
        self.answer = answer
        self.trace = trace
    }

    func handlerAdded(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(request)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func handlerRemoved(context: ChannelHandlerContext) { answer.fail(ClientError.unreachable("the probe was not answered")) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), head) {
        case (.head(let head), nil):
            self.head = head
            trace?(.probeAnswered(status: Int(head.status.code)))
            guard !(request.isKeepAlive && Self.keepsLine(head)) else { return }
            // Whatever comes behind it, or does not: an answer it was.
            answer.succeed(nil)
            context.close(promise: nil)
        case (.end, .some): answer.succeed(line)
        default:
            // Nobody asked for this.
            context.close(promise: nil)
        }
    }

    /// Whether more may be asked on the line (RFC 9112 section 9.3). The decoder's own word is for an answer whose body may go on until the end,
    /// which that to a `HEAD` has not. What is not the last answer, or turns the line into something else, is a status below 200.
    private static func keepsLine(_ head: HTTPResponseHead) -> Bool {
        head.version == .http1_1 && head.status.code >= 200
            && !head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "close" }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Behind the head of an answer an error is none of the answer's.
        if head == nil { answer.fail(ClientError.unreachable(line.text(of: error))) } else { answer.succeed(nil) }
        context.close(promise: nil)
    }
}
