import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import NeffosFeed
import Synchronization

/// What stands between a server and the network: trusted proxies, TLS, and the pages that may connect.
final class Edge: Sendable {
    private let proxies: TrustedProxies
    private let tls: TLSSource?
    /// What is wrong with the configuration, told at the start.
    private let problem: ConfigurationError?
    private let pages: Mutex<Origins>
    let refusals = RefusalLog()

    init(_ configuration: ServerConfiguration) {
        var problem: ConfigurationError?
        var ranges: [AddressRange] = []
        for text in configuration.trustedProxies {
            do { ranges.append(try AddressRange(parsing: text)) } catch { problem = problem ?? error.of("trustedProxies") }
        }
        for name in configuration.origins {
            do { try Origins.check(name) } catch { problem = problem ?? error.of("origins") }
        }
        self.problem = problem
        proxies = TrustedProxies(ranges)
        pages = Mutex(Origins(configuration.origins))
        tls = configuration.tls.map { TLSSource($0) }
    }

    /// The pages that may connect.
    var origins: Origins { pages.withLock { $0 } }

    /// - Throws: what is wrong with a name, or with the files; nothing changes then.
    func reconfigure(origins names: [String], tls files: ServerConfiguration.TLSFiles?) async throws {
        for name in names {
            do { try Origins.check(name) } catch { throw error.of("origins") }
        }
        if let files { try await tls?.load(files) }
        pages.withLock { $0 = Origins(names) }
    }

    // MARK: Starting and stopping

    func check() throws(ConfigurationError) {
        if let problem { throw problem }
    }

    /// - Throws: an error of the certificate or key.
    func open(logger: Logger) async throws {
        tls?.warn(logger)
        try await tls?.load()
        tls?.startWatching(logger: logger)
    }

    func close() async { await tls?.stopWatching() }

    func reloadTLS() async throws { try await tls?.load() }

    // MARK: Connections

    /// Adds the handlers that come before HTTP.
    func prepare(_ channel: any Channel, feed: FeedBuffer?) throws {
        let pipeline = channel.pipeline.syncOperations
        if !proxies.isEmpty {
            let peer = ClientAddress(channel.remoteAddress)
            if proxies.trusts(peer.ip) {
                try pipeline.addHandler(
                    ProxyHeaderHandler { what in
                        feed?.publish(
                            .connectionRejected(
                                .init(remote: peer.remote, status: 400, reason: "malformed PROXY header: \(what)", tries: 0)))
                    })
            }
        }
        if let context = tls?.context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
    }

    /// The other side of a channel, before its proxy or a request says more.
    func peer(of channel: any Channel) -> ClientAddress { secured(ClientAddress(channel.remoteAddress)) }

    /// Who sent a request.
    ///
    /// - Parameter peer: ``peer(of:)``, or who the proxy said in its PROXY header.
    func client(peer: ClientAddress, headers: HTTPHeaders) -> ClientAddress { proxies.client(peer: secured(peer), headers: headers) }

    private func secured(_ peer: ClientAddress) -> ClientAddress {
        guard tls != nil else { return peer }
        var peer = peer
        peer.isSecure = true
        return peer
    }
}

extension Server {
    /// Reads the files of ``ServerConfiguration/tls`` again: who comes from now on gets the certificate that is in them, who is connected
    /// stays. It happens by itself when the files change (``ServerConfiguration/TLSFiles/reloadEvery``). Without TLS nothing happens.
    ///
    /// - Throws: what is wrong with the files; the server goes on with what it had.
    public func reloadTLS() async throws { try await edge.reloadTLS() }
}
