public import Logging
public import NIOCore
public import NIOPosix
import NeffosSession

/// A neffos client: one connection to a server, which comes back by itself after it was lost (protocol section 7).
///
/// ```swift
/// var handlers = EventHandlers()
/// handlers.on("chat", in: "default") { _, message in print(message.text); return .none }
/// let client = try await Client.dial("ws://127.0.0.1:8080/echo", handlers: handlers)
/// let chat = try await client.connect(to: "default")
/// let lobby = try await chat.join("lobby")
/// lobby.emit("chat", "hello")
/// ```
///
/// The object stays the same over all returns; its ``id`` does not. It lives until ``close(_:reason:)``, or until it has ended by itself
/// (``ClientState/closed(_:)``), whoever still refers to it.
public final class Client: Sendable {
    /// The URL as it was given.
    public let url: String
    /// What an answer may take where a call does not say.
    public let answerWithin: Duration
    let reconnector: Reconnector

    /// Makes a client and waits for the server's ack: ``init(_:configuration:handlers:group:logger:)`` and ``connect()`` in one call.
    ///
    /// - Parameters: as for ``init(_:configuration:handlers:group:logger:)``.
    /// - Returns: a client that is connected, and comes back by itself when it is lost.
    /// - Throws: ``ClientError`` where the URL, a certificate or the dial is at fault, what ``ClientConfiguration/freshHeaders`` threw, or
    ///   `CancellationError`. Nothing is left of the client then.
    public static func dial(
        _ url: String, configuration: ClientConfiguration = ClientConfiguration(), handlers: EventHandlers = EventHandlers(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger = Logger(label: "neffos.client")
    ) async throws -> Client {
        let client = try Client(url, configuration: configuration, handlers: handlers, group: group, logger: logger)
        do {
            try await client.connect()
            return client
        } catch {
            await client.close()
            throw error
        }
    }

    /// Makes a client that is not connected yet, so that ``states`` can be followed from the beginning.
    ///
    /// - Parameters:
    ///   - url: `ws://` or `wss://`, with the endpoint's path; or `ws+unix:///path/of/the.sock:/echo`, the socket's path percent-encoded where
    ///     it holds more than letters, digits and `/-_.~`.
    ///   - configuration: how it dials, comes back and bounds what it holds.
    ///   - handlers: the namespaces that can be connected to and their events. They get the connection of the moment.
    ///   - group: the client lives on one of its loops.
    ///   - logger: told of what cannot be entered again, and at level debug of attempts that fail.
    /// - Throws: ``ClientError/invalidURL(_:)``, ``ClientError/invalidTrust(_:)``, ``ClientError/invalidIdentity(_:)``.
    public convenience init(
        _ url: String, configuration: ClientConfiguration = ClientConfiguration(), handlers: EventHandlers = EventHandlers(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger = Logger(label: "neffos.client")
    ) throws(ClientError) {
        try self.init(url, configuration: configuration, handlers: handlers, group: group, logger: logger, environment: .live)
    }

    /// For tests: time and chance come from `environment`.
    package init(
        _ url: String, configuration: ClientConfiguration = ClientConfiguration(), handlers: EventHandlers,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger, environment: ClientEnvironment
    ) throws(ClientError) {
        self.url = url
        self.answerWithin = configuration.answerWithin
        let dialer = try Dialer(url: EndpointURL(url), configuration: configuration)
        // The server can put us only where we declare to be: namespaces are bounded by that, rooms need a bound.
        let rules = SessionRules(
            role: .client, declaredNamespaces: handlers.declaredNamespaces, nativeMessages: handlers.nativeMessages,
            namespacesPerConnection: 0, roomsPerConnection: 4096)
        let endpoint = Endpoint(
            rules: rules, handlers: handlers, messageBytes: configuration.messageBytes, outboxBytes: configuration.outboxBytes,
            heartbeatEvery: TimeAmount(configuration.heartbeat.every), heartbeatTimeout: TimeAmount(configuration.heartbeat.timeout),
            logger: logger)
        reconnector = Reconnector(
            loop: group.next(), endpoint: endpoint, dialer: dialer, configuration: configuration, environment: environment, logger: logger)
    }

    // MARK: State

    /// The id that the server gave last, empty before the first ack.
    public var id: String { reconnector.status.id }

    /// Where it is on its way. ``states`` tells of each change.
    public var state: ClientState { reconnector.status.state }

    /// The states from now on, the present one first; each caller gets a sequence of its own. It ends after ``ClientState/closed(_:)``. Who is
    /// more than 64 states behind loses the oldest.
    public var states: AsyncStream<ClientState> { reconnector.status.listen() }

    /// The acknowledged connection of the moment, nil while there is none.
    public var connection: Connection? { reconnector.status.connection }

    /// Whether it has ended: it does not come back any more. A client that is away has not.
    public var isClosed: Bool { if case .closed = state { true } else { false } }

    /// How the last connection ended, nil before any has. It stays when the client has come back.
    public var lastClose: CloseInfo? { reconnector.status.lastClose }

    /// The attempts that it took to come back to the last connection, 0 for a first one; as ``Connection/tries`` there.
    public var tries: Int { reconnector.status.tries }

    /// Whether the last connection was not the first.
    public var wasReconnected: Bool { tries > 0 }

    /// Waits for the end of the client, not of a connection.
    ///
    /// - Returns: why it has ended.
    /// - Throws: only `CancellationError`.
    public func closed() async throws(CancellationError) -> ClientState.Reason {
        for await state in states {
            if case .closed(let reason) = state { return reason }
        }
        throw CancellationError()
    }

    // MARK: Connecting

    /// Dials and waits for the server's ack. When the connection is lost later, the client comes back by itself.
    ///
    /// - Throws: ``ClientError`` where the first dial fails, or with ``Reconnection/retriesFirstDial`` the last one does; what ``ClientConfiguration/freshHeaders`` threw, or `CancellationError`; then it
    ///   may be called again.
    public func connect() async throws { try await reconnector.connect() }

    /// Connects to a namespace, which the handlers must have declared.
    ///
    /// - Parameters:
    ///   - namespace: its name.
    ///   - deadline: how long the answer may take; nil: as long as ``ClientConfiguration/answerWithin`` says.
    /// - Returns: the namespace, valid over all returns of this client.
    /// - Throws: ``NeffosError`` with the text of whoever refused, `write closed` where there is no connection, or `timeout`.
    @discardableResult
    public func connect(to namespace: String, within deadline: Duration? = nil) async throws -> ClientNamespace {
        guard let connection else { throw NeffosError(.writeClosed) }
        try await connection.connect(to: namespace, within: deadline ?? answerWithin)
        reconnector.status.cameBack(to: namespace)
        return ClientNamespace(client: self, namespace: namespace)
    }

    /// Leaves a namespace with all its rooms, for good: the client does not come back to it. While there is no connection that is all
    /// there is to do. Throws like ``connect(to:within:)``.
    public func disconnect(from namespace: String, within deadline: Duration? = nil) async throws {
        try await leave(namespace) { try await $0.disconnect(from: namespace, within: deadline ?? answerWithin) }
    }

    func leave(_ room: String, in namespace: String, within deadline: Duration?) async throws {
        try await leave(namespace, room: room) { try await $0.leave(room, in: namespace, within: deadline ?? answerWithin) }
    }

    private func leave(_ namespace: String, room: String? = nil, _ ask: (Connection) async throws -> Void) async throws {
        let (known, wasAwaited) = await reconnector.forget(namespace, room: room)
        if wasAwaited { await reconnector.awaitAnswer(about: namespace, room: room) }
        guard let connection = wasAwaited ? reconnector.status.connection : known else {
            if wasAwaited { return }
            throw NeffosError(.writeClosed)
        }
        do {
            try await ask(connection)
        } catch let error as NeffosError where wasAwaited && (error.code == .badNamespace || error.code == .badRoom) {
            // It had not been entered again yet, and now is not.
        }
    }

    // MARK: Messages

    /// Sends a message that expects no reply.
    ///
    /// - Returns: false where it was refused because the client is away: not connected, or not back in the message's namespace yet.
    @discardableResult
    public func emit(_ message: Message) -> Bool {
        guard let connection = reconnector.status.connection(for: message.namespace) else { return false }
        connection.emit(message)
        return true
    }

    /// Sends a native message (protocol section 2). Returns like ``emit(_:)``.
    @discardableResult
    public func emitNative(_ body: ByteBuffer, isBinary: Bool = false) -> Bool {
        guard let connection = reconnector.status.connection(for: "") else { return false }
        connection.emitNative(body, isBinary: isBinary)
        return true
    }

    /// Sends a message and waits for its reply, which must come over the same connection. Throws like ``connect(to:within:)``.
    public func ask(_ message: Message, within deadline: Duration? = nil) async throws -> Message {
        guard let connection else { throw NeffosError(.writeClosed) }
        return try await connection.ask(message, within: deadline ?? answerWithin)
    }

    // MARK: Ending

    /// Closes the connection with a close frame, gives up any way back, and returns when the connection is gone.
    public func close(_ code: CloseCode = .normal, reason: String = "") async { await reconnector.close(code, reason: reason) }

    /// Asks once with `HEAD` whether the server is there; what it answers is told to the trace.
    ///
    /// - Throws: ``ClientError``.
    package func probe(within limit: Duration) async throws {
        let (loop, dialer) = (reconnector.loop, reconnector.dialer)
        _ = try await loop.flatSubmit { dialer.probe(on: loop, within: limit).result }.get()
    }

    /// Cuts TCP as a lost network would: no close frame. The client comes back.
    package func drop() { connection?.drop() }
}
