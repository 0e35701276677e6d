import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOTLS

/// Makes a client's TCP and TLS connections to its endpoint, for probes and upgrades.
struct Dialer: Sendable {
    let url: EndpointURL
    /// Where the URL has an address, no name: nothing is to be looked up then, in which a crowd of clients would stand in line.
    private let address: SocketAddress?
    private let tls: NIOSSLContext?
    private let outboxBytes: Int
    private let userAgent: String
    private let localAddress: SocketAddress?
    private let trace: (@Sendable (ClientTrace) -> Void)?

    /// - Throws: ``ClientError``
    init(url: EndpointURL, configuration: ClientConfiguration) throws(ClientError) {
        self.url = url
        self.address = try? SocketAddress(ipAddress: url.host, port: url.port)
        self.outboxBytes = configuration.outboxBytes
        self.userAgent = configuration.userAgent
        self.localAddress = try configuration.localAddress.map { text throws(ClientError) in try Self.localAddress(text) }
        self.trace = configuration.trace
        self.tls = url.isSecure ? try Self.context(configuration.tls) : nil
    }

    private static func localAddress(_ text: String) throws(ClientError) -> SocketAddress {
        do { return try SocketAddress(ipAddress: text, port: 0) } catch {
            throw .invalidLocalAddress("\"\(ClientError.printable(text))\" is no IP address to dial from")
        }
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
            try pipeline.addHandler(ProbeHandler(request, answer: answer, trace: trace))
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
        let dial = dial(on: loop, within: limit) { pipeline, answer in
            let http = try addHTTP(to: pipeline)
            let handler = ClientUpgradeHandler(handshake, http: http, answer: answer, makeConnection: makeConnection)
            try pipeline.addHandler(handler)
        }
        if let trace { dial.result.whenSuccess { trace(.upgraded) } }
        return dial
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

    /// To the address where that is known, which no lookup has to find.
    private func connectTCP(_ bootstrap: ClientBootstrap) -> EventLoopFuture<any Channel> {
        address.map { bootstrap.connect(to: $0) } ?? bootstrap.connect(host: url.host, port: url.port)
    }

    /// - Parameter install: adds the handlers that complete the promise, once the TCP connection is there.
    private func dial(
        on loop: any EventLoop, within limit: Duration,
        install: @escaping @Sendable (ChannelPipeline.SynchronousOperations, EventLoopPromise<Void>) throws -> Void
    ) -> Dial<Void> {
        let dial = Dial<Void>(on: loop, within: limit)
        var bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(limit))
            .channelInitializer { [outboxBytes] channel in
                channel.eventLoop.makeCompletedFuture {
                    guard outboxBytes > 0 else { return }
                    // An outbox that holds its bound is full: a connection asks whether its channel is writable.
                    let mark = ChannelOptions.Types.WriteBufferWaterMark(low: max(1, outboxBytes - 1), high: max(1, outboxBytes - 1))
                    try channel.syncOptions?.setOption(.writeBufferWaterMark, value: mark)
                }
            }
        if let localAddress {
            // The port is chosen when the other end is known too: it has to be unique for the pair only.
            bootstrap = bootstrap.bind(to: localAddress)
                .channelOption(ChannelOptions.Types.SocketOption(level: .ip, name: Self.bindAddressNoPort), value: 1)
        }
        // The handlers come once TCP is connected: of several addresses that are tried at once, only one gets a request.
        let connecting =
            if let path = url.socketPath {
                bootstrap.connect(unixDomainSocketPath: path)
            } else {
                connectTCP(bootstrap.channelOption(.socketOption(.tcp_nodelay), value: 1))
            }
        connecting.whenComplete { result in
            switch result {
            case .failure(let error): dial.promise.fail(ClientError.unreachable(Self.text(of: error)))
            case .success(let channel):
                dial.adopt(channel)
                trace?(.connected)
                do {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: serverName)) }
                    if tls != nil, let trace { try pipeline.addHandler(SecuredHandler(trace)) }
                    try install(pipeline, dial.promise)
                } catch {
                    channel.close(promise: nil)
                    dial.promise.fail(ClientError.unreachable(Self.text(of: error)))
                }
            }
        }
        return dial
    }

    /// `IP_BIND_ADDRESS_NO_PORT` of Linux.
    private static let bindAddressNoPort = NIOBSDSocket.Option(rawValue: 24)

    /// The name to verify; an address is none (RFC 6066 section 3).
    private var serverName: String? { address == nil ? url.host : nil }

    /// What went wrong, in words, where NIO's error would list each address that was tried.
    static func text(of error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError: error.connectionErrors.first.map { text(of: $0.error) } ?? "\(error.host) is not known"
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case NIOSSLError.handshakeFailed(let reason): "TLS: \(words(of: "\(reason)"))"
        default: "\(error)"
        }
    }

    /// `wrong version number`, where the library names a place in its source too.
    private static func words(of reason: String) -> String {
        guard let start = reason.firstRange(of: "OPENSSL_internal:")?.upperBound else { return reason }
        let name = reason[start...].prefix { $0 != " " && $0 != "]" }
        return name.lowercased().replacing("_", with: " ")
    }
}

/// Tells when TLS is there.
private final class SecuredHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let trace: @Sendable (ClientTrace) -> Void

    init(_ trace: @escaping @Sendable (ClientTrace) -> Void) { self.trace = trace }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { trace(.secured) }
        context.fireUserInboundEventTriggered(event)
    }
}
