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
        if !trust.trustedCertificates.isEmpty {
            do { configuration.trustRoots = .certificates(try trust.trustedCertificates.flatMap(PEMFile.certificates)) } catch {
                throw .invalidTrust("\(error)")
            }
        }
        do {
            if let identity = trust.identity {
                configuration.certificateChain = try PEMFile.certificates(identity.certificate).map { .certificate($0) }
                configuration.privateKey = .privateKey(try PEMFile.key(identity.key))
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
    ///
    /// - Parameter keepsLine: whether the line may stay open behind the answer; else the server is asked to close it.
    /// - Returns: the line, where it stays open. Whoever gets it uses or closes it.
    func probe(on loop: any EventLoop, within limit: Duration, keepsLine: Bool = false) -> Dial<HTTPLine?> {
        var head = HTTPRequestHead(version: .http1_1, method: .HEAD, uri: url.target)
        head.headers = ["Host": url.hostHeader, "User-Agent": userAgent]
        if !keepsLine { head.headers.add(name: "Connection", value: "close") }
        let request = head
        let dial = Dial<HTTPLine?>(on: loop, within: limit)
        connect(dial, on: loop, within: limit) { line in
            try line.hand(to: ProbeHandler(request, over: line, answer: dial.promise, trace: trace))
        }
        return dial
    }

    /// Upgrades a connection to a WebSocket.
    ///
    /// - Parameters:
    ///   - line: one that a probe was answered on; where there is none, or where it turns out to have been closed, a new one is made.
    ///   - headers: the application's and ours, last ones first in rank; those of the handshake are left out.
    ///   - makeConnection: called on the loop with the server's address, once its answer is right; what it gives takes the channel over.
    func upgrade(
        over line: HTTPLine?, on loop: any EventLoop, within limit: Duration, headers: [(String, String)],
        makeConnection: @escaping @Sendable (_ remote: String) -> (Connection, any ChannelHandler & Sendable)?
    ) -> Dial<Void> {
        let handshake = ClientHandshake(url: url, userAgent: userAgent, headers: headers)
        let dial = Dial<Void>(on: loop, within: limit)
        if let trace { dial.result.whenSuccess { trace(.upgraded) } }
        let connectAnew: @Sendable () -> Void = {
            connect(dial, on: loop, within: limit) { line in
                try line.hand(to: ClientUpgradeHandler(handshake, over: line, answer: dial.promise, makeConnection: makeConnection))
            }
        }
        guard let line, line.channel.isActive else {
            connectAnew()
            return dial
        }
        dial.adopt(line.channel)
        let handler = ClientUpgradeHandler(
            handshake, over: line, answer: dial.promise,
            lost: {
                // What was given up is not tried again.
                if !dial.isOver { connectAnew() }
            }, makeConnection: makeConnection)
        do {
            try line.handOver(to: handler)
        } catch {
            line.close()
            connectAnew()
        }
        return dial
    }

    /// To the address where that is known, which no lookup has to find.
    private func connectTCP(_ bootstrap: ClientBootstrap) -> EventLoopFuture<any Channel> {
        address.map { bootstrap.connect(to: $0) } ?? bootstrap.connect(host: url.host, port: url.port)
    }

    /// - Parameter start: gives the line to the handler that completes the dial, once the TCP connection is there.
    private func connect<Value>(
        _ dial: Dial<Value>, on loop: any EventLoop, within limit: Duration, start: @escaping @Sendable (HTTPLine) throws -> Void
    ) {
        let isTCP = url.socketPath == nil
        var bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(limit))
            .channelInitializer { [outboxBytes] channel in
                // Here and not by the bootstrap, which makes a chain of futures of them.
                channel.eventLoop.makeCompletedFuture {
                    guard let options = channel.syncOptions else { return }
                    let buffers = AdaptiveRecvByteBufferAllocator(minimum: 256, initial: 512, maximum: 65_536)
                    try options.setOption(.recvAllocator, value: buffers)
                    if isTCP { try options.setOption(.socketOption(.tcp_nodelay), value: 1) }
                    try options.boundOutbox(outboxBytes)
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
                connectTCP(bootstrap)
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
                    try start(HTTPLine(channel, host: url.host))
                } catch {
                    channel.close(promise: nil)
                    dial.promise.fail(ClientError.unreachable(Self.text(of: error)))
                }
            }
        }
    }

    /// `IP_BIND_ADDRESS_NO_PORT` of Linux.
    private static let bindAddressNoPort = NIOBSDSocket.Option(rawValue: 24)

    /// The name to verify; an address is none (RFC 6066 section 3).
    private var serverName: String? { address == nil ? url.host : nil }

    /// What went wrong, in words, where NIO's error would list each address that was tried.
    static func text(of error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError: error.connectionErrors.first.map { text(of: $0.error) } ?? "\(error.host) is not known"
        case HTTPParserError.headerOverflow: "the answer's headers are too big"
        case is HTTPParserError: "the answer is no HTTP"
        case let error as IOError: String(cString: strerror(error.errnoCode))
        default: "\(error)"
        }
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
