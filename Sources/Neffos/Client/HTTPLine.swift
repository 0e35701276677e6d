import NIOCore
import NIOHTTP1
import NIOSSL
import NeffosFeed

/// A client's TCP connection to its server while it speaks HTTP/1.1: made for a probe and, where the server keeps it open, used for the
/// upgrade too (RFC 9112 section 9.3). Touched on the client's loop only.
struct HTTPLine: Sendable {
    let channel: any Channel
    /// The server, as the URL names it.
    private let host: String
    /// Leaves when the channel becomes a WebSocket.
    private let codec: NIOLoopBound<[any RemovableChannelHandler]>

    /// HTTP/1.1 with bounded headers. The encoder is nearest to the network, so that the decoder sees which request an answer is for.
    init(_ channel: any Channel, host: String) throws {
        let decoder = HTTPDecoders.answers(headerBytes: 16 * 1024, allHeaderBytes: 32 * 1024)
        let codec: [any RemovableChannelHandler] = [HTTPRequestEncoder(), decoder, NIOHTTPRequestHeadersValidator()]
        self.channel = channel
        self.host = host
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

    /// What went wrong, in words. Of TLS only within the call that tells of it: then there still is a certificate to look at.
    func text(of error: any Error) -> String {
        let tls = try? channel.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)
        return TLSProblem.text(of: error, host: host, peer: tls?.peerCertificate, at: .now()) ?? Dialer.text(of: error)
    }

    func close() { channel.close(promise: nil) }
}
