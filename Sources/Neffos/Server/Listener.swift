import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Where a server accepts. It opens, may be closed and opened again at the same place, and ends with the server.
final class Listener: Sendable {
    /// Sets up each connection that is accepted.
    typealias Prepare = @Sendable (any Channel) -> EventLoopFuture<Void>

    private struct State {
        var channel: (any Channel)?
        /// As it was first bound: with the port that the kernel picked.
        var address: SocketAddress?
        var mark: UnixSocket.Mark?
        var isEnded = false
    }

    private let place: ServerConfiguration.Listener
    private let host: String
    private let port: Int
    private let group: MultiThreadedEventLoopGroup
    private let prepare: Prepare
    private let state = Mutex(State())

    init(_ configuration: ServerConfiguration, group: MultiThreadedEventLoopGroup, prepare: @escaping Prepare) {
        place = configuration.listener
        host = configuration.host
        port = configuration.port
        self.group = group
        self.prepare = prepare
    }

    /// Nil before it was opened.
    var address: SocketAddress? { state.withLock { $0.address } }

    /// Whether it can be closed and opened again: a socket that was passed in cannot be made anew.
    var isOurs: Bool { if case .descriptor = place { false } else { true } }

    /// Binds; accepts nobody before ``accept()``.
    ///
    /// - Returns: the address, the same each time.
    /// - Throws: what the system says, or a ``ListenError``; `CancellationError` once it has ended.
    @discardableResult
    func open() async throws -> SocketAddress {
        let (channel, mark) = try await bind()
        let address: SocketAddress? = state.withLock { state in
            guard !state.isEnded, let address = state.address ?? channel.localAddress else { return nil }
            state.address = address
            state.channel = channel
            state.mark = mark
            return address
        }
        if let address { return address }
        try? await channel.close()
        await remove(mark)
        throw CancellationError()
    }

    /// Accepts from here on.
    func accept() async throws {
        guard let channel = state.withLock({ $0.channel }) else { return }
        try await channel.setOption(.autoRead, value: true).get()
        channel.read()
    }

    /// Closes the socket: who connects from here on is refused by the system.
    func close() async {
        let (channel, mark) = state.withLock { state in
            defer {
                state.channel = nil
                state.mark = nil
            }
            return (state.channel, state.mark)
        }
        // The name first: who finds it should find somebody there.
        await remove(mark)
        try? await channel?.close()
    }

    /// Closes it for good.
    func end() async {
        state.withLock { $0.isEnded = true }
        await close()
    }

    // MARK: Binding

    private func bind() async throws -> (channel: any Channel, mark: UnixSocket.Mark?) {
        switch place {
        case .address:
            let bootstrap = bootstrap(isTCP: true)
            if let address { return (try await bootstrap.bind(to: address).get(), nil) }
            return (try await bootstrap.bind(host: host, port: port).get(), nil)
        case .unixSocket(let path, let mode):
            let socket = UnixSocket(path: path, mode: mode)
            let (descriptor, mark) = try await NIOThreadPool.singleton.runIfActive { try socket.listen() }
            do {
                return (try await take(descriptor, isTCP: false), mark)
            } catch {
                await remove(mark)
                throw error
            }
        case .descriptor(let number):
            let isTCP = try Self.check(number)
            return (try await take(number, isTCP: isTCP), nil)
        }
    }

    private func take(_ descriptor: Int32, isTCP: Bool) async throws -> any Channel {
        try await bootstrap(isTCP: isTCP)
            .serverChannelInitializer { channel in
                // The library lets fewer wait than are there after an outage.
                Glibc.listen(descriptor, UnixSocket.backlog)
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            .withBoundSocket(descriptor).get()
    }

    private func bootstrap(isTCP: Bool) -> ServerBootstrap {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: UnixSocket.backlog)
            .serverChannelOption(.autoRead, value: false)
            .childChannelInitializer { [prepare] channel in
                // Here and not by the bootstrap, which makes a chain of futures of them: after an outage thousands come at once.
                do {
                    try channel.syncOptions.map { try Self.set($0, isTCP: isTCP) }
                } catch {
                    return channel.eventLoop.makeFailedFuture(error)
                }
                return prepare(channel)
            }
        return isTCP ? bootstrap.serverChannelOption(.socketOption(.so_reuseaddr), value: 1) : bootstrap
    }

    private static func set(_ options: any NIOSynchronousChannelOptions, isTCP: Bool) throws {
        // A channel keeps its last read buffer while it is idle: small at first, and never large.
        try options.setOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 256, initial: 512, maximum: 16384))
        if isTCP { try options.setOption(.socketOption(.tcp_nodelay), value: 1) }
    }

    private func remove(_ mark: UnixSocket.Mark?) async {
        guard let mark, case .unixSocket(let path, let mode) = place else { return }
        try? await NIOThreadPool.singleton.runIfActive { UnixSocket(path: path, mode: mode).remove(mark) }
    }

    /// - Returns: whether it is a socket of the internet.
    /// - Throws: ``ListenError/badDescriptor(_:)``.
    private static func check(_ descriptor: Int32) throws(ListenError) -> Bool {
        var type: Int32 = 0
        var typeLength = socklen_t(MemoryLayout<Int32>.size)
        var name = sockaddr_storage()
        var nameLength = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isNamed = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &nameLength) == 0 }
        }
        guard isNamed, getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &typeLength) == 0, type == Int32(SOCK_STREAM.rawValue) else {
            throw .badDescriptor(descriptor)
        }
        // It is ours, not of the programs that this one may start.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return name.ss_family == sa_family_t(AF_INET) || name.ss_family == sa_family_t(AF_INET6)
    }
}
