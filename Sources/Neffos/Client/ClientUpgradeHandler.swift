import NIOCore
import NIOHTTP1

/// Sends the upgrade request, judges the answer, and hands the channel to a ``Connection`` without losing a byte that came with it.
final class ClientUpgradeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private enum State {
        case asked
        /// Another status than 101; the beginning of its body.
        case refused(status: Int, body: ByteBuffer)
        /// The HTTP handlers are being removed; what was behind the answer comes as bytes.
        case switching(early: [NIOAny])
        case done
    }

    private let handshake: ClientHandshake
    private let line: HTTPLine
    private let answer: EventLoopPromise<Void>
    private let makeConnection: @Sendable (String) -> (Connection, any ChannelHandler & Sendable)?
    /// Called instead of a failure where the line ends, or turns out to be out of step, before there is any answer.
    private let lost: (() -> Void)?
    private var state = State.asked

    /// Of a refusal's body, enough for a sentence.
    private static let bodyBytes = 512

    /// - Parameter lost: for a line that was used before, which its server may close at any time: called where it is of no use.
    init(
        _ handshake: ClientHandshake, over line: HTTPLine, answer: EventLoopPromise<Void>, lost: (() -> Void)? = nil,
        makeConnection: @escaping @Sendable (String) -> (Connection, any ChannelHandler & Sendable)?
    ) {
        self.handshake = handshake
        self.line = line
        self.answer = answer
        self.lost = lost
        self.makeConnection = makeConnection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let sent = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        sent.futureResult.whenFailure { error in
            // The validator in front lets nothing pass that could begin another header.
            if error is HTTPParserError { bound.value.fail(.invalidHeaders) }
        }
        context.write(wrapOutboundOut(.head(handshake.request)), promise: sent)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func handlerRemoved(context: ChannelHandlerContext) { end(.unreachable("the connection was lost before the answer")) }

    func channelInactive(context: ChannelHandlerContext) {
        if case .refused = state { endRefusal(context) }
        end(.unreachable("the connection was lost before the answer"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .refused = state { endRefusal(context) }
        end(error is HTTPParserError ? .malformedUpgrade(line.text(of: error)) : .unreachable(line.text(of: error)))
        context.close(promise: nil)
    }

    /// The line has ended, or something else came than an answer: the late body of one that has none, say.
    private func end(_ error: ClientError) {
        guard case .asked = state, let lost else { return fail(error) }
        state = .done
        lost()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .switching(var early):
            early.append(data)
            state = .switching(early: early)
            return
        case .done: return
        case .asked, .refused: break
        }
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard head.status == .switchingProtocols else {
                state = .refused(status: Int(head.status.code), body: ByteBuffer())
                return
            }
            if let fault = handshake.fault(in: head) {
                fail(.malformedUpgrade(fault))
                context.close(promise: nil)
            }
        case .body(var part):
            guard case .refused(let status, var body) = state else { return }
            var piece = part.readSlice(length: min(part.readableBytes, Self.bodyBytes - body.readableBytes)) ?? ByteBuffer()
            body.writeBuffer(&piece)
            state = .refused(status: status, body: body)
            if body.readableBytes >= Self.bodyBytes { endRefusal(context) }
        case .end:
            if case .refused = state { endRefusal(context) } else { switchHandlers(context) }
        }
    }

    private func endRefusal(_ context: ChannelHandlerContext) {
        guard case .refused(let status, let body) = state else { return }
        fail(.upgradeRefused(status: status, body: String(buffer: body).trimmingLineEnd))
        context.close(promise: nil)
    }

    private func fail(_ error: ClientError) {
        if case .done = state { return }
        state = .done
        answer.fail(error)
    }

    // MARK: Taking over

    /// The decoder gives back what it holds when it has left, which takes a turn of the loop: the rest waits for that.
    private func switchHandlers(_ context: ChannelHandlerContext) {
        state = .switching(early: [])
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        line.removeCodec().whenComplete { _ in
            let (handler, context) = bound.value
            handler.handOver(context)
        }
    }

    private func handOver(_ context: ChannelHandlerContext) {
        guard case .switching(let early) = state, context.channel.isActive else { return }
        guard let (connection, witness) = makeConnection(context.channel.remoteAddress.map(UpgradeHandler.remote) ?? "") else {
            fail(.ended)
            context.close(promise: nil)
            return
        }
        state = .done
        do {
            try context.pipeline.syncOperations.addHandlers([witness, ConnectionHandler(connection)], position: .after(self))
        } catch {
            answer.fail(ClientError.unreachable("\(error)"))
            context.close(promise: nil)
            return
        }
        answer.succeed()
        for data in early { context.fireChannelRead(data) }
        if !early.isEmpty { context.fireChannelReadComplete() }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
}

extension String {
    fileprivate var trimmingLineEnd: String {
        var text = self[...]
        while let last = text.last, last.isNewline { text = text.dropLast() }
        return String(text)
    }
}
