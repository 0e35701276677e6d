import NIOCore
import NIOHTTP1

/// HTTP/1.1 decoders, of requests and of answers, that leave to others what comes behind the HTTP.
enum HTTPDecoders {
    /// Makes the generic types once, on one thread. With Swift 6.3, event loops that do it at the same moment crash in the runtime
    /// (`swift_checkMetadataState` of null): one looks for the conformance of a class that another has not finished. A server meets that
    /// when all its clients come back in its first millisecond. Seen in debug builds.
    static let typesAreMade: Void = {
        _ = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
        _ = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
    }()

    /// - Parameter headerBytes: that all headers together may have, and one of them.
    static func requests(headerBytes: Int) -> ByteToMessageHandler<HTTPRequestDecoder> {
        typesAreMade
        let limits = limits(ofOne: headerBytes, ofAll: headerBytes)
        return ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
    }

    /// - Parameters: bytes that one header may have, and all of them together.
    static func answers(headerBytes: Int, allHeaderBytes: Int) -> ByteToMessageHandler<HTTPResponseDecoder> {
        typesAreMade
        let limits = limits(ofOne: headerBytes, ofAll: allHeaderBytes)
        return ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
    }

    private static func limits(ofOne: Int, ofAll: Int) -> NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = ofOne
        limits.maxHeaderListSize = ofAll
        return limits
    }
}
