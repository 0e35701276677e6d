import NIOCore

/// First in the pipeline of a connection from a trusted proxy, before TLS: takes a PROXY header off it, if there is one, tells the handlers
/// behind who the client is, and leaves.
final class ProxyHeaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private var bytes: ByteBuffer?
    private var isDone = false
    private let malformed: (String) -> Void

    /// - Parameter malformed: called with what is wrong before a connection is closed for its header.
    init(malformed: @escaping (String) -> Void) { self.malformed = malformed }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        var read = unwrapInboundIn(data)
        if bytes == nil { bytes = read } else { bytes?.writeBuffer(&read) }
        guard var all = bytes else { return }
        switch all.withUnsafeReadableBytes(ProxyHeader.parse) {
        case .incomplete: return
        case .malformed(let what):
            isDone = true
            bytes = nil
            malformed(what)
            return context.close(promise: nil)
        case .absent: break
        case .header(let source, let length):
            all.moveReaderIndex(forwardBy: length)
            if let source {
                context.fireUserInboundEventTriggered(ClientAddress(source.address, port: source.port))
            }
        }
        isDone = true
        bytes = nil
        if all.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(all)) }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
}
