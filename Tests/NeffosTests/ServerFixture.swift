import Logging
import NIOCore
@testable import Neffos
import NeffosFeed
import Synchronization
import TestSupport

/// A real server on a port of the kernel's choice, with its feed recorded.
final class ServerFixture: Sendable {
    let server: Server
    let feed: EventFeed
    let sink: RecordingSink
    let port: Int

    static let logger = Logger(label: "server-tests") { _ in SwiftLogNoOpLogHandler() }

    private init(server: Server, feed: EventFeed, sink: RecordingSink, port: Int) {
        self.server = server
        self.feed = feed
        self.sink = sink
        self.port = port
    }

    /// Starts a server of one loop, or as `change` wants it, and stops it after `body`.
    static func run(
        _ handlers: EventHandlers = .defaultRelay, hooks: ServerHooks = ServerHooks(),
        _ change: (inout ServerConfiguration) -> Void = { _ in },
        _ body: (ServerFixture) async throws -> Void
    ) async throws {
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.eventLoops = 1
        // A busy machine may take its time between a client's steps.
        configuration.limits.handshakeWithin = .seconds(60)
        configuration.limits.ackWithin = .seconds(60)
        change(&configuration)
        let feed = EventFeed(node: "test")
        let sink = RecordingSink()
        feed.add(sink)
        feed.start()
        let server = Server(configuration: configuration, handlers: handlers, hooks: hooks, feed: feed, logger: logger)
        let port = try await server.start().port ?? 0
        let fixture = ServerFixture(server: server, feed: feed, sink: sink, port: port)
        do {
            try await body(fixture)
            await fixture.stop(grace: .zero)
        } catch {
            await fixture.stop(grace: .zero)
            throw error
        }
    }

    func stop(grace: Duration) async {
        await server.shutdown(grace: grace)
        let feed = feed
        await withCheckedContinuation { continuation in
            // It blocks, which no task may.
            DispatchQueueOfTests.run {
                feed.stop()
                continuation.resume()
            }
        }
    }

    // MARK: Clients

    /// A TCP connection that has said nothing yet.
    func dial() async throws -> RawClient { try await RawClient.dial(port) }

    /// A WebSocket connection that has not said `M` yet.
    func upgraded(_ headers: [(String, String)] = []) async throws -> RawClient {
        let client = try await dial()
        let response = try await client.upgrade(headers)
        guard response.status == 101 else { throw RawError.malformed("status \(response.status)") }
        return client
    }

    /// An acknowledged client; its id is `client.id`.
    func acknowledged(_ headers: [(String, String)] = []) async throws -> RawClient {
        let client = try await upgraded(headers)
        try await client.acknowledge()
        return client
    }

    /// An acknowledged client in the namespace `default` and these rooms.
    func member(of rooms: [String] = [], _ headers: [(String, String)] = []) async throws -> RawClient {
        let client = try await acknowledged(headers)
        try await client.enter("default", rooms: rooms)
        return client
    }

    // MARK: Events

    /// The event that closed this connection.
    func closed(_ id: String) async throws -> FeedEvent.ConnectionClosed {
        _ = await sink.wait { entries in entries.contains { $0.event.kind.isClosed(of: id) } }
        for kind in sink.kinds { if case .connectionClosed(let closed) = kind, closed.connection == id { return closed } }
        throw RawError.ended
    }

    /// Waits for an event; false where the feed ended before.
    @discardableResult
    func wait(_ matches: @escaping @Sendable (FeedEvent.Kind) -> Bool) async -> Bool {
        await sink.wait { entries in entries.contains { matches($0.event.kind) } }
    }

    var kinds: [FeedEvent.Kind] { sink.kinds }

    /// The types of the events about a connection, in order.
    func types(of id: String) -> [String] { kinds.filter { $0.connection == id }.map(\.typeName) }
}

extension FeedEvent.Kind {
    func isClosed(of id: String) -> Bool {
        if case .connectionClosed(let closed) = self { closed.connection == id } else { false }
    }

    /// The connection that the event is about.
    var connection: String? {
        switch self {
        case .connectionOpened(let event): event.connection
        case .connectionAcknowledged(let connection, _): connection
        case .connectionClosed(let event): event.connection
        case .namespaceConnected(let event), .namespaceDenied(let event), .namespaceDisconnected(let event): event.connection
        case .roomJoined(let event), .roomDenied(let event), .roomLeft(let event): event.connection
        case .protocolViolation(let event): event.connection
        default: nil
        }
    }
}

extension Connection {
    /// Waits until this is so on the connection's loop.
    func until(_ isSo: @escaping @Sendable (Connection) -> Bool) async throws {
        try await eventually { try await loop.loop.submit { isSo(self) }.get() }
    }
}

/// A door that handlers wait at until a test opens it.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}

/// What handlers report, in order; a test waits for the next.
final class Reports<Report: Sendable>: Sendable {
    private let stream: AsyncStream<Report>
    private let continuation: AsyncStream<Report>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream(of: Report.self) }

    func add(_ report: Report) { continuation.yield(report) }

    func next() async -> Report? {
        var iterator = stream.makeAsyncIterator()
        return await iterator.next()
    }

    func next(_ count: Int) async -> [Report] {
        var reports: [Report] = []
        while reports.count < count, let report = await next() { reports.append(report) }
        return reports
    }
}

extension EventHandlers {
    /// `default` with the event `slow`, which waits at a gate and then answers with the body.
    static func slow(behind gate: Gate) -> EventHandlers {
        var handlers = EventHandlers()
        handlers.on("slow", in: "default") { _, message async in
            await gate.pass()
            return .body(message.body)
        }
        return handlers
    }
}
