import NIOCore

/// The place of a ``Connection`` in its channel: the last handler, which is nobody's to call but NIO's.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Never
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let connection: Connection

    init(_ connection: Connection) { self.connection = connection }

    func handlerAdded(context: ChannelHandlerContext) { connection.handlerAdded(context: context) }
    func handlerRemoved(context: ChannelHandlerContext) { connection.handlerRemoved(context: context) }
    func channelRead(context: ChannelHandlerContext, data: NIOAny) { connection.channelRead(unwrapInboundIn(data)) }
    func channelReadComplete(context: ChannelHandlerContext) { connection.channelReadComplete() }
    func read(context: ChannelHandlerContext) { connection.read(context: context) }
    func channelWritabilityChanged(context: ChannelHandlerContext) { connection.channelWritabilityChanged(context: context) }
    func channelInactive(context: ChannelHandlerContext) { connection.channelInactive(context: context) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { connection.errorCaught(context: context, error: error) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        connection.userInboundEventTriggered(context: context, event: event)
    }
}
