import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Makes a client's TCP and TLS connections to its endpoint, for probes and upgrades.
struct Dialer: Sendable {
    let url: EndpointURL
    private let tls: NIOSSLContext?
    private let outboxBytes: Int
    private let userAgent: String

    /// - Throws: ``ClientError``
    init(url: EndpointURL, configuration: ClientConfiguration) throws(ClientError) {
        self.url = url
        self.outboxBytes = configuration.outboxBytes
        self.userAgent = configuration.userAgent
        self.tls = url.isSecure ? try Self.context(configuration.tls) : nil
    }

    private static func context(_ trust: ClientConfiguration.TLS) throws(ClientError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.applicationProtocols = ["http/1.1"]
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification =
            switch trust.verification {
            case .full: .fullVerification
            case .anyHost: .noHostnameVerification
            case .none: .none
            }
        do {
            if !trust.trustedCertificates.isEmpty {
                configuration.trustRoots = .certificates(try trust.trustedCertificates.flatMap { try NIOSSLCertificate.fromPEMFile($0) })
            }
        } catch {
            throw .invalidTrust("a certificate to trust cannot be used: \(error)")
        }
        do {
            if let identity = trust.identity {
                configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(identity.certificate).map { .certificate($0) }
                configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: identity.key, format: .pem))
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            let what = trust.identity == nil ? "TLS cannot be used" : "the client's certificate cannot be used"
            throw .invalidIdentity("\(what): \(error)")
        }
    }

    /// Asks with `HEAD` whether the server is there: any HTTP answer says so, everything else does not (protocol section 7).
    ///
    /// The probe carries no header of the application, no id and no number of tries.
    func probe(on loop: any EventLoop, within limit: Duration) -> Dial<Void> {
        var head = HTTPRequestHead(version: .http1_1, method: .HEAD, uri: url.target)
        head.headers = ["Host": url.hostHeader, "User-Agent": userAgent, "Connection": "close"]
        let request = head
        return dial(on: loop, within: limit) { pipeline, answer in
            try addHTTP(to: pipeline)
            try pipeline.addHandler(ProbeHandler(request, answer: answer))
        }
    }

    /// Upgrades a new connection to a WebSocket.
    ///
    /// - Parameters:
    ///   - headers: the application's and ours, last ones first in rank; those of the handshake are left out.
    ///   - makeConnection: called on the loop with the server's address, once its answer is right; what it gives takes the channel over.
    func upgrade(
        on loop: any EventLoop, within limit: Duration, headers: [(String, String)],
        makeConnection: @escaping @Sendable (_ remote: String) -> (Connection, any ChannelHandler & Sendable)?
    ) -> Dial<Void> {
        let handshake = ClientHandshake(url: url, userAgent: userAgent, headers: headers)
        return dial(on: loop, within: limit) { pipeline, answer in
            let http = try addHTTP(to: pipeline)
            let handler = ClientUpgradeHandler(handshake, http: http, answer: answer, makeConnection: makeConnection)
            try pipeline.addHandler(handler)
        }
    }

    /// HTTP/1.1 with bounded headers. The encoder is nearest to the network, so that the decoder sees which request an answer is for.
    @discardableResult
    private func addHTTP(to pipeline: ChannelPipeline.SynchronousOperations) throws -> [any RemovableChannelHandler] {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 16 * 1024
        limits.maxHeaderListSize = 32 * 1024
        let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
        let handlers: [any RemovableChannelHandler] = [HTTPRequestEncoder(), decoder, NIOHTTPRequestHeadersValidator()]
        try pipeline.addHandlers(handlers)
        return handlers
    }

    /// - Parameter install: adds the handlers that complete the promise, once the TCP connection is there.
    private func dial(
        on loop: any EventLoop, within limit: Duration,
        install: @escaping @Sendable (ChannelPipeline.SynchronousOperations, EventLoopPromise<Void>) throws -> Void
    ) -> Dial<Void> {
        let dial = Dial<Void>(on: loop, within: limit)
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(limit))
            .channelInitializer { [outboxBytes] channel in
                channel.eventLoop.makeCompletedFuture {
                    guard outboxBytes > 0 else { return }
                    // An outbox that holds its bound is full: a connection asks whether its channel is writable.
                    let mark = ChannelOptions.Types.WriteBufferWaterMark(low: max(1, outboxBytes - 1), high: max(1, outboxBytes - 1))
                    try channel.syncOptions?.setOption(.writeBufferWaterMark, value: mark)
                }
            }
        // The handlers come once TCP is connected: of several addresses that are tried at once, only one gets a request.
        let connecting =
            if let path = url.socketPath {
                bootstrap.connect(unixDomainSocketPath: path)
            } else {
                bootstrap.channelOption(.socketOption(.tcp_nodelay), value: 1).connect(host: url.host, port: url.port)
            }
        connecting.whenComplete { result in
            switch result {
            case .failure(let error): dial.promise.fail(ClientError.unreachable(Self.text(of: error)))
            case .success(let channel):
                dial.adopt(channel)
                do {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: serverName)) }
                    try install(pipeline, dial.promise)
                } catch {
                    channel.close(promise: nil)
                    dial.promise.fail(ClientError.unreachable(Self.text(of: error)))
                }
            }
        }
        return dial
    }

    /// The name to verify; an address is none (RFC 6066 section 3).
    private var serverName: String? { (try? SocketAddress(ipAddress: url.host, port: 0)) == nil ? url.host : nil }

    /// What went wrong, in words, where NIO's error would list each address that was tried.
    static func text(of error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError: error.connectionErrors.first.map { text(of: $0.error) } ?? "\(error.host) is not known"
        case let error as IOError: String(cString: strerror(error.errnoCode))
        default: "\(error)"
        }
    }
}
