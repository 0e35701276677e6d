import NIOCore
import NIOHTTP1
import NIOWebSocket

/// From an HTTP channel to a connection: answers 101 and changes the pipeline without losing a byte that came behind the request.
extension UpgradeHandler {
    /// - Parameter failed: called where the request turns out not to be a sound upgrade; nothing has been answered then.
    func takeOver(
        _ route: Route, _ head: HTTPRequestHead, _ request: UpgradeRequest, id: String?, headers extra: HTTPHeaders,
        _ context: ChannelHandlerContext, failed: @escaping () -> Void
    ) {
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
        let bound = NIOLoopBound((self, route, context, failed), eventLoop: context.eventLoop)
        // Computes `Sec-WebSocket-Accept`; it is done at once, having nothing to wait for.
        upgrader.buildUpgradeResponse(channel: context.channel, upgradeRequest: head, initialResponseHeaders: [:]).whenComplete { result in
            let (handler, route, context, failed) = bound.value
            switch result {
            case .success(let headers):
                let fields = extra.filter { !headers.contains(name: $0.name) }.map { ($0.name, $0.value) }
                handler.complete(route, request, id: id, headers: HTTPHeaders(fields + headers.map { ($0.name, $0.value) }), context)
            case .failure: failed()
            }
        }
    }

    private func complete(_ route: Route, _ request: UpgradeRequest, id: String?, headers: HTTPHeaders, _ context: ChannelHandlerContext) {
        var headers = headers
        headers.replaceOrAdd(name: "Upgrade", value: "websocket")
        headers.replaceOrAdd(name: "Connection", value: "Upgrade")
        let offered = request.headers[canonicalForm: "Sec-WebSocket-Protocol"]
        if let spoken = route.server.configuration.subprotocols.first(where: { offered.contains($0[...]) }) {
            headers.replaceOrAdd(name: "Sec-WebSocket-Protocol", value: spoken)
        }
        // Known before the client is told, so that nobody who was told finds it missing.
        let connection = route.server.makeConnection(request, id: id, isSecure: isSecure, loop: route.loop)
        let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)

        let pipeline = context.pipeline.syncOperations
        do {
            let channel = context.channel
            let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
            let decoder = try decoderContext(pipeline)
            // The connection may write as soon as it is there, which is nothing for an HTTP encoder; and it has to be there when the decoder
            // is removed, which hands on what it still holds.
            if case .embedded(let others) = hosting { for other in others { pipeline.removeHandler(other, promise: nil) } }
            pipeline.removeHandler(context: encoder, promise: nil)
            try pipeline.addHandler(ConnectionHandler(connection))
            pipeline.removeHandler(context: context, promise: nil)
            // What came behind the request was no read of its own: its end has to be told.
            pipeline.removeHandler(context: decoder).whenComplete { _ in channel.pipeline.fireChannelReadComplete() }
        } catch {
            // The channel has gone meanwhile, and nobody else tells the connection.
            connection.ended()
            context.close(promise: nil)
        }
    }
}
