import NIOCore
import NIOHTTP1

/// A client's TCP connection to its server while it speaks HTTP/1.1: made for a probe and, where the server keeps it open, used for the
/// upgrade too (RFC 9112 section 9.3). Touched on the client's loop only.
struct HTTPLine: Sendable {
    let channel: any Channel
    /// Leaves when the channel becomes a WebSocket.
    private let codec: NIOLoopBound<[any RemovableChannelHandler]>

    /// HTTP/1.1 with bounded headers. The encoder is nearest to the network, so that the decoder sees which request an answer is for.
    init(_ channel: any Channel) throws {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 16 * 1024
        limits.maxHeaderListSize = 32 * 1024
        let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
        let codec: [any RemovableChannelHandler] = [HTTPRequestEncoder(), decoder, NIOHTTPRequestHeadersValidator()]
        self.channel = channel
        self.codec = NIOLoopBound(codec, eventLoop: channel.eventLoop)
        try channel.pipeline.syncOperations.addHandlers(codec)
    }

    /// Adds the handler that sends a request and takes its answer, on a new line.
    func hand(to handler: any ChannelHandler) throws { try channel.pipeline.syncOperations.addHandler(handler) }

    /// Puts the handler of the next request in the place of the probe's, which has stood guard until now.
    func handOver(to handler: any ChannelHandler) throws {
        let pipeline = channel.pipeline.syncOperations
        pipeline.removeHandler(context: try pipeline.context(handlerType: ProbeHandler.self), promise: nil)
        try pipeline.addHandler(handler)
    }

    /// Ends HTTP on this channel: what came behind the last answer is forwarded as bytes, before the future completes.
    func removeCodec() -> EventLoopFuture<Void> {
        let pipeline = channel.pipeline.syncOperations
        return .andAllComplete(codec.value.map { pipeline.removeHandler($0) }, on: channel.eventLoop)
    }

    func close() { channel.close(promise: nil) }
}
