import NIOCore
import NIOPosix

/// Waits until somebody listens where a URL points.
struct ListenWatch: Sendable {
    let host: String
    let port: Int

    init(url: String) {
        host = SourceAddresses.host(of: url)
        port = SourceAddresses.port(of: url)
    }

    /// - Parameter giveUp: asked before each attempt.
    /// - Returns: whether somebody does.
    func listens(within limit: Duration, orUntil giveUp: () -> Bool = { false }) async -> Bool {
        let end = ContinuousClock.now + limit
        repeat {
            if giveUp() { return false }
            // Not on the clients' loops: they have enough to do just then.
            let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(.seconds(1))
            if let channel = try? await bootstrap.connect(host: host, port: port).get() {
                try? await channel.close().get()
                return true
            }
            try? await Task.sleep(for: .milliseconds(1))
        } while ContinuousClock.now < end
        return false
    }
}
